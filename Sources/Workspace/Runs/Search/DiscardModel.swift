import Catalog
import Governance
import Records
import Vault

/// Throws away the files of a model that a search made and that is not the best.
struct DiscardModel {
    let name: String

    /// Retires the model and destroys the keys of its files; the run, its request and its events
    /// stay.
    ///
    /// - Returns: whether there was anything to throw away.
    func discard(in workspace: OpenWorkspace) throws -> Bool {
        guard let model = try workspace.catalog.read({ try $0.model(named: name) }),
            model.kind == .finetuned, model.state == .draft, let run = model.run,
            let row = try workspace.catalog.read({ try $0.run(run) })
        else { return false }
        try RunAccess.require(.train, of: row, in: workspace)
        let objects = try workspace.catalog.commit(
            EventDraft("model.discard", object: "model:\(Hex.encode(model.id))"),
            signer: workspace.session.signer
        ) { change in
            let files = try change.artifacts(of: model.id)
            let objects = try files.compactMap { try change.object($0.object) }
            change.event.facts = [
                "files": .object(
                    Dictionary(
                        uniqueKeysWithValues: files.map {
                            ($0.name, .string(Hex.encode($0.sha256)))
                        }))
            ]
            try change.removeArtifacts(of: model.id)
            try change.setState(.retired, of: model.id)
            return objects
        }.value
        StoredCheckpoint.destroy(objects, in: workspace)
        return !objects.isEmpty
    }
}
