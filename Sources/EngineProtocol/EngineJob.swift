import Records

/// One line that a worker reads on standard input after its request: something to answer.
///
///     {"job": 3, "verb": "generate", "messages": [[{"role": "user", "content": "Hello"}]],
///      "generation": {"max_new_tokens": 64}}
///
/// The worker answers with events that carry `job`, in order, and ends with `answered` or
/// `refused`. One job at a time.
public struct EngineJob: Sendable, Hashable {
    /// The longest line that a worker accepts, in bytes.
    public static let lineLimit = 16 << 20

    /// The job's number; each is larger than the one before.
    public var job: Int
    /// What to do: `predict`, `generate`, `tag` or `probe`.
    public var verb: EngineVerb
    /// Texts to work on.
    public var texts: [String]
    /// Chats to answer.
    public var messages: [[EngineMessage]]
    /// How to generate; nil: the engine's defaults.
    public var generation: GenerationOptions?

    /// Makes a job.
    public init(
        job: Int, verb: EngineVerb, texts: [String] = [], messages: [[EngineMessage]] = [],
        generation: GenerationOptions? = nil
    ) {
        self.job = job
        self.verb = verb
        self.texts = texts
        self.messages = messages
        self.generation = generation
    }

    /// The job as one line of JSON, with its end of line.
    public func line() -> [UInt8] {
        CanonicalJSON.encode([
            "job": .integer(job), "verb": .string(verb.rawValue), "texts": .texts(texts),
            "messages": EngineMessage.json(messages), "generation": generation?.json ?? .null,
        ]) + [0x0A]
    }

    /// Reads one line.
    ///
    /// - Throws: `.malformed`, or `.forbidden` for a verb that workers do not take.
    public init(line: [UInt8]) throws(EngineProtocolError) {
        let fields = try JSONFields(bytes: line, "a job")
        self.init(
            job: try fields.count("job"), verb: try fields.choice("verb", of: EngineVerb.self))
        guard verb.isForWorkers else {
            throw EngineProtocolError(
                .forbidden, "a worker does not \(verb.rawValue)",
                hint: "predict, generate, tag and probe are for workers")
        }
        if !fields.isAbsent("texts") { texts = try fields.texts("texts") }
        if !fields.isAbsent("messages") {
            messages = try EngineMessage.chats(fields.value("messages"))
        }
        if !fields.isAbsent("generation") {
            generation = try GenerationOptions(json: fields.value("generation"))
        }
    }
}

/// An event of a worker, with the job that it belongs to.
public struct EngineJobEvent: Sendable, Hashable {
    /// The job; nil for what belongs to none, such as `started` and `finished`.
    public var job: Int?
    /// The event.
    public var event: EngineEvent

    /// Makes an event of a job.
    public init(job: Int?, event: EngineEvent) {
        self.job = job
        self.event = event
    }

    /// The event as one line of JSON, with its end of line.
    public func line() -> [UInt8] {
        guard let job else { return event.line() }
        var members = event.json.objectValue ?? [:]
        members["job"] = .integer(job)
        return CanonicalJSON.encode(.object(members)) + [0x0A]
    }

    /// Reads one line.
    public init(line: [UInt8]) throws(EngineProtocolError) {
        let fields = try JSONFields(bytes: line, "an event")
        job = fields.isAbsent("job") ? nil : try fields.count("job")
        event = try EngineEvent(fields: fields)
    }
}
