import Catalog
import Cryptography
import Governance
import Records
import Vault

/// Takes a base model into the workspace: `tundish model import`.
///
/// The files are checked to belong together, then sealed in pieces: memory stays flat.
public struct ModelImport: Sendable {
    /// The name it gets.
    public var name: String
    /// The folder that holds its files, or one GGUF file.
    public var folder: String
    /// Its licence, in the user's words; nil: what its own files say.
    public var licence: String?

    /// Makes the request.
    public init(name: String, folder: String, licence: String? = nil) {
        self.name = name
        self.folder = folder
        self.licence = licence
    }

    /// Checks the files, seals them, and records their digests.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        try Names.check(name, of: "model")
        try workspace.authorizer.require(
            .importModel, on: .workspace, session: workspace.session)
        guard try workspace.catalog.read({ try $0.model(named: name) }) == nil else {
            throw WorkspaceError(.conflict, "there is a model called `\(name)` already")
        }
        let source = try ModelSource(path: folder)
        let id = SecureRandom.bytes(16)
        let store = try ArtifactStore(vault: workspace.vault, model: id)
        do {
            for file in source.files { try Self.seal(file, into: store) }
            return try commit(source, id: id, store: store, in: workspace)
        } catch {
            try store.discard()
            throw error
        }
    }

    /// Reads a file twice: once for its digest, once to seal it.
    private static func seal(_ file: ModelSource.File, into store: ArtifactStore) throws {
        let pieces = try FilePieces(file.path)
        let digest = try pieces.digest()
        let sink = try store.sink(name: file.name, size: pieces.size, sha256: digest)
        do {
            var hasher = SHA256.Hasher()
            try pieces.forEach { piece in
                hasher.update(piece)
                try sink.write(piece)
            }
            guard hasher.finalize() == digest else {
                throw WorkspaceError(
                    .conflict, "\(file.path) was changed while it was read",
                    hint: "import it again when nobody writes to it")
            }
            try sink.finish()
        } catch {
            sink.abandon()
            throw error
        }
    }

    private func commit(
        _ source: ModelSource, id: [UInt8], store: ArtifactStore, in workspace: OpenWorkspace
    ) throws -> Report {
        let files = store.files
        let digests = JSONValue.object(
            Dictionary(
                uniqueKeysWithValues: files.map { ($0.name, .string(Hex.encode($0.sha256))) }))
        var info = source.info
        let known = licence ?? source.licence(at: folder)
        info["licence"] = known.map { .string($0) } ?? .null
        let row = ModelRow(
            id: id, name: name, kind: .base, created: .now,
            actor: workspace.session.actor.principal, info: .object(info))
        try workspace.catalog.commit(
            EventDraft(
                "model.import", object: "model:\(Hex.encode(id))", facts: ["files": digests],
                detail: ["name": .string(name)]), signer: workspace.session.signer
        ) { change in
            try change.add(row)
            try store.commit(change)
        }
        return Report(
            json: [
                "model": .string(name), "id": .string(Hex.encode(id)), "files": digests,
                "info": .object(info),
            ],
            lines: ["\(name) is imported and sealed: \(ModelText.summary(row.info))"]
                + files.map { "  \($0.name)  \($0.size) bytes  \(Hex.encode($0.sha256))" }
                + (known == nil
                    ? ["its licence is not known: say it with --licence at the import"] : []),
            next: ["tundish train NAME --data DATASET@V --model \(name) --purpose PURPOSE"])
    }
}
