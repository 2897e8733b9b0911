import Records

/// One setting: how it is read, written and described.
struct ConfigurationField: Sendable {
    /// What its value must be, for people.
    let form: String
    /// Takes a value; false if it does not have the form.
    let set: @Sendable (inout TrainingConfiguration, JSONValue) -> Bool
    /// The value as it stands.
    let get: @Sendable (TrainingConfiguration) -> JSONValue
}

extension TrainingConfiguration {
    /// The settings by the names users know.
    static let fields: [String: ConfigurationField] = [
        "method": choice { \.method },
        "learning_rate": ConfigurationField(
            form: "a number from 0 up",
            set: { settings, value in
                guard let rate = value.doubleValue, rate >= 0, rate < 10 else { return false }
                settings.learningRate = rate
                return true
            }, get: { $0.learningRate.map { .double($0) } ?? nil }),
        "num_train_epochs": number(0..<100_000) { \.epochs },
        "max_steps": whole(-1...100_000_000) { \.maxSteps },
        "per_device_train_batch_size": whole(1...65536) { \.batchSize },
        "per_device_eval_batch_size": whole(1...65536) { \.evaluationBatchSize },
        "gradient_accumulation_steps": whole(1...65536) { \.accumulationSteps },
        "lr_scheduler_type": choice { \.schedule },
        "warmup_steps": ConfigurationField(
            form: "a whole number from 0 up",
            set: { settings, value in
                guard let steps = value.intValue, steps >= 0 else { return false }
                settings.warmupSteps = steps
                return true
            }, get: { $0.warmupSteps.map { .integer($0) } ?? nil }),
        "warmup_ratio": number(0..<1.0000001) { \.warmupRatio },
        "weight_decay": number(0..<100) { \.weightDecay },
        "adam_beta1": number(0..<1) { \.beta1 },
        "adam_beta2": number(0..<1) { \.beta2 },
        "adam_epsilon": number(0..<1) { \.epsilon },
        "max_grad_norm": number(0..<1e9) { \.maxGradientNorm },
        "eval_strategy": choice { \.evaluationStrategy },
        "eval_steps": whole(1...100_000_000) { \.evaluationSteps },
        "logging_steps": whole(1...100_000_000) { \.loggingSteps },
        "load_best_model_at_end": flag { \.loadsBestModel },
        "metric_for_best_model": ConfigurationField(
            form: "one of loss, accuracy, macro_f1, f1, perplexity",
            set: { settings, value in
                var name = value.stringValue ?? ""
                if name.hasPrefix("eval_") { name.removeFirst(5) }
                guard let metric = Metric(rawValue: name) else { return false }
                settings.metric = metric
                return true
            }, get: { $0.metric.map { .string($0.rawValue) } ?? nil }),
        "greater_is_better": ConfigurationField(
            form: "true or false", set: { _, value in value.boolValue != nil },
            get: { $0.metric.map { .bool(!$0.isBetterSmaller) } ?? nil }),
        "early_stopping_patience": whole(0...1_000_000) { \.earlyStoppingPatience },
        "seed": ConfigurationField(
            form: "a whole number from 0 up",
            set: { settings, value in
                guard let seed = value.intValue, seed >= 0 else { return false }
                settings.seed = UInt64(seed)
                return true
            }, get: { .number(String($0.seed)) }),
        "data_seed": ConfigurationField(
            form: "a whole number from 0 up",
            set: { settings, value in
                guard let seed = value.intValue, seed >= 0 else { return false }
                settings.dataSeed = UInt64(seed)
                return true
            }, get: { .number(String($0.dataSeed ?? $0.seed)) }),
        "label_smoothing_factor": number(0..<1) { \.labelSmoothing },
        "class_weights": ConfigurationField(
            form: "\"balanced\" or an array with a positive number for each label",
            set: { settings, value in
                if value == "balanced" {
                    settings.classWeights = .balanced
                    return true
                }
                guard let numbers = value.arrayValue?.map(\.doubleValue), !numbers.isEmpty,
                    numbers.allSatisfy({ $0.map { $0 > 0 && $0.isFinite } ?? false })
                else { return false }
                settings.classWeights = .given(numbers.compactMap { $0 })
                return true
            },
            get: {
                switch $0.classWeights {
                case .equal: nil
                case .balanced: "balanced"
                case .given(let weights): .array(weights.map { .double($0) })
                }
            }),
        "group_by_length": flag { \.groupsByLength },
        "freeze_layers": optionalWhole(0...1000) { \.frozenLayers },
        "freeze_embeddings": flag { \.freezesEmbeddings },
        "hidden_dropout_prob": number(0..<1) { \.hiddenDropout },
        "attention_probs_dropout_prob": number(0..<1) { \.attentionDropout },
        "classifier_dropout": ConfigurationField(
            form: "a number from 0 to below 1",
            set: { settings, value in
                guard let rate = value.doubleValue, rate >= 0, rate < 1 else { return false }
                settings.classifierDropout = rate
                return true
            }, get: { .double($0.classifierDropout ?? $0.hiddenDropout) }),
        "max_length": whole(3...65536) { \.maxLength },
        "threads": whole(0...1024) { \.threads },
        "tokens_per_pass": optionalWhole(1...1_000_000) { \.tokensPerPass },
        "r": whole(1...4096) { \.rank },
        "lora_alpha": number(0..<1e6) { \.alpha },
        "lora_dropout": number(0..<1) { \.adapterDropout },
        "target_modules": ConfigurationField(
            form: "an array of layer names (query, q_proj, \u{2026}) or of their ends, or "
                + "\"all-linear\"",
            set: { settings, value in
                if value == "all-linear" {
                    settings.targetModules = ["all-linear"]
                    return true
                }
                guard let names = value.stringArray, !names.isEmpty else { return false }
                settings.targetModules = Array(Set(names)).sorted()
                return true
            }, get: { $0.targetModules.map { .array($0.map { .string($0) }) } ?? nil }),
        "layers_to_transform": ConfigurationField(
            form: "an array of layer numbers from 0",
            set: { settings, value in
                guard let numbers = value.arrayValue?.map(\.intValue), !numbers.isEmpty,
                    numbers.allSatisfy({ $0.map { $0 >= 0 } ?? false })
                else { return false }
                settings.adapterLayers = Array(Set(numbers.compactMap { $0 })).sorted()
                return true
            }, get: { $0.adapterLayers.map { .array($0.map { .integer($0) }) } ?? nil }),
        "use_rslora": flag { \.usesRankStabilization },
        "use_dora": flag { \.usesDoRA },
        "quantization": ConfigurationField(
            form: "one of nf4, gguf",
            set: { settings, value in
                settings.quantization = value.stringValue.flatMap(Quantization.init(rawValue:))
                return settings.quantization != nil
            }, get: { $0.quantization.map { .string($0.rawValue) } ?? nil }),
        "adapter_config": choice { \.adapterStyle },
        "reduction_factor": whole(1...4096) { \.reductionFactor },
        "adapter_act": choice { \.adapterActivation },
        "save_strategy": choice { \.saveStrategy },
        "save_steps": whole(1...100_000_000) { \.saveSteps },
        "save_total_limit": whole(0...1000) { \.saveTotalLimit },
        "dpo_beta": number(0..<1000) { \.preferenceBeta },
        "bootstrap_samples": whole(0...100_000) { \.bootstrapSamples },
        "packing": ConfigurationField(
            form: "true: examples always lie side by side, without padding and without seeing "
                + "each other",
            set: { _, value in value == true }, get: { _ in true }),
        "dp_target_epsilon": privacy(0..<1e6, { $0.targetEpsilon }) { $0.targetEpsilon = $1 },
        "dp_delta": privacy(0..<1, { $0.delta }) { $0.delta = $1 },
        "dp_noise_multiplier": privacy(0..<1e6, { $0.noiseMultiplier }) {
            $0.noiseMultiplier = $1
        },
        "dp_max_grad_norm": privacy(0..<1e9, { $0.clippingNorm }) { $0.clippingNorm = $1 },
        "modules_to_save": ConfigurationField(
            form: "[\"classifier\"]: the head is always trained, and nothing else is trained whole",
            set: { _, value in
                value.stringArray?.allSatisfy { $0 == "classifier" || $0 == "score" } ?? false
            }, get: { _ in ["classifier"] }),
    ]

    private typealias Member<Value> = @Sendable () -> WritableKeyPath<Self, Value>

    private static func number(_ range: Range<Double>, _ member: @escaping Member<Double>)
        -> ConfigurationField
    {
        ConfigurationField(
            form: "a number from \(range.lowerBound) to below \(range.upperBound)",
            set: { settings, value in
                guard let number = value.doubleValue, range.contains(number) else { return false }
                settings[keyPath: member()] = number
                return true
            }, get: { .double($0[keyPath: member()]) })
    }

    private static func whole(_ range: ClosedRange<Int>, _ member: @escaping Member<Int>)
        -> ConfigurationField
    {
        ConfigurationField(
            form: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            set: { settings, value in
                guard let number = value.intValue, range.contains(number) else { return false }
                settings[keyPath: member()] = number
                return true
            }, get: { .integer($0[keyPath: member()]) })
    }

    private static func optionalWhole(
        _ range: ClosedRange<Int>, _ member: @escaping Member<Int?>
    ) -> ConfigurationField {
        ConfigurationField(
            form: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            set: { settings, value in
                guard let number = value.intValue, range.contains(number) else { return false }
                settings[keyPath: member()] = number
                return true
            }, get: { $0[keyPath: member()].map { .integer($0) } ?? nil })
    }

    /// A setting of differential privacy, above 0; giving one turns privacy on.
    private static func privacy(
        _ range: Range<Double>, _ get: @escaping @Sendable (Privacy) -> Double?,
        _ set: @escaping @Sendable (inout Privacy, Double) -> Void
    ) -> ConfigurationField {
        ConfigurationField(
            form: "a number above 0 and below \(range.upperBound)",
            set: { settings, value in
                guard let number = value.doubleValue, range.contains(number), number > 0 else {
                    return false
                }
                var privacy = settings.privacy ?? Privacy()
                set(&privacy, number)
                settings.privacy = privacy
                return true
            }, get: { $0.privacy.flatMap(get).map { .double($0) } ?? nil })
    }

    private static func flag(_ member: @escaping Member<Bool>) -> ConfigurationField {
        ConfigurationField(
            form: "true or false",
            set: { settings, value in
                guard let flag = value.boolValue else { return false }
                settings[keyPath: member()] = flag
                return true
            }, get: { .bool($0[keyPath: member()]) })
    }

    private static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ member: @escaping Member<Choice>
    ) -> ConfigurationField where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return ConfigurationField(
            form: "one of \(names)",
            set: { settings, value in
                guard let choice = value.stringValue.flatMap({ Choice(rawValue: $0) }) else {
                    return false
                }
                settings[keyPath: member()] = choice
                return true
            }, get: { .string($0[keyPath: member()].rawValue) })
    }
}
