import Catalog
import Records

/// An audit entry about a model with its proof that the log includes it.
struct ModelEvidence {
    /// The entry's exact bytes.
    let entry: [UInt8]
    /// A C2SP tlog-proof.
    let proof: String

    /// The entry of an event.
    init(event: UInt64, in workspace: OpenWorkspace) throws {
        guard
            let entry = try workspace.catalog.read({ reader in
                try reader.entries(from: event, limit: 1).first
            })
        else { throw WorkspaceError(.integrity, "the log has no event \(event)") }
        self.entry = entry.bytes
        proof = try LogVerifier(catalog: workspace.catalog).proof(ofEvent: event)
    }

    /// The entry that ended the model's run; nil for an imported model.
    init?(of model: ModelRow, in workspace: OpenWorkspace) throws {
        guard let run = model.run else { return nil }
        var next: UInt64 = 0
        while true {
            let events = try workspace.catalog.read { try $0.events(from: next, limit: 1_000) }
            guard let last = events.last else { return nil }
            if let event = events.first(where: {
                $0.action == "run.finish" && $0.object == "run:\(run)"
            }) {
                try self.init(event: event.index, in: workspace)
                return
            }
            next = last.index + 1
        }
    }
}
