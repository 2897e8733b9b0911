/// A model's `config.json`, whichever kind of model it describes.
public enum ModelConfig: Sendable, Hashable {
    /// BERT, DistilBERT, RoBERTa: for classifiers.
    case encoder(EncoderConfig)
    /// Llama, Qwen2, GPT-2: for text.
    case decoder(DecoderConfig)

    /// Reads a `config.json`; its `model_type` decides.
    public init(bytes: [UInt8]) throws(ModelFilesError) {
        let members = try ConfigMembers(bytes: bytes)
        switch members.modelType {
        case "bert", "distilbert", "roberta", "xlm-roberta":
            self = .encoder(try EncoderConfig(members))
        case "llama", "qwen2", "gpt2":
            self = .decoder(try DecoderConfig(members))
        default:
            throw ModelFilesError(
                .unsupported, "the model is of type \(members.modelType)",
                hint: "Use bert, distilbert, roberta, xlm-roberta, llama, qwen2 or gpt2.")
        }
    }
}
