import Catalog
import EngineProtocol
import FoundationEssentials
import Governance
import Handoff
import Records

/// Writes a model's files in clear, with what proves where it came from: `tundish model export`.
public struct ExportModel: Sendable {
    /// What is written.
    public enum Form: String, Sendable, CaseIterable {
        /// The files as they are sealed: an adapter stays an adapter.
        case asIs = "as-is"
        /// One whole model in safetensors, the adapter merged into its base.
        case merged
        /// One whole model in one GGUF file.
        case gguf
    }

    /// The model.
    public var name: String
    /// The folder to write; new or empty.
    public var folder: String
    /// What is written.
    public var form: Form
    /// How numbers are written by ``Form/merged`` (`f32`, which is the default, or `f16`) and by
    /// ``Form/gguf`` (`f32`, `f16`, which is the default, or `q8_0`).
    public var weightFormat: String?
    /// The registered engine that merges and converts.
    public var engine: String
    /// Threads for the engine.
    public var threads: Int

    /// Makes the request.
    public init(
        name: String, folder: String, form: Form = .asIs, weightFormat: String? = nil,
        engine: String = "bundled", threads: Int = 2
    ) {
        self.name = name
        self.folder = folder
        self.form = form
        self.weightFormat = weightFormat
        self.engine = engine
        self.threads = threads
    }

    /// Writes every file, then the proof; nothing stays of an export that failed.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let row = try ModelAccess.find(name, in: workspace)
        guard try !workspace.catalog.read({ try $0.artifacts(of: row.id) }).isEmpty else {
            throw WorkspaceError(
                .notFound, "the files of `\(name)` were thrown away",
                hint: row.run.map { "`tundish run reproduce \($0)` makes the model again" })
        }
        if form == .merged, weightFormat == "q8_0" {
            throw WorkspaceError(
                .usage, "safetensors are written as f32 or f16", hint: "q8_0 is a form of GGUF")
        }
        let access = try ModelAccess(workspace, name: name, permission: .approveModelExport)
        defer { access.close() }
        let output = try ExportFolder(folder)
        do {
            switch form {
            case .asIs: return try writeAsIs(row, access, output, workspace)
            case .merged, .gguf: return try writeWhole(row, access, output, workspace)
            }
        } catch {
            output.abandon()
            throw error
        }
    }

    // MARK: Forms

    private func writeAsIs(
        _ row: ModelRow, _ access: ModelAccess, _ output: ExportFolder, _ workspace: OpenWorkspace
    ) throws -> Report {
        let origin: ModelOrigin = access.adapterReference == nil ? .base : .adapter
        for file in access.fileNames {
            try output.write(file) { try access.stream(origin, file, into: $0) }
        }
        if let evidence = try ModelEvidence(of: row, in: workspace) {
            try output.add(evidence)
        }
        try workspace.catalog.record(
            EventDraft(
                "model.export", object: "model:\(Hex.encode(row.id))",
                facts: ["form": .string(form.rawValue)]), signer: workspace.session.signer)
        return try report(output, isVerifiable: row.run != nil, workspace)
    }

    private func writeWhole(
        _ row: ModelRow, _ access: ModelAccess, _ output: ExportFolder, _ workspace: OpenWorkspace
    ) throws -> Report {
        let origin: ModelOrigin = access.adapterReference == nil ? .base : .adapter
        // A GGUF file holds its tokenizer itself.
        for file in access.fileNames where form == .merged && ModelFileNames.texts.contains(file) {
            try output.write(file) { try access.stream(origin, file, into: $0) }
        }
        try convert(access, output, workspace)
        let card = try ModelCard(of: row, access: access, form: form, in: workspace)
        try output.write("README.md") { try $0(Array(card.text.utf8)) }
        var statement: String?
        if row.run != nil, access.fileNames.contains(RunCompletion.envelopeName) {
            let bytes = try access.file(origin, RunCompletion.envelopeName)
            statement = Hex.encode(try SignatureEnvelope(json: bytes).digest)
            try output.write(ExportedModel.statementName) { try $0(bytes) }
        }
        let files = JSONValue.object(
            output.digests.mapValues { .string(Hex.encode($0)) })
        let event = try workspace.catalog.record(
            EventDraft(
                "model.export", object: "model:\(Hex.encode(row.id))",
                facts: [
                    "form": .string(form.rawValue), "files": files,
                    "run": row.run.map { .string($0) } ?? .null,
                    "statement": statement.map { .string($0) } ?? .null,
                ]), signer: workspace.session.signer)
        try output.add(try ModelEvidence(event: event, in: workspace))
        return try report(output, isVerifiable: true, workspace)
    }

    /// Has the engine make the whole model: no float is touched here.
    private func convert(
        _ access: ModelAccess, _ output: ExportFolder, _ workspace: OpenWorkspace
    ) throws {
        let session = EngineSession(workspace: workspace, engine: engine, threads: threads)
        var request = try session.request(
            try verb(access), access: access,
            settings: [("weight_format", weightFormat ?? (form == .gguf ? "f16" : "f32"))])
        request.outputs = [form == .gguf ? .gguf : .mergedModel]
        var data = session.data(access)
        data.artifactSink = { name, _, sha256 in try output.sink(name, sha256: sha256) }
        _ = try session.run(request, runID: session.newRunID(), data: data)
        let needed = form == .gguf ? "model.gguf" : "model.safetensors"
        guard output.digests.keys.contains(where: { $0 == needed || $0 == "\(needed).index.json" })
        else {
            throw WorkspaceError(
                .failed, "the engine `\(engine)` gave no \(needed)",
                hint: "`tundish engine check \(engine)` tells what it can do")
        }
    }

    /// The verb that the model is there for, with nothing to answer.
    private func verb(_ access: ModelAccess) throws -> EngineVerb {
        switch try access.trainingRequest()?.task {
        case .causalLM?, .preference?: .generate
        case .tokenClassification?: .tag
        case .sequenceClassification?: .predict
        case nil: access.base.info["kind"]?.stringValue == "decoder" ? .generate : .predict
        }
    }

    private func report(
        _ output: ExportFolder, isVerifiable: Bool, _ workspace: OpenWorkspace
    ) throws -> Report {
        let key = try workspace.catalog.verifierKey()
        let written = output.names
        return Report(
            json: [
                "model": .string(name), "folder": .string(folder),
                "form": .string(form.rawValue), "files": .array(written.map { .string($0) }),
                "verifierKey": .string(key),
            ],
            lines: ["\(name) is in \(folder): \(written.joined(separator: ", "))"],
            next: isVerifiable ? ["tundish verify \(folder) --trust '\(key)'"] : [])
    }
}

/// The names of the files that say something about a model besides its weights.
enum ModelFileNames {
    /// Tokenizer, chat template, generation settings, and the configuration that names labels: what
    /// travels with a merged model. Adapters and what a run left beside them do not.
    static let texts: Set<String> = [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "special_tokens_map.json", "vocab.txt", "vocab.json", "merges.txt", "tokenizer.model",
        "chat_template.jinja",
    ]
}
