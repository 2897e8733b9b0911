import Records
import Training

/// A model and a method, on one batch of equally long rows.
enum SpeedCase: String, CaseIterable {
    case minilmFull = "minilm-full"
    case minilmFullDropout = "minilm-full-dropout"
    case minilmLora = "minilm-lora"
    case minilmFreeze4 = "minilm-freeze4"
    case minilmInfer = "minilm-infer"
    case smollm2Full = "smollm2-full"
    case smollm2Lora = "smollm2-lora"
    /// On the blocks of the GGUF file
    case smollm2Qlora = "smollm2-qlora"
    case smollm2NF4 = "smollm2-nf4"

    var isDecoder: Bool { rawValue.hasPrefix("smollm2") }

    /// Rows of the batch, and tokens of a row.
    var batch: (rows: Int, tokens: Int) { isDecoder ? (4, 256) : (32, 128) }

    /// The model's place in the folder of models.
    var model: String { isDecoder ? "smollm2/model.gguf" : "minilm" }

    var task: ModelTask {
        isDecoder ? .causalLanguageModel : .sequenceClassification(labels: ["no", "yes"])
    }

    /// AdamW at 5e-5 with decay 0.01, adapters of rank 8 on the layers that are usual; no clipping.
    func configuration(threads: Int, steps: Int) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        switch self {
        case .minilmFull, .minilmFullDropout, .minilmInfer, .smollm2Full:
            configuration.method = .full
        case .minilmLora, .smollm2Lora: configuration.method = .lora
        case .smollm2Qlora, .smollm2NF4:
            configuration.method = .qlora
            configuration.quantization = self == .smollm2NF4 ? .nf4 : .gguf
        case .minilmFreeze4:
            configuration.method = .freeze
            configuration.frozenLayers = 4
        }
        if self == .minilmFullDropout {
            configuration.hiddenDropout = 0.1
            configuration.attentionDropout = 0.1
        }
        configuration.learningRate = 5e-5
        configuration.schedule = .constant
        configuration.maxGradientNorm = 0
        configuration.maxSteps = steps
        configuration.batchSize = batch.rows
        configuration.maxLength = batch.tokens
        configuration.loggingSteps = 1
        configuration.threads = threads
        configuration.bootstrapSamples = 0
        return configuration
    }

    /// One batch of seeded ids: no padding, and none of the first thousand, which are special.
    func examples(vocabulary: Int) -> [EncodedExample] {
        var random = SeededRandom(seed: 1)
        return (0..<batch.rows).map { _ in
            let ids = (0..<batch.tokens).map { _ in
                Int32.random(in: 1000..<Int32(min(vocabulary, 30000)), using: &random)
            }
            return isDecoder
                ? EncodedExample(ids: ids, targets: ids)
                : EncodedExample(ids: ids, label: Int.random(in: 0...1, using: &random))
        }
    }
}
