public import Records

extension EngineEvent {
    /// The longest line that a reader accepts, in bytes.
    public static let lineLimit = 1 << 20

    /// The event as one line of JSON, with its end of line.
    public func line() -> [UInt8] { CanonicalJSON.encode(json) + [0x0A] }

    /// Reads one line; its end of line may be there or not. Unknown members are passed over.
    ///
    /// - Throws: `.malformed` for no JSON, an unknown event, or a member that is missing or of the
    ///   wrong type.
    public init(line: [UInt8]) throws(EngineProtocolError) {
        try self.init(fields: JSONFields(bytes: line, "an event"))
    }

    /// The event as JSON.
    public var json: JSONValue {
        func optional(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
        func optional(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        switch self {
        case .started(let it):
            return [
                "event": "started", "protocol": .integer(EngineCommand.protocolVersion),
                "engine": .string(it.engine), "version": .string(it.version),
                "labels": .array(it.labels.map { .string($0) }),
                "configuration": it.configuration, "details": it.details,
            ]
        case .progress(let it):
            return [
                "event": "progress", "step": .integer(it.step), "steps": .integer(it.steps),
                "epoch": .double(it.epoch), "loss": .double(it.loss),
                "learningRate": .double(it.learningRate),
                "gradientNorm": optional(it.gradientNorm),
                "tokensPerSecond": optional(it.tokensPerSecond),
                "secondsRemaining": optional(it.secondsRemaining),
            ]
        case .evaluation(let it):
            return [
                "event": "evaluation", "split": .string(it.split.rawValue),
                "step": .integer(it.step), "epoch": .double(it.epoch),
                "isBest": .bool(it.isBest), "metrics": it.metrics.json,
            ]
        case .prediction(let it):
            return [
                "event": "prediction", "index": .integer(it.index), "rid": optional(it.rid),
                "label": .string(it.label),
                "probabilities": .array(it.probabilities.map { .double($0) }),
                "truth": optional(it.truth),
            ]
        case .artifact(let it):
            return [
                "event": "artifact", "name": .string(it.name), "size": .integer(it.size),
                "sha256": .string(it.sha256),
            ]
        case .capabilities(let value):
            return ["event": "capabilities", "capabilities": value]
        case .warning(let code, let message):
            return ["event": "warning", "code": .string(code), "message": .string(message)]
        case .finished(let summary):
            return ["event": "finished", "summary": summary]
        case .failed(let code, let message, let hint):
            return [
                "event": "failed", "code": .string(code), "message": .string(message),
                "hint": .string(hint),
            ]
        }
    }

    private init(fields: JSONFields) throws(EngineProtocolError) {
        switch try fields.text("event") {
        case "started":
            self = .started(
                Started(
                    engine: try fields.text("engine"), version: try fields.text("version"),
                    labels: fields.isAbsent("labels") ? [] : try fields.texts("labels"),
                    configuration: fields.value("configuration"),
                    details: fields.value("details")))
        case "progress":
            self = .progress(
                Progress(
                    step: try fields.integer("step"), steps: try fields.integer("steps"),
                    epoch: try fields.number("epoch"), loss: try fields.number("loss"),
                    learningRate: try fields.number("learningRate"),
                    gradientNorm: try fields.optionalNumber("gradientNorm"),
                    tokensPerSecond: try fields.optionalNumber("tokensPerSecond"),
                    secondsRemaining: try fields.optionalNumber("secondsRemaining")))
        case "evaluation":
            self = .evaluation(
                Evaluation(
                    split: try fields.choice("split", of: Split.self),
                    step: try fields.integer("step"), epoch: try fields.number("epoch"),
                    isBest: fields.value("isBest").boolValue ?? false,
                    metrics: try ClassificationMetrics(json: fields.value("metrics"))))
        case "prediction":
            self = .prediction(
                Prediction(
                    index: try fields.integer("index"), rid: try fields.optionalText("rid"),
                    label: try fields.text("label"),
                    probabilities: try fields.array("probabilities").compactMap(\.doubleValue),
                    truth: try fields.optionalText("truth")))
        case "artifact":
            self = .artifact(
                Artifact(
                    name: try fields.text("name"), size: try fields.integer("size"),
                    sha256: try fields.text("sha256")))
        case "capabilities":
            self = .capabilities(fields.value("capabilities"))
        case "warning":
            self = .warning(
                code: try fields.text("code"), message: try fields.text("message"))
        case "finished":
            self = .finished(fields.value("summary"))
        case "failed":
            self = .failed(
                code: try fields.text("code"), message: try fields.text("message"),
                hint: try fields.text("hint", or: "see the engine's own log"))
        default:
            throw EngineProtocolError(
                .malformed, "an event of an unknown name", hint: "see docs/engine-protocol.md")
        }
    }
}
