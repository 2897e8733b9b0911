import Catalog
import EngineProtocol
import Handoff
import Records

/// Looks for the parameters that learn best: `tundish tune`.
///
/// Every trial is an audited run of its own, judged on the validation split by its best evaluation;
/// no run of a search can read the test split. The same command again goes on where an earlier one
/// was stopped: trials that are finished are not repeated.
public struct Search: Sendable {
    /// What happens in a search, for whoever looks on.
    public enum Step: Sendable {
        /// A trial begins; its name, parameters, number among the runs of the search, and how many
        /// there are.
        case began(run: String, settings: [(String, String)], number: Int, of: Int)
        /// A trial was finished by an earlier call.
        case kept(run: String, score: Double?)
        /// A trial has ended.
        case ended(run: String, score: Double?)
        /// A trial came to nothing.
        case failed(run: String, reason: String)
    }

    /// What every trial has in common; its name is the search's, to which numbers are added.
    public var train: Train
    var plan: SearchPlan
    /// Whether the models of all trials but the best are thrown away at the end.
    public var keepsOnlyBest: Bool
    /// Called with each step.
    public var onStep: @Sendable (Step) -> Void

    /// Makes the request.
    ///
    /// - Parameters:
    ///   - train: data, model, method, parameters that do not vary, purpose.
    ///   - file: a search file as `schemas/search.schema.json` describes it; nil: none.
    ///   - ranges: `name=range`, which win over the file's.
    ///   - strategy: nil: the file's, or random.
    ///   - trials: nil: the file's, or 12.
    ///   - metric: nil: the file's, or the usual one of the task.
    ///   - seed: nil: the file's, or 42.
    public init(
        _ train: Train, file: String?, ranges: [(String, String)], strategy: String? = nil,
        trials: Int? = nil, metric: String? = nil, seed: Int? = nil, keepsOnlyBest: Bool = false,
        onStep: @escaping @Sendable (Step) -> Void = { _ in }
    ) throws {
        self.train = train
        self.keepsOnlyBest = keepsOnlyBest
        self.onStep = onStep
        plan = SearchPlan()
        if let file { try plan.take(YAMLFile.read(file), named: file) }
        for (name, text) in ranges {
            try plan.space.add(name, try SearchRange(text: text, of: name))
        }
        if let strategy { try plan.set(strategy: strategy) }
        if let trials { plan.trials = trials }
        if let metric { try plan.set(metric: metric) }
        if let seed { plan.seed = UInt64(max(0, seed)) }
        try plan.check()
        for name in plan.space.ranges.keys.sorted()
        where train.settings.contains(where: { $0.0 == name }) {
            throw WorkspaceError(
                .usage, "\(name) is both set and searched over", hint: "leave one of them out")
        }
    }

    /// Runs the trials one after another and ranks them.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let judge = try SearchJudge(train: train, plan: plan, in: workspace)
        let points = plan.space.trials(plan.trials, seed: plan.seed)
        let schedule = try schedule(trials: points.count)
        let total = schedule?.rungs.reduce(0) { $0 + $1.count } ?? points.count
        var results: [SearchTrial] = []
        func run(_ points: [SearchPoint], rung: Int?, resource: Double?) throws -> [SearchTrial] {
            try points.map { point in
                let trial = try SearchTrial.run(
                    point, rung: rung,
                    as: settings(point, resource: resource, metric: judge.metric), of: self,
                    judge: judge, number: results.count + 1, of: total, in: workspace)
                results.append(trial)
                return trial
            }
        }
        if let schedule {
            var going = points
            for (index, rung) in schedule.rungs.enumerated() {
                let held = try run(going, rung: index + 1, resource: rung.resource)
                guard index + 1 < schedule.rungs.count else { break }
                let survivors = HalvingSchedule.survivors(
                    held.map { ($0.point.number, $0.score) },
                    count: schedule.rungs[index + 1].count, metric: judge.metric)
                going = survivors.compactMap { number in
                    points.first { $0.number == number }
                }
            }
        } else {
            _ = try run(points, rung: nil, resource: nil)
        }
        return try SearchReport(search: self, judge: judge, schedule: schedule, trials: results)
            .finish(in: workspace)
    }

    // MARK: Parameters

    /// What successive halving counts in: steps where steps are set, else epochs.
    var resourceName: String {
        let steps = train.settings.last { $0.0 == "max_steps" }.flatMap { Int($0.1) } ?? -1
        return steps > 0 ? "max_steps" : "num_train_epochs"
    }

    private func schedule(trials: Int) throws -> HalvingSchedule? {
        guard plan.strategy == .halving else { return nil }
        let name = resourceName
        guard plan.space.ranges[name] == nil else {
            throw WorkspaceError(
                .usage, "\(name) is what halving gives out, so it cannot be searched over",
                hint: "use --strategy random, or leave \(name) out of the search")
        }
        let given = train.settings.last { $0.0 == name }.flatMap { Double($0.1) }
        let most = plan.halving.most ?? given ?? Self.usualEpochs
        guard most > 0 else {
            throw WorkspaceError(.usage, "\(name) must be above 0 for a search by halving")
        }
        return HalvingSchedule(
            trials: trials, factor: plan.halving.factor, most: most,
            least: plan.halving.least ?? most / 27, isWhole: name == "max_steps")
    }

    /// What an engine trains for if nothing is set.
    private static let usualEpochs = 3.0

    private func settings(
        _ point: SearchPoint, resource: Double?, metric: SearchMetric
    ) -> [(String, String)] {
        var settings = train.settings
        if let resource {
            settings.removeAll { $0.0 == resourceName }
            settings.append((resourceName, NumberText.short(resource, digits: 6)))
        }
        // The weights that a trial keeps are those that it is scored by.
        if !settings.contains(where: { $0.0 == "metric_for_best_model" }),
            SearchJudge.engineMetrics.contains(metric.name)
        {
            settings.append(("metric_for_best_model", metric.name))
        }
        return settings + point.settings
    }
}
