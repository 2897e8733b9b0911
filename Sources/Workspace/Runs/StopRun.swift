import Catalog
import Governance
import Records

/// Asks a running run to stop, from another process: `tundish run stop`.
public struct StopRun: Sendable {
    /// The run, by name or id.
    public var name: String

    /// Makes the request.
    public init(name: String) { self.name = name }

    /// Asks; the run's own process ends the engine, which has time for a last checkpoint.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        try RunAccess.require(.train, of: workspace.run(name), in: workspace)
        let dead = try RunPresence.closeDeadRuns(in: workspace)
        let row = try workspace.run(name)
        guard row.state == .running || row.state == .stopping else {
            throw WorkspaceError(
                .conflict,
                dead.contains(row.name)
                    ? "the process of run `\(row.name)` is gone: it was killed"
                    : "the run `\(row.name)` is \(row.state.rawValue)",
                hint: row.state == .finished ? nil : "`tundish run resume \(row.name)` goes on")
        }
        try workspace.catalog.commit(
            EventDraft("run.stop", object: "run:\(row.id)"), signer: workspace.session.signer
        ) { change in
            guard var row = try change.run(row.id), !row.state.isFinal else {
                throw WorkspaceError(.conflict, "the run `\(row.name)` has just ended")
            }
            row.state = .stopping
            try change.update(row)
        }
        return Report(
            json: ["run": .string(row.name), "state": "stopping"],
            lines: ["\(row.name) is asked to stop: it ends after the step that it is at"],
            next: ["tundish run show \(row.name)", "tundish run resume \(row.name)"])
    }
}

/// Throws away what a stopped or failed run had checkpointed: `tundish run discard`.
public struct DiscardRun: Sendable {
    /// The run, by name or id.
    public var name: String

    /// Makes the request.
    public init(name: String) { self.name = name }

    /// Destroys the checkpoints' keys, then their packs. The run keeps its place in the list.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        try RunAccess.require(
            .train, or: .setPurpose, of: workspace.run(name), in: workspace)
        _ = try RunPresence.closeDeadRuns(in: workspace)
        let row = try workspace.run(name)
        guard row.state.isResumable else {
            throw WorkspaceError(
                .conflict, "the run `\(row.name)` is \(row.state.rawValue)",
                hint: row.state == .finished
                    ? "a finished run has no checkpoints" : "stop it first")
        }
        let (steps, objects) = try workspace.catalog.commit(
            EventDraft("run.discard", object: "run:\(row.id)"), signer: workspace.session.signer
        ) { change in
            let checkpoints = try StoredCheckpoint.all(of: row.id, change)
            let objects = try StoredCheckpoint.remove(checkpoints, change)
            let steps = checkpoints.map(\.step)
            change.event.facts = ["steps": .array(steps.map { .integer($0) })]
            return (steps, objects)
        }.value
        StoredCheckpoint.destroy(objects, in: workspace)
        return Report(
            json: [
                "run": .string(row.name), "discarded": .array(steps.map { .integer($0) }),
            ],
            lines: [
                steps.isEmpty
                    ? "\(row.name) had no checkpoint"
                    : "\(row.name): \(steps.count) checkpoints are gone, their keys destroyed"
            ])
    }
}

/// Who may do something with a run: who may train on its version.
enum RunAccess {
    /// Throws, and logs the denial, unless one of the permissions holds on the run's version.
    static func require(
        _ permission: Permission, or other: Permission? = nil, of run: RunRow,
        in workspace: OpenWorkspace
    ) throws {
        let resource = run.version.map { Resource.version($0) } ?? .workspace
        if let other,
            try workspace.authorizer.decide(
                other, principal: workspace.session.principal, on: resource
            ).isAllowed
        {
            try workspace.authorizer.require(other, on: resource, session: workspace.session)
            return
        }
        try workspace.authorizer.require(
            permission, on: resource, purpose: run.purpose, session: workspace.session)
    }
}
