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
        switch self {
        case .started(let it): it.json
        case .plan(let it): .object((it.json.objectValue ?? [:]).merging(["event": "plan"]) { $1 })
        case .example(let text): ["event": "example", "text": .string(text)]
        case .progress(let it): it.json
        case .evaluation(let it):
            [
                "event": "evaluation", "split": .string(it.split.rawValue),
                "step": .integer(it.step), "epoch": .double(it.epoch),
                "isBest": .bool(it.isBest), "metrics": it.metrics.json,
            ]
        case .checkpoint(let it): it.json
        case .prediction(let it): it.json
        case .generation(let it): it.json
        case .tags(let it): it.json
        case .probe(let it): it.json
        case .artifact(let it):
            .object((it.json.objectValue ?? [:]).merging(["event": "artifact"]) { $1 })
        case .capabilities(let value): ["event": "capabilities", "capabilities": value]
        case .warning(let code, let message):
            ["event": "warning", "code": .string(code), "message": .string(message)]
        case .hint(let code, let message, let parameter):
            [
                "event": "hint", "code": .string(code), "message": .string(message),
                "parameter": .optional(parameter),
            ]
        case .answered: ["event": "answered"]
        case .refused(let code, let message, let hint):
            Self.ending("refused", code, message, hint)
        case .finished(let summary): ["event": "finished", "summary": summary]
        case .failed(let code, let message, let hint):
            Self.ending("failed", code, message, hint)
        }
    }

    private static func ending(
        _ event: String, _ code: String, _ message: String, _ hint: String
    ) -> JSONValue {
        [
            "event": .string(event), "code": .string(code), "message": .string(message),
            "hint": .string(hint),
        ]
    }

    init(fields: JSONFields) throws(EngineProtocolError) {
        switch try fields.text("event") {
        case "started": self = .started(try Started(fields))
        case "plan": self = .plan(try EnginePlan(fields))
        case "example": self = .example(text: try fields.text("text"))
        case "progress": self = .progress(try Progress(fields))
        case "evaluation":
            self = .evaluation(
                Evaluation(
                    split: try fields.choice("split", of: Split.self),
                    step: try fields.integer("step"), epoch: try fields.number("epoch"),
                    isBest: fields.value("isBest").boolValue ?? false,
                    metrics: try RunMetrics(json: fields.value("metrics"))))
        case "checkpoint": self = .checkpoint(try Checkpoint(fields))
        case "prediction": self = .prediction(try Prediction(fields))
        case "generation": self = .generation(try Generation(fields))
        case "tags": self = .tags(try Tags(fields))
        case "probe": self = .probe(try Probe(fields))
        case "artifact": self = .artifact(try Artifact(fields))
        case "capabilities": self = .capabilities(fields.value("capabilities"))
        case "warning":
            self = .warning(
                code: try fields.text("code"), message: try fields.text("message"))
        case "hint":
            self = .hint(
                code: try fields.text("code"), message: try fields.text("message"),
                parameter: try fields.optionalText("parameter"))
        case "answered": self = .answered
        case "refused":
            self = .refused(
                code: try fields.text("code"), message: try fields.text("message"),
                hint: try fields.text("hint", or: "ask for something else"))
        case "finished": self = .finished(fields.value("summary"))
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

extension JSONValue {
    /// A number, or `null`.
    static func optional(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    /// A whole number, or `null`.
    static func optional(_ value: Int?) -> JSONValue { value.map { .integer($0) } ?? .null }
    /// A string, or `null`.
    static func optional(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    /// An array of numbers.
    static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .double($0) }) }
    /// An array of strings.
    static func texts(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
}
