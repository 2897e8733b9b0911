import EngineProtocol
import ModelFiles
import Records
import Training

/// The files of the base model, fetched into memory.
final class ModelSource {
    /// A model that is one GGUF file.
    static let ggufName = "model.gguf"
    /// The tokenizer of a GGUF file, kept beside weights in safetensors.
    static let vocabularyName = "tokenizer.gguf"

    let config: ModelConfig
    /// The weights' files, until ``dropWeights()``.
    private(set) var weights: any TensorSource
    /// Bytes of the weights' files.
    let weightByteCount: Int
    let tokenizer: any TextTokenizer
    /// How the model was taught to read chats, if its files say so.
    let template: ChatTemplate?
    /// The tokenizer's files, to be handed back beside the trained model.
    let tokenizerFiles: [String: [UInt8]]
    /// What a GGUF file says of its tokenizer; empty for other models.
    let vocabulary: [String: GGUFValue]

    /// Fetches configuration, tokenizer and weights.
    init(_ request: EngineRequest, _ client: EngineClient) throws {
        let files = Set(request.baseModel.files)
        if files.contains(Self.ggufName) {
            let bytes = try client.get(.base, Self.ggufName)
            let file = try GGUFFile(bytes: bytes)
            weightByteCount = bytes.count
            config = .decoder(try DecoderConfig(gguf: file))
            weights = file
            vocabulary = file.metadata
            tokenizer = try TokenizerFiles.load(gguf: file)
            template = ChatTemplate.detect([:], gguf: file)
            tokenizerFiles = [Self.vocabularyName: GGUFWriter.vocabulary(file.metadata)]
        } else {
            guard files.contains("config.json") else {
                throw EngineFailure(
                    "model", "the base model has no config.json",
                    hint: "a base model is config.json, weights in safetensors and a tokenizer, or "
                        + "one GGUF file")
            }
            config = try ModelConfig(bytes: try client.get(.base, "config.json"))
            var kept: [String: [UInt8]] = [:]
            for name in TokenizerFiles.names + [Self.vocabularyName] where files.contains(name) {
                kept[name] = try client.get(.base, name)
            }
            tokenizerFiles = kept
            if let bytes = kept[Self.vocabularyName] {
                let file = try GGUFFile(bytes: bytes)
                vocabulary = file.metadata
                tokenizer = try TokenizerFiles.load(gguf: file)
                template = ChatTemplate.detect([:], gguf: file)
            } else {
                vocabulary = [:]
                tokenizer = try TokenizerFiles.load(kept)
                template = ChatTemplate.detect(kept, gguf: nil)
            }
            (weights, weightByteCount) = try Self.weights(files, client)
        }
        guard tokenizer.vocabularyCount <= config.vocabularySize else {
            throw EngineFailure(
                "model",
                "the tokenizer has \(tokenizer.vocabularyCount) tokens, "
                    + "the model \(config.vocabularySize)",
                hint: "they belong to different models")
        }
    }

    /// One file of weights, or the shards that an index names.
    private static func weights(
        _ files: Set<String>, _ client: EngineClient
    ) throws -> (any TensorSource, byteCount: Int) {
        if files.contains("model.safetensors") {
            let bytes = try client.get(.base, "model.safetensors")
            return (try SafetensorsFile(bytes: bytes), bytes.count)
        }
        guard files.contains(ShardedSafetensors.indexName) else {
            throw EngineFailure(
                "model", "the base model has no model.safetensors",
                hint: "give model.safetensors, or \(ShardedSafetensors.indexName) with its shards")
        }
        let index = try client.get(.base, ShardedSafetensors.indexName)
        var shards: [String: SafetensorsFile] = [:]
        var byteCount = 0
        for name in try ShardedSafetensors.shardNames(index: index) {
            guard files.contains(name) else {
                throw EngineFailure(
                    "model", "the base model has no \(name), which its index names",
                    hint: "import the model's folder again, whole")
            }
            let bytes = try client.get(.base, name)
            byteCount += bytes.count
            shards[name] = try SafetensorsFile(bytes: bytes)
        }
        return (try ShardedSafetensors(index: index, shards: shards), byteCount)
    }

    /// Lets go of the weights' files once a model was made: they would only take memory.
    func dropWeights() { weights = NoWeights() }

    /// The finished model that the request names: a whole one, or a base and its adapter.
    func model(_ request: EngineRequest, _ client: EngineClient) throws -> TunableModel {
        guard let adapter = request.adapter else {
            let task: ModelTask? = config.isDecoder ? .causalLanguageModel : nil
            return try TunableModel(
                trained: weights, config: config, task: task, threads: request.threads)
        }
        let task = try task(of: adapter, client)
        let tensors = try SafetensorsFile(
            bytes: client.get(.adapter, "adapter_model.safetensors"))
        let settings = try client.get(.adapter, "adapter_config.json")
        let json = try JSONParser.parse(settings)
        if BottleneckConfig.isOne(json) {
            return try TunableModel(
                base: weights, config: config, adapter: tensors,
                bottleneck: try BottleneckConfig(json: json), task: task,
                threads: request.threads)
        }
        return try TunableModel(
            base: weights, config: config, adapter: tensors,
            adapterConfig: try AdapterConfig(bytes: settings), task: task,
            quantization: try quantization(adapter, client), threads: request.threads)
    }

    /// What an adapter is for: its `config.json` names the labels and the architecture.
    private func task(
        of adapter: EngineRequest.Model, _ client: EngineClient
    ) throws -> ModelTask {
        if config.isDecoder { return .causalLanguageModel }
        guard adapter.files.contains("config.json"),
            case .encoder(let own) = try ModelConfig(
                bytes: try client.get(.adapter, "config.json")),
            let labels = own.labels
        else {
            throw EngineFailure(
                "model", "the adapter's config.json names no labels",
                hint: "it must hold id2label")
        }
        let isOfWords =
            own.source["architectures"]?.stringArray?
            .contains { $0.hasSuffix("ForTokenClassification") } ?? false
        return isOfWords
            ? .tokenClassification(labels: labels) : .sequenceClassification(labels: labels)
    }

    /// How the base was kept while the adapter was trained: the adapter fits that base alone.
    private func quantization(
        _ adapter: EngineRequest.Model, _ client: EngineClient
    ) throws -> TrainingConfiguration.Quantization? {
        guard adapter.files.contains("config.json") else { return nil }
        let json = try JSONParser.parse(try client.get(.adapter, "config.json"))
        return json[Self.quantizationMember]?.stringValue
            .flatMap(TrainingConfiguration.Quantization.init(rawValue:))
    }

    /// What a GGUF file of this model says of its tokenizer.
    func vocabularyMetadata() throws -> [String: GGUFValue] {
        vocabulary.isEmpty
            ? try TokenizerFiles.ggufMetadata(
                tokenizerFiles, vocabularySize: config.vocabularySize)
            : vocabulary.filter { $0.key.hasPrefix("tokenizer.") }
    }

    /// The tokenizer's files as other programs read them beside weights in safetensors.
    func exportedTokenizer() throws -> [String: [UInt8]] {
        guard let bytes = tokenizerFiles[Self.vocabularyName] else { return tokenizerFiles }
        return try TokenizerFiles.files(gguf: GGUFFile(bytes: bytes))
    }

    /// Where an adapter's `config.json` says how its base was kept.
    static let quantizationMember = "tundish_quantization"
}

/// Stands where weights were.
private struct NoWeights: TensorSource {
    var names: [String] { [] }
    func shape(_ name: String) -> [Int]? { nil }
    func copyFloats(
        _ name: String, into target: UnsafeMutableBufferPointer<Float>
    ) throws(ModelFilesError) {
        throw ModelFilesError(
            .missing, "the weights were let go of", hint: "This is a fault of the engine.")
    }
    func digest() -> [UInt8] { [] }
}
