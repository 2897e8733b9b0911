import Catalog
import Cryptography
import FoundationEssentials
import Governance
import ModelFiles
import Records
import Vault

/// Takes a base model into the workspace: `tundish model import`.
public struct ModelImport: Sendable {
    /// The name it gets.
    public var name: String
    /// The folder that holds its files.
    public var folder: String
    /// Its licence, in the user's words.
    public var licence: String?

    /// Makes the request.
    public init(name: String, folder: String, licence: String? = nil) {
        self.name = name
        self.folder = folder
        self.licence = licence
    }

    /// The files that make a model; the first of each group that exists is needed.
    private static let wanted = [
        (names: ["config.json"], isNeeded: true),
        (names: ["model.safetensors"], isNeeded: true),
        (names: ["tokenizer.json", "vocab.txt"], isNeeded: true),
        (names: ["tokenizer_config.json"], isNeeded: false),
        (names: ["special_tokens_map.json"], isNeeded: false),
    ]

    /// Checks the files, seals them, and records their digests.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        try Names.check(name, of: "model")
        try workspace.authorizer.require(
            .importModel, on: .workspace, session: workspace.session)
        guard try workspace.catalog.read({ try $0.model(named: name) }) == nil else {
            throw WorkspaceError(.conflict, "there is a model called `\(name)` already")
        }
        let id = SecureRandom.bytes(16)
        let store = try ArtifactStore(vault: workspace.vault, model: id)
        var config: EncoderConfig?
        for group in Self.wanted {
            guard let file = group.names.first(where: { Files.exists("\(folder)/\($0)") }) else {
                guard group.isNeeded else { continue }
                throw WorkspaceError(
                    .notFound, "\(folder) holds no \(group.names.joined(separator: " or "))",
                    hint: "a model folder has config.json, model.safetensors and tokenizer.json")
            }
            let bytes = try Files.read("\(folder)/\(file)")
            if file == "config.json" { config = try EncoderConfig(bytes: bytes) }
            if file == "model.safetensors" { _ = try SafetensorsFile(bytes: bytes) }
            try store.add(bytes, name: file)
        }
        let files = store.files
        let digests = JSONValue.object(
            Dictionary(
                uniqueKeysWithValues: files.map { ($0.name, .string(Hex.encode($0.sha256))) }))
        let info: JSONValue = [
            "licence": licence.map { .string($0) } ?? .null,
            "hiddenSize": .integer(config?.hiddenSize ?? 0),
            "layers": .integer(config?.layerCount ?? 0),
        ]
        try workspace.catalog.commit(
            EventDraft(
                "model.import", object: "model:\(Hex.encode(id))", facts: ["files": digests],
                detail: ["name": .string(name)]), signer: workspace.session.signer
        ) { change in
            try change.add(
                ModelRow(
                    id: id, name: name, kind: .base, run: nil, base: nil, state: .draft,
                    created: .now, actor: workspace.session.actor.principal, info: info))
            try store.commit(change)
        }
        return Report(
            json: ["model": .string(name), "id": .string(Hex.encode(id)), "files": digests],
            lines: ["\(name) is imported and sealed:"]
                + files.map { "  \($0.name)  \($0.size) bytes  \(Hex.encode($0.sha256))" },
            next: ["tundish train NAME --data DATASET@V --model \(name) --purpose PURPOSE"])
    }
}
