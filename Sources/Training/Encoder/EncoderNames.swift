import ModelFiles

/// What Hugging Face calls the weights of each family of encoders.
struct EncoderNames {
    /// The modules of one layer.
    struct Layer {
        let query: String, key: String, value: String
        let attentionOutput: String, attentionNorm: String
        let intermediate: String, output: String, outputNorm: String
    }

    let family: EncoderConfig.Family

    /// What stands before the names of a model without a head.
    var prefix: String { "\(family.rawValue)." }

    var embeddings: String { "\(prefix)embeddings" }

    /// DistilBERT has no token types.
    var hasTypes: Bool { family != .distilbert }

    /// The linear layer between encoder and classifier that reads the first token.
    var pooler: String {
        switch family {
        case .bert: "bert.pooler.dense"
        case .roberta: "classifier.dense"
        case .distilbert: "pre_classifier"
        }
    }

    /// Whether the pooler comes with the base model and is no part of a new head.
    var poolerIsOfBase: Bool { family == .bert }

    /// The classifier of a text behind the pooler.
    var sequenceClassifier: String {
        family == .roberta ? "classifier.out_proj" : "classifier"
    }

    /// Modules that belong to a head, as PEFT's `modules_to_save` names them.
    func headModules(_ task: ModelTask) -> [String] {
        guard case .sequenceClassification = task, family == .distilbert else {
            return ["classifier"]
        }
        return ["pre_classifier", "classifier"]
    }

    /// The modules that LoRA adapts if nothing else is said: queries and values (Hu et al. 2021).
    var defaultTargets: [String] {
        family == .distilbert ? ["q_lin", "v_lin"] : ["query", "value"]
    }

    /// What `all-linear` stands for.
    var allLinear: [String] {
        family == .distilbert
            ? ["k_lin", "lin1", "lin2", "out_lin", "q_lin", "v_lin"]
            : ["dense", "key", "query", "value"]
    }

    func layer(_ index: Int) -> Layer {
        guard family == .distilbert else {
            let name = "\(prefix)encoder.layer.\(index)"
            return Layer(
                query: "\(name).attention.self.query", key: "\(name).attention.self.key",
                value: "\(name).attention.self.value",
                attentionOutput: "\(name).attention.output.dense",
                attentionNorm: "\(name).attention.output.LayerNorm",
                intermediate: "\(name).intermediate.dense", output: "\(name).output.dense",
                outputNorm: "\(name).output.LayerNorm")
        }
        let name = "\(prefix)transformer.layer.\(index)"
        return Layer(
            query: "\(name).attention.q_lin", key: "\(name).attention.k_lin",
            value: "\(name).attention.v_lin", attentionOutput: "\(name).attention.out_lin",
            attentionNorm: "\(name).sa_layer_norm", intermediate: "\(name).ffn.lin1",
            output: "\(name).ffn.lin2", outputNorm: "\(name).output_layer_norm")
    }
}
