import Records

/// A PEFT `adapter_config.json` of a LoRA adapter for sequence classification.
public struct AdapterConfig: Sendable, Hashable {
    /// Rank r.
    public var rank: Int
    /// α; the product B·A is scaled by α/r, or α/√r with ``usesRankStabilization``.
    public var alpha: Double
    /// Dropout on the input of A while training.
    public var dropout: Double
    /// Names, or ends of names after a dot, of the linear layers that have an adapter.
    public var targetModules: [String]
    /// Layers that have one; nil for all.
    public var layers: [Int]?
    /// rsLoRA (Kalajdzievski 2023).
    public var usesRankStabilization: Bool
    /// Name of the base model: never a path.
    public var baseModelName: String
    /// Modules that are trained whole and kept beside the adapter.
    public var modulesToSave: [String]

    /// An adapter's settings.
    public init(
        rank: Int, alpha: Double, dropout: Double = 0, targetModules: [String],
        layers: [Int]? = nil, usesRankStabilization: Bool = false, baseModelName: String = "",
        modulesToSave: [String] = ["classifier", "score"]
    ) {
        self.rank = rank
        self.alpha = alpha
        self.dropout = dropout
        self.targetModules = targetModules
        self.layers = layers
        self.usesRankStabilization = usesRankStabilization
        self.baseModelName = baseModelName
        self.modulesToSave = modulesToSave
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
        for name in ["use_dora", "fan_in_fan_out", "lora_bias"]
        where value[name]?.boolValue == true {
            throw ModelFilesError(
                .unsupported, "the adapter has \(name)", hint: "Merge it into its base first.")
        }
        for name in ["rank_pattern", "alpha_pattern"]
        where value[name]?.objectValue?.isEmpty == false {
            throw ModelFilesError(
                .unsupported, "the adapter has a \(name)", hint: "Merge it into its base first.")
        }
        guard let rank = value["r"]?.intValue, rank > 0, rank <= 4096,
            let alpha = value["lora_alpha"]?.doubleValue,
            let targets = value["target_modules"]?.stringArray
                ?? value["target_modules"]?.stringValue.map({ [$0] })
        else {
            throw ModelFilesError(
                .malformed, "adapter_config.json has no r, lora_alpha or target_modules",
                hint: "Export the adapter again.")
        }
        self.init(
            rank: rank, alpha: alpha, dropout: value["lora_dropout"]?.doubleValue ?? 0,
            targetModules: targets.sorted(),
            layers: value["layers_to_transform"]?.arrayValue?.compactMap(\.intValue),
            usesRankStabilization: value["use_rslora"]?.boolValue ?? false,
            baseModelName: value["base_model_name_or_path"]?.stringValue ?? "",
            modulesToSave: value["modules_to_save"]?.stringArray ?? [])
    }

    /// The factor of B·A.
    public var scale: Double {
        usesRankStabilization ? alpha / Double(rank).squareRoot() : alpha / Double(rank)
    }

    /// The file's bytes. Members that PEFT fills with a default are left out, so that older and
    /// newer versions of it load the file.
    public func encoded() -> [UInt8] {
        let members: [String: JSONValue] = [
            "peft_type": "LORA", "task_type": "SEQ_CLS", "inference_mode": true, "bias": "none",
            "r": .integer(rank), "lora_alpha": .double(alpha), "lora_dropout": .double(dropout),
            "target_modules": .array(targetModules.sorted().map { .string($0) }),
            "modules_to_save": .array(modulesToSave.map { .string($0) }),
            "layers_to_transform": layers.map { .array($0.map { .integer($0) }) } ?? nil,
            "use_rslora": .bool(usesRankStabilization), "use_dora": false,
            "fan_in_fan_out": false, "init_lora_weights": true, "revision": nil,
            "auto_mapping": nil, "base_model_name_or_path": .string(baseModelName),
            "rank_pattern": [:], "alpha_pattern": [:], "layers_pattern": nil,
        ]
        return CanonicalJSON.encode(.object(members))
    }
}
