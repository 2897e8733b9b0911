import Records

/// A PEFT `adapter_config.json` of a LoRA adapter.
public struct AdapterConfig: Sendable, Hashable {
    /// What the adapted model is for (PEFT's names).
    public enum TaskType: String, Sendable, CaseIterable {
        /// One label for each text.
        case sequenceClassification = "SEQ_CLS"
        /// One label for each token.
        case tokenClassification = "TOKEN_CLS"
        /// The next token.
        case causalLanguageModelling = "CAUSAL_LM"

        /// What PEFT trains whole for the task if it is not told.
        public var usualModulesToSave: [String] {
            self == .causalLanguageModelling ? [] : ["classifier", "score"]
        }
    }

    /// The word that stands for every linear layer but the output's, alone in ``targetModules``.
    public static let allLinear = "all-linear"

    /// Rank r.
    public var rank: Int
    /// α; the product B·A is scaled by α/r, or α/√r with ``usesRankStabilization``.
    public var alpha: Double
    /// Dropout on the input of A while training.
    public var dropout: Double
    /// Names, or ends of names after a dot, of the linear layers that have an adapter; or
    /// ``allLinear`` alone.
    public var targetModules: [String]
    /// Layers that have one; nil for all.
    public var layers: [Int]?
    /// rsLoRA (Kalajdzievski 2023).
    public var usesRankStabilization: Bool
    /// Name of the base model: never a path.
    public var baseModelName: String
    /// Modules that are trained whole and kept beside the adapter.
    public var modulesToSave: [String]
    /// What the adapted model is for.
    public var taskType: TaskType
    /// Whether each adapted weight has a magnitude of its own (DoRA, Liu et al. 2024).
    public var usesDoRA: Bool
    /// Whether the adapted weights are stored inputs × outputs, as GPT-2's `Conv1D` does.
    public var fanInFanOut: Bool

    /// An adapter's settings. Without `modulesToSave`, what the task usually trains whole.
    public init(
        rank: Int, alpha: Double, dropout: Double = 0, targetModules: [String],
        layers: [Int]? = nil, usesRankStabilization: Bool = false, baseModelName: String = "",
        modulesToSave: [String]? = nil, taskType: TaskType = .sequenceClassification,
        usesDoRA: Bool = false, fanInFanOut: Bool = false
    ) {
        self.rank = rank
        self.alpha = alpha
        self.dropout = dropout
        self.targetModules = targetModules
        self.layers = layers
        self.usesRankStabilization = usesRankStabilization
        self.baseModelName = baseModelName
        self.modulesToSave = modulesToSave ?? taskType.usualModulesToSave
        self.taskType = taskType
        self.usesDoRA = usesDoRA
        self.fanInFanOut = fanInFanOut
    }

    /// Reads an `adapter_config.json`; kinds of adapter that change the arithmetic are refused.
    public init(bytes: [UInt8]) throws(ModelFilesError) {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            throw ModelFilesError(
                .malformed, "adapter_config.json is not JSON: \(error)",
                hint: "Export the adapter again.")
        }
        guard value["peft_type"]?.stringValue == "LORA" else {
            throw ModelFilesError(
                .unsupported, "the adapter is not a LoRA adapter", hint: "Only LoRA is read.")
        }
        guard value["lora_bias"]?.boolValue != true else {
            throw ModelFilesError(
                .unsupported, "the adapter has lora_bias", hint: "Merge it into its base first.")
        }
        if let bias = value["bias"]?.stringValue, bias != "none" {
            throw ModelFilesError(
                .unsupported, "the adapter has bias \(bias)",
                hint: "Merge it into its base first.")
        }
        for name in ["rank_pattern", "alpha_pattern"]
        where value[name]?.objectValue?.isEmpty == false {
            throw ModelFilesError(
                .unsupported, "the adapter has a \(name)", hint: "Merge it into its base first.")
        }
        guard let rank = value["r"]?.intValue, rank > 0, rank <= 4096,
            let alpha = value["lora_alpha"]?.doubleValue, alpha.isFinite
        else {
            throw ModelFilesError(
                .malformed, "adapter_config.json has no r or no lora_alpha",
                hint: "Export the adapter again.")
        }
        let task = value["task_type"]?.stringValue
        guard let taskType = task.map(TaskType.init(rawValue:)) ?? .sequenceClassification else {
            throw ModelFilesError(
                .unsupported, "the adapter is for the task \(task ?? "")",
                hint: "SEQ_CLS, TOKEN_CLS and CAUSAL_LM are read.")
        }
        self.init(
            rank: rank, alpha: alpha, dropout: value["lora_dropout"]?.doubleValue ?? 0,
            targetModules: try Self.targets(value["target_modules"]),
            layers: value["layers_to_transform"]?.arrayValue?.compactMap(\.intValue)
                ?? value["layers_to_transform"]?.intValue.map { [$0] },
            usesRankStabilization: value["use_rslora"]?.boolValue ?? false,
            baseModelName: value["base_model_name_or_path"]?.stringValue ?? "",
            modulesToSave: value["modules_to_save"]?.stringArray ?? [], taskType: taskType,
            usesDoRA: value["use_dora"]?.boolValue ?? false,
            fanInFanOut: value["fan_in_fan_out"]?.boolValue ?? false)
    }

    /// A list of names, or the word ``allLinear``; PEFT takes any other string for a pattern.
    private static func targets(_ value: JSONValue?) throws(ModelFilesError) -> [String] {
        if let names = value?.stringArray, !names.isEmpty { return names.sorted() }
        if value?.stringValue == allLinear { return [allLinear] }
        throw ModelFilesError(
            .unsupported, "adapter_config.json gives no list of names as target_modules",
            hint: "Export the adapter with a list of module names.")
    }

    /// The factor of B·A.
    public var scale: Double {
        usesRankStabilization ? alpha / Double(rank).squareRoot() : alpha / Double(rank)
    }

    /// The file's bytes. Members that PEFT fills with a default are left out, so that older and
    /// newer versions of it load the file.
    public func encoded() -> [UInt8] {
        let targets = targetModules.sorted().map { JSONValue.string($0) }
        let members: [String: JSONValue] = [
            "peft_type": "LORA", "task_type": .string(taskType.rawValue), "inference_mode": true,
            "bias": "none", "r": .integer(rank), "lora_alpha": .double(alpha),
            "lora_dropout": .double(dropout),
            "target_modules": targets == [.string(Self.allLinear)] ? targets[0] : .array(targets),
            "modules_to_save": modulesToSave.isEmpty
                ? .null : .array(modulesToSave.map { .string($0) }),
            "layers_to_transform": layers.map { .array($0.map { .integer($0) }) } ?? nil,
            "use_rslora": .bool(usesRankStabilization), "use_dora": .bool(usesDoRA),
            "fan_in_fan_out": .bool(fanInFanOut), "init_lora_weights": true, "revision": nil,
            "auto_mapping": nil, "base_model_name_or_path": .string(baseModelName),
            "rank_pattern": [:], "alpha_pattern": [:], "layers_pattern": nil,
        ]
        return CanonicalJSON.encode(.object(members))
    }
}
