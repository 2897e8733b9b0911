public import Records

/// The `adapter_config.json` of bottleneck adapters, for which PEFT has no form.
public struct BottleneckConfig: Sendable, Hashable {
    /// What `peft_type` says, so that PEFT refuses the folder by name.
    static let type = "TUNDISH_BOTTLENECK"

    /// Where the adapters stand.
    public var style: TrainingConfiguration.AdapterStyle
    /// The model's width is divided by this.
    public var reductionFactor: Int
    /// What is between the two products.
    public var activation: TrainingConfiguration.AdapterActivation
    /// Layers that have adapters; nil for all.
    public var layers: [Int]?
    /// Name of the base model: never a path.
    public var baseModelName: String

    /// Whether these are the settings of bottleneck adapters.
    public static func isOne(_ json: JSONValue) -> Bool { json["peft_type"]?.stringValue == type }

    init(_ plan: BottleneckPlan, layers: [Int]?, baseModelName: String) {
        style = plan.style
        reductionFactor = plan.reduction
        activation = plan.activation
        self.layers = layers
        self.baseModelName = baseModelName
    }

    /// Reads the file's members.
    public init(json: JSONValue) throws(TrainingError) {
        guard Self.isOne(json),
            let style = json["style"]?.stringValue
                .flatMap(TrainingConfiguration.AdapterStyle.init(rawValue:)),
            let activation = json["activation"]?.stringValue
                .flatMap(TrainingConfiguration.AdapterActivation.init(rawValue:)),
            let reduction = json["reduction_factor"]?.intValue, reduction > 0
        else {
            throw TrainingError(
                .adapter, "adapter_config.json does not describe bottleneck adapters",
                hint: "Export the adapter again.")
        }
        self.style = style
        self.activation = activation
        reductionFactor = reduction
        layers = json["layers"]?.arrayValue?.compactMap(\.intValue)
        baseModelName = json["base_model_name_or_path"]?.stringValue ?? ""
    }

    /// The file's bytes.
    func encoded() -> [UInt8] {
        CanonicalJSON.encode([
            "peft_type": .string(Self.type), "style": .string(style.rawValue),
            "reduction_factor": .integer(reductionFactor),
            "activation": .string(activation.rawValue),
            "layers": layers.map { .array($0.map { .integer($0) }) } ?? nil,
            "base_model_name_or_path": .string(baseModelName),
        ])
    }
}
