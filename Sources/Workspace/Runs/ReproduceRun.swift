import Catalog
import Cryptography
public import EngineProtocol
import Handoff
import Records

/// Repeats a finished run under another name and compares the weights: `tundish run reproduce`.
public struct ReproduceRun: Sendable {
    /// The run to repeat, by name or id.
    public var name: String
    /// The name of the new run and model; nil: `NAME-again`, or the first such name that is free.
    public var newName: String?
    /// Called with each event of the engine, while it runs.
    public var onEvent: @Sendable (EngineEvent) -> Void
    /// Asked about once a second: true stops the run, with a checkpoint.
    public var isInterrupted: @Sendable () -> Bool

    /// Makes the request.
    public init(
        name: String, newName: String? = nil,
        onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in },
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) {
        self.name = name
        self.newName = newName
        self.onEvent = onEvent
        self.isInterrupted = isInterrupted
    }

    /// Runs the frozen request again; other weights are a failed check.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let row = try workspace.run(name)
        guard row.state == .finished, let metrics = row.metrics else {
            throw WorkspaceError(
                .conflict, "the run `\(row.name)` is \(row.state.rawValue), not finished",
                hint: "only what came to an end can be repeated")
        }
        guard let first = metrics["weightsDigest"]?.stringValue else {
            throw WorkspaceError(
                .failed, "the engine of run `\(row.name)` gave no digest of its weights",
                hint: "there is nothing to compare with")
        }
        let again = try newName ?? freeName(row.name, in: workspace)
        try RunNames.check(again, in: workspace)
        let frozen = try FrozenRun(row, in: workspace)
        let runID = RunNames.newID()
        let materials = try frozen.materials(run: runID)
        defer { materials.close() }
        let report = try TrainingRun(
            materials: materials, request: frozen.request, onEvent: onEvent,
            isInterrupted: isInterrupted
        ).start(id: runID, name: again, facts: ["reproduces": .string(row.id)])
        let second = report.json["summary"]?["weightsDigest"]?.stringValue
        return compare(row.name, first, again, second, report)
    }

    private func compare(
        _ name: String, _ first: String, _ again: String, _ second: String?, _ report: Report
    ) -> Report {
        let isEqual = first == second
        return Report(
            json: [
                "run": .string(name), "reproducedAs": .string(again), "equal": .bool(isEqual),
                "weightsDigest": .string(first),
                "reproducedWeightsDigest": second.map { .string($0) } ?? .null,
                "summary": report.json["summary"] ?? .null,
            ],
            lines: isEqual
                ? ["\(again) has the same weights as \(name), bit for bit: \(first.prefix(16))…"]
                : [
                    "\(again) has OTHER weights than \(name)", "  \(name)  \(first)",
                    "  \(again)  \(second ?? "no digest")",
                    "another processor type or OpenBLAS computes other last digits",
                ],
            next: report.next, verdict: isEqual ? .passed : .checksFailed)
    }

    private func freeName(_ name: String, in workspace: OpenWorkspace) throws -> String {
        let base = String(name.prefix(52)) + "-again"
        let taken = try workspace.catalog.read { reader in
            Set(try reader.runs().map(\.name) + reader.models().map(\.name))
        }
        return ([base] + (2...1_000).map { "\(base)-\($0)" }).first { !taken.contains($0) } ?? base
    }
}

/// Names and ids of runs.
enum RunNames {
    /// A new run's id.
    static func newID() -> String { "r-" + Hex.encode(SecureRandom.bytes(4)) }

    /// Refuses a name that a run or model has. A run that came to nothing does not keep its name,
    /// unless it can go on.
    static func check(_ name: String, in workspace: OpenWorkspace) throws {
        try Names.check(name, of: "run")
        let (before, hasCheckpoint, model) = try workspace.catalog.read { reader in
            let run = try reader.run(named: name)
            return (
                run, try run.map { try reader.hasCheckpoint($0.id) } ?? false,
                try reader.model(named: name)
            )
        }
        guard before.map({ $0.state.isResumable }) ?? true, model == nil else {
            throw WorkspaceError(
                .conflict, "there is a run or model called `\(name)` already",
                hint: "choose another name")
        }
        guard !hasCheckpoint else {
            throw WorkspaceError(
                .conflict, "there is a run called `\(name)` that can go on",
                hint: "`tundish run resume \(name)` goes on from its checkpoint, "
                    + "`tundish run discard \(name)` throws that away")
        }
    }
}
