import FoundationEssentials
import ModelFiles
import Records

/// A base model on disk, before it is imported: a folder as Hugging Face has it, or one GGUF file.
///
/// Weights are mapped, not read, so a model larger than memory can be looked at.
struct ModelSource {
    /// A file of it: the name it will have, and where it lies.
    struct File: Sendable, Hashable {
        var name: String
        var path: String
    }

    /// The files, weights last.
    let files: [File]
    let config: ModelConfig
    let weights: any TensorSource
    let tokenizer: any TextTokenizer
    let chatTemplate: ChatTemplate?
    /// The weights, if they are a GGUF file.
    let gguf: GGUFFile?

    /// The name that a GGUF file has in the workspace.
    static let ggufName = "model.gguf"
    /// The name of a GGUF file that holds a tokenizer and no weights.
    static let vocabularyName = "tokenizer.gguf"
    private static let weightsName = "model.safetensors"
    /// Text files beyond this are no configuration or tokenizer.
    private static let textLimit = 256 << 20

    /// Finds out what lies at a path, and reads everything but the weights' numbers.
    init(path: String) throws {
        guard Files.exists(path) else {
            throw WorkspaceError(.notFound, "there is no model at \(path)")
        }
        guard let entries = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            guard path.hasSuffix(".gguf") else { throw Self.notAModel(path) }
            try self.init(gguf: path)
            return
        }
        let names = Set(entries)
        let isWhole = names.contains(Self.weightsName)
        if !isWhole, !names.contains(ShardedSafetensors.indexName) {
            let quantised = names.filter {
                $0.hasSuffix(".gguf") && $0 != Self.vocabularyName
            }.sorted()
            if quantised.count == 1, let name = quantised.first {
                try self.init(gguf: "\(path)/\(name)")
                return
            }
            throw Self.noWeights(path, names, quantised)
        }
        guard names.contains("config.json") else {
            throw WorkspaceError(
                .notFound, "\(path) holds no config.json",
                hint: "a model folder has config.json, its weights and its tokenizer")
        }
        try self.init(folder: path, names: names, isWhole: isWhole)
    }

    private init(folder: String, names: Set<String>, isWhole: Bool) throws {
        var texts: [String: [UInt8]] = [:]
        for name in Self.textNames(names) {
            texts[name] = try Self.text("\(folder)/\(name)")
        }
        config = try ModelConfig(bytes: texts["config.json"] ?? [])
        // A model that was merged out of a GGUF file keeps that file's tokenizer beside it.
        let vocabulary = try texts[Self.vocabularyName].map { try GGUFFile(bytes: $0) }
        tokenizer = try Self.tokenizer(texts, vocabulary, at: folder)
        chatTemplate = ChatTemplate.detect(texts, gguf: vocabulary)
        var weightNames = [Self.weightsName]
        if isWhole {
            weights = try SafetensorsFile(mapping: "\(folder)/\(Self.weightsName)")
        } else {
            weights = try ShardedSafetensors(mapping: folder)
            let index = try Self.text("\(folder)/\(ShardedSafetensors.indexName)")
            weightNames =
                [ShardedSafetensors.indexName] + (try ShardedSafetensors.shardNames(index: index))
        }
        gguf = nil
        files = (texts.keys.sorted() + weightNames).map {
            File(name: $0, path: "\(folder)/\($0)")
        }
        try check(at: folder)
    }

    private init(gguf path: String) throws {
        let file = try GGUFFile(mapping: path)
        config = .decoder(try DecoderConfig(gguf: file))
        tokenizer = try Self.tokenizer([:], file, at: path)
        chatTemplate = ChatTemplate.detect([:], gguf: file)
        weights = file
        gguf = file
        files = [File(name: Self.ggufName, path: path)]
        try check(at: path)
    }

    /// The files that are taken besides the weights. Where there is a `tokenizer.json`, it is what
    /// every reader takes, and older forms of the same would only lie beside it.
    private static func textNames(_ names: Set<String>) -> [String] {
        var wanted = Set(TokenizerFiles.names).union([
            "config.json", "generation_config.json", vocabularyName,
        ])
        if names.contains("tokenizer.json") {
            wanted.subtract(["vocab.txt", "vocab.json", "merges.txt", "tokenizer.model"])
        }
        return wanted.intersection(names).sorted()
    }

    private static func tokenizer(
        _ texts: [String: [UInt8]], _ gguf: GGUFFile?, at path: String
    ) throws -> any TextTokenizer {
        do {
            return try gguf.map { try TokenizerFiles.load(gguf: $0) } ?? TokenizerFiles.load(texts)
        } catch let error as TokenizerError {
            throw WorkspaceError(.failed, "\(path): \(error.message)", hint: error.hint)
        }
    }

    private static func text(_ path: String) throws -> [UInt8] {
        let size = try FilePieces(path).size
        guard size <= textLimit else {
            throw WorkspaceError(
                .failed, "\(path) has \(size) bytes, far more than such a file has")
        }
        return try Files.read(path)
    }

    // MARK: Errors

    private static func notAModel(_ path: String) -> WorkspaceError {
        WorkspaceError(
            .usage, "\(path) is neither a folder nor a .gguf file",
            hint: "name the folder with config.json and model.safetensors, or a GGUF file")
    }

    private static func noWeights(
        _ path: String, _ names: Set<String>, _ quantised: [String]
    ) -> WorkspaceError {
        if quantised.count > 1 {
            return WorkspaceError(
                .usage, "\(path) holds \(quantised.count) GGUF files", hint: "name one of them")
        }
        let isPickled = names.contains { $0.hasSuffix(".bin") || $0.hasSuffix(".pt") }
        return WorkspaceError(
            .notFound, "\(path) holds no model.safetensors, no sharded index and no .gguf",
            hint: isPickled
                ? "pickled weights can run code when they are read: convert them, in Transformers "
                    + "with save_pretrained(DIR, safe_serialization=True)"
                : "a model folder has config.json, its weights and its tokenizer")
    }
}
