import Catalog
public import EngineProtocol
import Glibc
import Governance
import Records

/// Follows a run that another process drives: `tundish run watch`.
public struct WatchRun: Sendable {
    /// The run, by name or id.
    public var name: String
    /// Called with each event of the engine, those of before first.
    public var onEvent: @Sendable (EngineEvent) -> Void
    /// Asked between two looks: true ends the watching, not the run.
    public var isInterrupted: @Sendable () -> Bool
    /// Milliseconds between two looks.
    var pause: UInt32 = 500

    /// Makes the request.
    public init(
        name: String, onEvent: @escaping @Sendable (EngineEvent) -> Void,
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) {
        self.name = name
        self.onEvent = onEvent
        self.isInterrupted = isInterrupted
    }

    /// Shows what was said and what is being said, until the run ends, its process is gone, or the
    /// watching is ended. A run that failed is a failed check.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        try workspace.authorizer.require(.readMetadata, on: .workspace, session: workspace.session)
        let id = try workspace.run(name).id
        var next = 0
        while true {
            // The state is read before the events, so that the last ones are not missed.
            let row = try workspace.run(id)
            for event in try workspace.catalog.read({ try $0.runEvents(id, from: next) }) {
                next = event.sequence + 1
                if let known = try? EngineEvent(line: CanonicalJSON.encode(event.event)) {
                    onEvent(known)
                }
            }
            if row.state.isFinal || isInterrupted() { return report(row) }
            if RunPresence.isGone(id, in: workspace) {
                // It may have come to its end in this moment: then it says so the next time.
                guard try workspace.run(id).state.isFinal else { return gone(row) }
                continue
            }
            usleep(pause * 1_000)
        }
    }

    private func report(_ row: RunRow) -> Report {
        let next: [String] =
            switch row.state {
            case .finished: ["tundish run show \(row.name) --plot"]
            case .failed, .stopped: ["tundish run resume \(row.name)"]
            case .planned, .running, .stopping: []
            }
        return Report(
            json: [
                "run": .string(row.name), "state": .string(row.state.rawValue),
                "metrics": row.metrics ?? .null,
            ], lines: ["\(row.name) is \(row.state.rawValue)"], next: next,
            verdict: row.state == .failed ? .checksFailed : .passed)
    }

    private func gone(_ row: RunRow) -> Report {
        Report(
            json: ["run": .string(row.name), "state": "gone", "metrics": .null],
            lines: ["the process of \(row.name) is gone: it was killed"],
            next: ["tundish run resume \(row.name)"], verdict: .checksFailed)
    }
}
