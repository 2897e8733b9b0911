import EngineProtocol
import Records
import Training

/// The settings of a run: what the trainer reads, and what the engine itself does with data.
struct EngineSettings {
    var training: TrainingConfiguration
    /// Whether only the assistant's tokens are learned of a chat.
    var completionOnly = true
    /// A chat template by name, instead of the model's own.
    var template: String?
    /// Canaries that are put among the training examples.
    var canaries = 0
    /// Whether a general set is scored before and after.
    var measuresForgetting = false
    /// How a whole model's weights are written.
    var weightFormat = "f32"
    /// Whether max_length was set.
    let hasMaxLength: Bool

    private static let own = [
        "completion_only_loss", "chat_template", "canaries", "forgetting", "weight_format",
    ]

    /// What was set, the method and the threads.
    init(_ request: EngineRequest) throws {
        var values = request.hyperParameters.values
        completionOnly = values["completion_only_loss"]?.boolValue ?? true
        template = values["chat_template"]?.stringValue
        canaries = values["canaries"]?.intValue ?? 0
        measuresForgetting = values["forgetting"]?.boolValue ?? false
        weightFormat = values["weight_format"]?.stringValue ?? "f32"
        hasMaxLength = values["max_length"] != nil
        for name in Self.own { values[name] = nil }
        values["method"] = .string(request.method.rawValue)
        values["threads"] = .integer(request.threads)
        training = try TrainingConfiguration(json: .object(values))
        guard (0...1000).contains(canaries) else {
            throw EngineFailure(
                "configuration", "canaries is \(canaries)", hint: "it is from 0 to 1000")
        }
    }

    /// Fills in what follows from the model, so that the run says what it really does.
    mutating func settle(_ source: ModelSource) {
        if !hasMaxLength {
            training.maxLength = source.config.isDecoder ? 512 : 128
            training.maxLength = min(training.maxLength, source.config.maxLength)
        }
        training.settle(for: source.config)
    }

    /// Every setting with its effective value.
    var json: JSONValue {
        var members = training.json.objectValue ?? [:]
        members["completion_only_loss"] = .bool(completionOnly)
        members["chat_template"] = template.map { .string($0) } ?? nil
        members["canaries"] = .integer(canaries)
        members["forgetting"] = .bool(measuresForgetting)
        members["weight_format"] = .string(weightFormat)
        return .object(members.filter { !$0.value.isNull })
    }
}
