import Catalog
import EngineProtocol
import Handoff
import Records

/// One trial: the run that it is, and what came of it.
struct SearchTrial {
    let point: SearchPoint
    /// The round of successive halving, from 1; nil: there are none.
    let rung: Int?
    let run: String
    /// The best score on validation; nil: the trial came to nothing.
    let score: Double?
    /// The evaluation that gave it.
    let best: RunCurves.Judged?
    /// Why it came to nothing.
    let failure: String?
    /// Whether an earlier call had finished it.
    let isKept: Bool

    /// Runs a trial, goes on with one that was stopped, or takes over one that is finished.
    ///
    /// A trial that fails by itself, such as one that does not fit into memory, is a result. What
    /// would end every other trial as well is thrown.
    static func run(
        _ point: SearchPoint, rung: Int?, as settings: [(String, String)], of search: Search,
        judge: SearchJudge, number: Int, of total: Int, in workspace: OpenWorkspace
    ) throws -> SearchTrial {
        let name = "\(search.train.name)-\(point.number)" + (rung.map { "-r\($0)" } ?? "")
        var train = search.train
        train.name = name
        train.settings = settings
        let before = try existing(name, train, judge, in: workspace)
        func trial(_ failure: String? = nil, isKept: Bool = false) throws -> SearchTrial {
            let row = try workspace.run(name)
            let best = try RunHistory(row, in: workspace).curves.best(by: judge.metric)
            return SearchTrial(
                point: point, rung: rung, run: name,
                score: failure == nil ? best?.metrics[judge.metric.name] : nil, best: best,
                failure: failure, isKept: isKept)
        }
        if before?.state == .finished {
            let kept = try trial(isKept: true)
            search.onStep(.kept(run: name, score: kept.score))
            return kept
        }
        guard !train.isInterrupted() else {
            throw interrupted(nil, search)
        }
        search.onStep(.began(run: name, settings: point.settings, number: number, of: total))
        do {
            if let before, try workspace.catalog.read({ try $0.hasCheckpoint(before.id) }) {
                _ = try ResumeRun(
                    name: before.id, onEvent: train.onEvent, isInterrupted: train.isInterrupted
                ).run(in: workspace)
            } else {
                _ = try train.run(in: workspace)
            }
        } catch {
            let failure = WorkspaceError(describing: error)
            guard try isOfThisTrialAlone(failure, name, since: before, in: workspace) else {
                throw failure.code == .interrupted ? interrupted(failure, search) : error
            }
            search.onStep(.failed(run: name, reason: failure.message))
            return try trial(failure.message)
        }
        let ended = try trial()
        search.onStep(.ended(run: name, score: ended.score))
        return ended
    }

    /// The run of this name, if it is this trial's.
    private static func existing(
        _ name: String, _ train: Train, _ judge: SearchJudge, in workspace: OpenWorkspace
    ) throws -> RunRow? {
        _ = try RunPresence.closeDeadRuns(in: workspace)
        guard let row = try workspace.catalog.read({ try $0.run(named: name) }) else { return nil }
        guard row.state.isFinal else {
            throw WorkspaceError(
                .conflict, "the trial `\(name)` is running in another process",
                hint: "`tundish run watch \(name)` follows it")
        }
        let request = try RunRequest(canonicalBytes: row.request)
        var parameters = HyperParameters()
        for (name, value) in train.settings { try parameters.set(name, value) }
        let isSame =
            request.verb == .train && request.hyperParameters == parameters
            && request.dataset?.version == judge.version
            && request.baseModel.name == train.model && request.method == train.method
            && request.task == judge.task && request.purpose == train.purpose
            && request.engineSHA256 == judge.engineSHA256 && request.threads == train.threads
        guard !isSame else { return row }
        // A run that came to nothing and cannot go on does not keep its name.
        if row.state != .finished, try !workspace.catalog.read({ try $0.hasCheckpoint(row.id) }) {
            return nil
        }
        throw WorkspaceError(
            .conflict, "there is a run `\(name)` of another search",
            hint: "give this search another name; it goes on only with the same data, model, "
                + "engine, parameters and ranges")
    }

    /// Whether a failure says something of this trial, not of the whole search.
    private static func isOfThisTrialAlone(
        _ failure: WorkspaceError, _ name: String, since before: RunRow?,
        in workspace: OpenWorkspace
    ) throws -> Bool {
        switch failure.code {
        case .interrupted, .denied, .integrity, .usage, .notFound, .conflict: return false
        case .failed, .checksFailed: break
        }
        // What failed before it became a run fails in the same way every time.
        let row = try workspace.catalog.read { try $0.run(named: name) }
        return row != nil && row?.state == .failed && row?.finished != before?.finished
    }

    private static func interrupted(
        _ failure: WorkspaceError?, _ search: Search
    ) -> WorkspaceError {
        WorkspaceError(
            .interrupted, "the search `\(search.train.name)` was stopped",
            hint: "the same command goes on: finished trials are not repeated",
            reasons: failure.map { [$0.message] } ?? [])
    }
}
