import Catalog
public import EngineProtocol
import Handoff
import Records

/// What a run would take, before anything is trained: `tundish run requirements`.
public struct Requirements: Sendable {
    /// The run that is meant; its name does not matter.
    public var train: Train

    /// Makes the request.
    public init(_ train: Train) { self.train = train }

    /// Asks the engine for its plan. A run that cannot be done is a failed check.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let version = try workspace.version(train.data)
        let runID = RunNames.newID()
        let materials = try RunMaterials(
            workspace, run: runID, version: version, purpose: train.purpose, model: train.model,
            engine: train.engine)
        defer { materials.close() }
        var request = try train.freeze(materials)
        request.verb = .plan
        request.outputs = []
        let plan = try EngineRunner(
            engine: materials.executable, runFolder: try workspace.runFolder(runID)
        ).plan(request, runID: runID, data: materials.engineData())
        return Report(
            json: [
                "data": .string(request.dataset?.name ?? ""), "model": .string(train.model),
                "method": .string(train.method.rawValue), "task": .string(request.task.rawValue),
                "plan": plan.json,
            ], lines: PlanTable.lines(plan),
            next: plan.refusals.isEmpty
                ? [
                    "tundish train NAME --data \(train.data) --model \(train.model) --method "
                        + "\(train.method.rawValue) --purpose \(train.purpose)"
                ] : [],
            verdict: plan.refusals.isEmpty ? .passed : .checksFailed)
    }
}

/// A plan as lines for people.
public enum PlanTable {
    /// What it takes, then what to know.
    public static func lines(_ plan: EnginePlan) -> [String] {
        let share = 100 * Double(plan.trainableParameters) / Double(max(plan.totalParameters, 1))
        var lines = [
            "  steps       \(plan.steps)",
            "  tokens      \(plan.tokens)",
            "  trained     \(plan.trainableParameters) of \(plan.totalParameters) parameters "
                + "(\(MetricsTable.fixed(share, 2)) %)",
            "  memory      \(bytes(plan.peakBytes)) at its peak"
                + (plan.availableBytes.map { ", \(bytes($0)) available" } ?? ""),
        ]
        if let seconds = plan.seconds {
            let step = plan.secondsPerStep.map { ", \(MetricsTable.fixed($0, 2)) s a step" } ?? ""
            lines.append("  time        about \(duration(seconds))\(step)")
        }
        return lines + plan.warnings.map { "warning: \($0)" }
            + plan.refusals.map { "CANNOT BE DONE: \($0)" }
    }

    /// `1.5 GB`, in powers of ten.
    static func bytes(_ count: Int) -> String {
        let steps: [(Double, String)] = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
        for (unit, name) in steps where Double(count) >= unit {
            return "\(MetricsTable.fixed(Double(count) / unit, 1)) \(name)"
        }
        return "\(count) B"
    }

    /// `2 h 5 min`, `3 min 10 s`, `4 s`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "a very long time" }
        let whole = Int(seconds.rounded(.up))
        if whole >= 3600 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
        return whole >= 60 ? "\(whole / 60) min \(whole % 60) s" : "\(whole) s"
    }
}
