import ModelFiles

/// Whether settings fit a model and a task; said before anything is loaded.
struct ModelCheck {
    let config: ModelConfig
    let task: ModelTask
    let configuration: TrainingConfiguration

    func run() throws(TrainingError) {
        try checkTask()
        try checkSizes()
        try checkMethod()
    }

    private func checkTask() throws(TrainingError) {
        switch (task, config) {
        case (.causalLanguageModel, .encoder), (.sequenceClassification, .decoder),
            (.tokenClassification, .decoder):
            throw wrong(
                "the model cannot do the task \(task.name)",
                "Encoders (BERT, DistilBERT, RoBERTa) label texts and words; decoders (Llama, "
                    + "Qwen2, GPT-2) learn to write.")
        case (.sequenceClassification(let labels), _), (.tokenClassification(let labels), _):
            guard labels.count >= 2, Set(labels).count == labels.count else {
                throw wrong(
                    "there are \(Set(labels).count) different labels",
                    "A classifier needs two or more, each named once.")
            }
            if case .given(let weights) = configuration.classWeights,
                weights.count != labels.count
            {
                throw wrong(
                    "there are \(weights.count) class_weights, \(labels.count) labels",
                    "Give one weight for each label, in the labels' order.")
            }
        case (.causalLanguageModel, _):
            guard configuration.classWeights == .equal else {
                throw wrong("a language model has no classes", "Leave class_weights out.")
            }
        }
    }

    private func checkSizes() throws(TrainingError) {
        guard configuration.maxLength <= config.maxLength else {
            throw wrong(
                "max_length \(configuration.maxLength) is above the model's \(config.maxLength)",
                "Lower max_length.")
        }
        if let frozen = configuration.frozenLayers, frozen > config.layerCount {
            throw wrong(
                "freeze_layers is \(frozen), of \(config.layerCount) layers", "Lower freeze_layers."
            )
        }
        if let highest = configuration.adapterLayers?.max(), highest >= config.layerCount {
            throw wrong(
                "layers_to_transform names layer \(highest), of \(config.layerCount) from 0",
                "Leave it out to adapt every layer.")
        }
    }

    private func checkMethod() throws(TrainingError) {
        let method = configuration.method
        if config.isDecoder {
            if method == .head {
                throw wrong(
                    "a language model has no head of its own to train",
                    "Choose full, freeze, lora, qlora or adapter.")
            }
            if configuration.hiddenDropout > 0 || configuration.classifierDropout ?? 0 > 0 {
                throw wrong(
                    "this decoder has no hidden or classifier dropout",
                    "attention_probs_dropout_prob and lora_dropout are there.")
            }
        }
        if method == .freeze, configuration.frozenLayers == 0 {
            throw wrong("method freeze freezes no layer", "Set freeze_layers, or leave it out.")
        }
        if configuration.usesDoRA {
            guard method == .lora else {
                throw wrong(
                    "use_dora goes with method lora, not \(method.rawValue)",
                    "A quantised base would have to be unpacked at every step.")
            }
            guard configuration.adapterDropout == 0 else {
                throw wrong("use_dora does not go with lora_dropout", "Set lora_dropout=0.")
            }
        }
        if configuration.quantization != nil, method != .qlora {
            throw wrong("quantization goes with method qlora", "Set the method, or leave it out.")
        }
        if let privacy = configuration.privacy {
            guard privacy.targetEpsilon != nil || privacy.noiseMultiplier != nil else {
                throw wrong(
                    "differential privacy needs dp_target_epsilon or dp_noise_multiplier",
                    "Give one of them.")
            }
            guard configuration.classWeights != .balanced else {
                throw wrong(
                    "balanced class weights look at all labels at once, without privacy",
                    "Give class_weights as numbers, or leave them out.")
            }
        }
    }

    private func wrong(_ message: String, _ hint: String) -> TrainingError {
        TrainingError(.configuration, message, hint: hint)
    }
}
