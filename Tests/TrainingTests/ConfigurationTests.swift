import Records
import Testing

@testable import Training

struct ConfigurationTests {
    @Test func defaultsAndEveryNameComeBack() throws {
        #expect(try TrainingConfiguration(json: [:]) == TrainingConfiguration())
        var configuration = TrainingConfiguration()
        configuration.method = .full
        configuration.learningRate = 3e-5
        configuration.warmupSteps = 7
        configuration.dataSeed = 5
        configuration.classWeights = .given([1, 2])
        configuration.classifierDropout = 0.1
        configuration.adapterLayers = [0, 2]
        configuration.metric = .loss
        #expect(try TrainingConfiguration(json: configuration.json) == configuration)
    }

    @Test func everySettingIsRead() throws {
        let json: JSONValue = [
            "method": "lora", "learning_rate": 0.01, "num_train_epochs": 1.5, "max_steps": 9,
            "per_device_train_batch_size": 3, "per_device_eval_batch_size": 4,
            "gradient_accumulation_steps": 2, "lr_scheduler_type": "cosine", "warmup_steps": 1,
            "warmup_ratio": 0.2, "weight_decay": 0.3, "adam_beta1": 0.8, "adam_beta2": 0.99,
            "adam_epsilon": 1e-6, "max_grad_norm": 0.5, "eval_strategy": "steps", "eval_steps": 5,
            "logging_steps": 2, "load_best_model_at_end": false,
            "metric_for_best_model": "eval_accuracy", "greater_is_better": true,
            "early_stopping_patience": 3, "seed": 1, "data_seed": 2, "label_smoothing_factor": 0.1,
            "class_weights": "balanced", "group_by_length": false, "freeze_layers": 1,
            "freeze_embeddings": true, "hidden_dropout_prob": 0.1,
            "attention_probs_dropout_prob": 0.2, "classifier_dropout": 0.3, "max_length": 64,
            "threads": 1, "tokens_per_pass": 100, "r": 4, "lora_alpha": 32, "lora_dropout": 0.05,
            "target_modules": "all-linear", "layers_to_transform": [1, 0], "use_rslora": true,
            "use_dora": true, "modules_to_save": ["classifier"], "quantization": "nf4",
            "adapter_config": "houlsby", "reduction_factor": 8, "adapter_act": "gelu",
            "save_strategy": "steps", "save_steps": 7, "save_total_limit": 2, "dpo_beta": 0.2,
            "bootstrap_samples": 10, "packing": true, "dp_target_epsilon": 3, "dp_delta": 1e-4,
            "dp_noise_multiplier": 1.5, "dp_max_grad_norm": 0.7,
        ]
        let configuration = try TrainingConfiguration(json: json)
        #expect(Set(json.objectValue!.keys) == Set(TrainingConfiguration.fields.keys))
        #expect(configuration.schedule == .cosine && configuration.metric == .accuracy)
        #expect(configuration.targetModules == ["all-linear"])
        #expect(configuration.adapterLayers == [0, 1])
        #expect(configuration.adapterScale == 16)
        #expect(configuration.privacy?.targetEpsilon == 3 && configuration.usesDoRA)
        #expect(try TrainingConfiguration(json: configuration.json) == configuration)
    }

    @Test(arguments: [
        ("learning_rat", "learning_rate"), ("lr", "r"), ("batch_size", ""),
        ("num_epochs", "num_train_epochs"), ("lora_r", "lora_"), ("warmup_step", "warmup_steps"),
    ])
    func unknownNamesAreErrorsWithASuggestion(_ name: String, _ suggestion: String) {
        let error = #expect(throws: TrainingError.self) {
            try TrainingConfiguration(json: .object([name: 1]))
        }
        #expect(error?.code == .configuration)
        #expect(error?.description.contains(name) == true)
        #expect(error?.hint.contains(suggestion) == true)
    }

    @Test(
        arguments: [
            ("method", "quick" as JSONValue), ("learning_rate", "fast"), ("learning_rate", -1),
            ("num_train_epochs", -1), ("r", 0), ("r", 1.5), ("seed", -1), ("weight_decay", true),
            ("eval_strategy", "sometimes"), ("class_weights", [1, -1]), ("class_weights", []),
            ("hidden_dropout_prob", 1), ("target_modules", []), ("use_dora", "yes"),
            ("quantization", "int8"), ("packing", false), ("dp_delta", 0),
            ("modules_to_save", ["embeddings"]), ("layers_to_transform", [-1]),
            ("max_steps", 1e300),
            ("metric_for_best_model", "bleu"),
        ] as [(String, JSONValue)])
    func wrongValuesAreErrors(_ name: String, _ value: JSONValue) {
        let error = #expect(throws: TrainingError.self) {
            try TrainingConfiguration(json: .object([name: value]))
        }
        #expect(error?.code == .configuration)
    }

    @Test func aMetricAndItsDirectionMustAgree() {
        #expect(throws: TrainingError.self) {
            try TrainingConfiguration(
                json: ["metric_for_best_model": "loss", "greater_is_better": true])
        }
    }

    @Test func schedules() {
        var configuration = TrainingConfiguration()
        configuration.learningRate = 1
        configuration.warmupSteps = 2
        func rates(_ kind: TrainingConfiguration.Schedule) -> [Double] {
            configuration.schedule = kind
            let schedule = RateSchedule(configuration, totalSteps: 6, peak: 1)
            return (0..<6).map { (schedule.rate($0) * 1000).rounded() / 1000 }
        }
        #expect(rates(.linear) == [0, 0.5, 1, 0.75, 0.5, 0.25])
        #expect(rates(.cosine) == [0, 0.5, 1, 0.854, 0.5, 0.146])
        #expect(rates(.constant) == [1, 1, 1, 1, 1, 1])
        #expect(rates(.constantWithWarmup) == [0, 0.5, 1, 1, 1, 1])
        configuration.warmupSteps = nil
        configuration.warmupRatio = 0.1
        #expect(RateSchedule(configuration, totalSteps: 225, peak: 1).warmupSteps == 23)
    }
}
