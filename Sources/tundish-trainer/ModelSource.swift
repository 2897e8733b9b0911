import EngineProtocol
import ModelFiles
import Records
import Training

/// The files of the base model and adapter, fetched into memory.
struct ModelSource {
    let config: EncoderConfig
    let tokenizer: WordPieceTokenizer
    let weights: SafetensorsFile
    /// The tokenizer's files as they came, to be handed back beside the trained model.
    let tokenizerFiles: [String: [UInt8]]

    /// Fetches config.json, the tokenizer and model.safetensors.
    init(_ request: EngineRequest, _ client: EngineClient) throws {
        let files = Set(request.baseModel.files)
        for name in ["config.json", "model.safetensors"] where !files.contains(name) {
            throw EngineFailure(
                "model", "the base model has no \(name)",
                hint: "a base model is config.json, tokenizer.json and model.safetensors")
        }
        config = try EncoderConfig(bytes: try client.get(.base, "config.json"))
        var kept: [String: [UInt8]] = [:]
        for name in [
            "tokenizer.json", "tokenizer_config.json", "vocab.txt",
            "special_tokens_map.json",
        ]
        where files.contains(name) {
            kept[name] = try client.get(.base, name)
        }
        tokenizerFiles = kept
        if let json = kept["tokenizer.json"] {
            tokenizer = try WordPieceTokenizer(tokenizerJSON: json)
        } else if let vocabulary = kept["vocab.txt"] {
            tokenizer = try WordPieceTokenizer(vocabulary: vocabulary)
        } else {
            throw EngineFailure(
                "model", "the base model has no tokenizer",
                hint: "tokenizer.json, or vocab.txt, belongs to it")
        }
        guard tokenizer.vocabularyCount <= config.vocabularySize else {
            throw EngineFailure(
                "model",
                "the tokenizer has \(tokenizer.vocabularyCount) tokens, "
                    + "the model \(config.vocabularySize)",
                hint: "they belong to different models")
        }
        weights = try SafetensorsFile(bytes: try client.get(.base, "model.safetensors"))
    }

    /// The trained classifier that the request names: a fully tuned base, or base and adapter.
    func classifier(
        _ request: EngineRequest, _ client: EngineClient
    ) throws -> SequenceClassifier {
        guard let adapter = request.adapter else {
            return try SequenceClassifier(
                trained: weights, config: config, threads: request.threads)
        }
        guard adapter.files.contains("config.json"),
            let labels = try EncoderConfig(bytes: try client.get(.adapter, "config.json")).labels
        else {
            throw EngineFailure(
                "model", "the adapter's config.json names no labels",
                hint: "it must hold id2label")
        }
        return try SequenceClassifier(
            base: weights, config: config,
            adapter: try SafetensorsFile(bytes: client.get(.adapter, "adapter_model.safetensors")),
            adapterConfig: try AdapterConfig(bytes: client.get(.adapter, "adapter_config.json")),
            labels: labels, threads: request.threads)
    }
}
