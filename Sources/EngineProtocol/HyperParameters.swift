public import Records

/// Hyper-parameters under the names that users of Hugging Face know.
///
/// Only what was set stands here; the engine fills in its defaults, checks ranges, and reports the
/// effective values in its `started` event. Names and types are checked here already, so that a
/// slip is found before a run begins.
///
///     var parameters = HyperParameters()
///     try parameters.set("learning_rate", "5e-5")
public struct HyperParameters: Sendable, Hashable {
    /// What a value may be.
    enum Form: String {
        case number, integer, boolean, text
        case texts = "list of words"
        case integers = "list of whole numbers"
        case weights = "\"balanced\" or list of numbers"
    }

    static let forms: [String: Form] = [
        "learning_rate": .number, "num_train_epochs": .number, "max_steps": .integer,
        "per_device_train_batch_size": .integer, "per_device_eval_batch_size": .integer,
        "gradient_accumulation_steps": .integer, "lr_scheduler_type": .text,
        "warmup_steps": .integer, "warmup_ratio": .number, "weight_decay": .number,
        "adam_beta1": .number, "adam_beta2": .number, "adam_epsilon": .number,
        "max_grad_norm": .number, "eval_strategy": .text, "eval_steps": .integer,
        "logging_steps": .integer, "tokens_per_pass": .integer,
        "load_best_model_at_end": .boolean, "metric_for_best_model": .text,
        "greater_is_better": .boolean, "early_stopping_patience": .integer, "seed": .integer,
        "data_seed": .integer, "label_smoothing_factor": .number, "class_weights": .weights,
        "group_by_length": .boolean, "freeze_layers": .integer, "freeze_embeddings": .boolean,
        "hidden_dropout_prob": .number, "attention_probs_dropout_prob": .number,
        "classifier_dropout": .number, "max_length": .integer, "r": .integer,
        "lora_alpha": .number, "lora_dropout": .number, "target_modules": .texts,
        "modules_to_save": .texts, "layers_to_transform": .integers, "use_rslora": .boolean,
        "use_dora": .boolean, "adapter_config": .text, "reduction_factor": .integer,
        "adapter_act": .text, "quantization": .text, "packing": .boolean,
        "completion_only_loss": .boolean, "chat_template": .text, "dpo_beta": .number,
        "save_steps": .integer, "save_strategy": .text, "save_total_limit": .integer,
        "dp_target_epsilon": .number, "dp_delta": .number, "dp_noise_multiplier": .number,
        "dp_max_grad_norm": .number, "canaries": .integer, "forgetting": .boolean,
        "bootstrap_samples": .integer, "weight_format": .text,
    ]

    /// The words that a name takes, where they are the same for every engine.
    static let choices: [String: [String]] = [
        "save_strategy": ["no", "steps", "epoch"], "eval_strategy": ["no", "steps", "epoch"],
        "adapter_config": ["houlsby", "pfeiffer"], "quantization": ["nf4", "gguf"],
        "weight_format": ["f32", "f16", "q8_0"],
    ]

    /// Every name there is, sorted.
    public static let keys: [String] = forms.keys.sorted()

    /// What was set, by name.
    public private(set) var values: [String: JSONValue] = [:]

    /// Nothing set: the engine's defaults.
    public init() {}

    /// Reads a JSON object.
    ///
    /// - Throws: `.hyperParameter` for an unknown name (with a suggestion) or a value of the wrong
    ///   type.
    public init(json: JSONValue) throws(EngineProtocolError) {
        let fields = try JSONFields(json, "hyper-parameters")
        for (name, value) in fields.members.sorted(by: { $0.key < $1.key }) {
            try set(name, value)
        }
    }

    /// Reads names and values as a command line or a YAML file gives them.
    public init(pairs: [(String, String)]) throws(EngineProtocolError) {
        for (name, value) in pairs { try set(name, value) }
    }

    /// The value of a name, nil if it was not set.
    public subscript(name: String) -> JSONValue? { values[name] }

    /// What was set, as a JSON object.
    public var json: JSONValue { .object(values) }

    /// Sets a value out of text: `true`, `5e-5`, `query,value`.
    public mutating func set(_ name: String, _ text: String) throws(EngineProtocolError) {
        let form = try Self.form(of: name)
        let words = text.split(separator: ",").map { word in
            String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        let value: JSONValue
        switch form {
        case .text: value = .string(text)
        case .texts where words == ["all-linear"]: value = .string(text)
        case .texts: value = .array(words.map { .string($0) })
        case .boolean: value = text == "true" ? true : text == "false" ? false : .string(text)
        case .integer: value = Int(text).map { .integer($0) } ?? .string(text)
        case .number: value = Double(text).map { .double($0) } ?? .string(text)
        case .integers: value = .array(words.map { w in Int(w).map { .integer($0) } ?? .null })
        case .weights where text == "balanced": value = .string(text)
        case .weights: value = .array(words.map { w in Double(w).map { .double($0) } ?? .null })
        }
        try set(name, value)
    }

    /// Sets a JSON value.
    public mutating func set(_ name: String, _ value: JSONValue) throws(EngineProtocolError) {
        let form = try Self.form(of: name)
        guard Self.fits(value, form) else {
            throw EngineProtocolError(
                .hyperParameter, "\(name) takes a \(form.rawValue)",
                hint: "as in \(Self.example(name, form))")
        }
        if let choices = Self.choices[name], !choices.contains(value.stringValue ?? "") {
            let given = value.stringValue ?? ""
            throw EngineProtocolError(
                .hyperParameter, "\(name) does not take '\(given)'",
                hint: Suggestion.nearest(to: given, in: choices).map { "did you mean \($0)?" }
                    ?? "it takes \(choices.joined(separator: ", "))")
        }
        values[name] = value
    }

    private static func fits(_ value: JSONValue, _ form: Form) -> Bool {
        switch form {
        case .number: value.doubleValue != nil
        case .integer: value.intValue != nil
        case .boolean: value.boolValue != nil
        case .text: value.stringValue != nil
        case .texts: value.stringArray != nil || value.stringValue == "all-linear"
        case .integers: value.arrayValue?.allSatisfy { $0.intValue != nil } ?? false
        case .weights:
            value.stringValue == "balanced"
                || (value.arrayValue?.allSatisfy { $0.doubleValue != nil } ?? false)
        }
    }

    private static func example(_ name: String, _ form: Form) -> String {
        switch form {
        case .number: "\(name)=0.1"
        case .integer: "\(name)=10"
        case .boolean: "\(name)=true"
        case .text: "\(name)=\(choices[name]?.first ?? "linear")"
        case .texts: "\(name)=query,value"
        case .integers: "\(name)=0,1"
        case .weights: "\(name)=balanced"
        }
    }

    private static func form(of name: String) throws(EngineProtocolError) -> Form {
        if let form = forms[name] { return form }
        let hint: String
        switch name {
        case "method": hint = "the method is an option of its own"
        case "threads": hint = "the number of threads is an option of its own"
        default:
            if let close = Suggestion.nearest(to: name, in: keys) {
                hint = "did you mean \(close)?"
            } else {
                hint = "known are: \(keys.joined(separator: ", "))"
            }
        }
        throw EngineProtocolError(
            .hyperParameter, "there is no hyper-parameter '\(name)'", hint: hint)
    }
}
