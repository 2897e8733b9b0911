public import Records

/// What an engine reads on standard input: one JSON object, to the end of the input.
///
/// It holds the one-time token, so it is never written anywhere; the frozen request that is kept
/// and hashed is Handoff's.
public struct EngineRequest: Sendable, Hashable {
    /// A model by name, and the files of it that can be fetched.
    public struct Model: Sendable, Hashable {
        /// A name for people and for an adapter's `base_model_name_or_path`; never a path.
        public var name: String
        /// File names, to be fetched as `base/<file>` or `adapter/<file>`.
        public var files: [String]

        /// Makes a reference.
        public init(name: String, files: [String]) {
            self.name = name
            self.files = files
        }
    }

    /// What to do.
    public var verb: EngineVerb
    /// The run's id.
    public var run: String
    /// The socket's path, relative to the working directory; empty for `describe`.
    public var socket: String
    /// The one-time token; empty for `describe`.
    public var token: String
    /// This process's place among `world`.
    public var rank: Int
    /// How many processes work on this run.
    public var world: Int
    /// Threads to use; 0: as many as there are cores.
    public var threads: Int
    /// What to tune.
    public var method: TuningMethod
    /// What was set.
    public var hyperParameters: HyperParameters
    /// The base model, or the fully tuned model to evaluate or predict with.
    public var baseModel: Model
    /// The adapter to evaluate or predict with.
    public var adapter: Model?
    /// Splits that may be read, with their record counts.
    public var splits: [Split: Int]
    /// The field that holds the text.
    public var textField: String
    /// The field that holds the label.
    public var labelField: String
    /// Texts to predict on.
    public var texts: [String]
    /// Extra artifacts wanted.
    public var outputs: Set<RunOutput>

    /// Makes a request; what is not given is empty or the common case.
    public init(
        verb: EngineVerb, run: String, socket: String = "", token: String = "", rank: Int = 0,
        world: Int = 1, threads: Int = 0, method: TuningMethod = .lora,
        hyperParameters: HyperParameters = .init(), baseModel: Model = .init(name: "", files: []),
        adapter: Model? = nil, splits: [Split: Int] = [:], textField: String = "text",
        labelField: String = "label", texts: [String] = [], outputs: Set<RunOutput> = []
    ) {
        self.verb = verb
        self.run = run
        self.socket = socket
        self.token = token
        self.rank = rank
        self.world = world
        self.threads = threads
        self.method = method
        self.hyperParameters = hyperParameters
        self.baseModel = baseModel
        self.adapter = adapter
        self.splits = splits
        self.textField = textField
        self.labelField = labelField
        self.texts = texts
        self.outputs = outputs
    }

    /// The canonical JSON of the request.
    public func jsonBytes() -> [UInt8] {
        func model(_ model: Model?) -> JSONValue {
            guard let model else { return .null }
            return [
                "name": .string(model.name), "files": .array(model.files.map { .string($0) }),
            ]
        }
        let splits = Dictionary(
            uniqueKeysWithValues: splits.map { ($0.key.rawValue, JSONValue.integer($0.value)) })
        return CanonicalJSON.encode([
            "protocol": .integer(EngineCommand.protocolVersion),
            "verb": .string(verb.rawValue), "run": .string(run), "socket": .string(socket),
            "token": .string(token), "rank": .integer(rank), "world": .integer(world),
            "threads": .integer(threads), "task": "sequence-classification",
            "method": .string(method.rawValue), "hyperParameters": hyperParameters.json,
            "baseModel": model(baseModel), "adapter": model(adapter), "splits": .object(splits),
            "fields": ["text": .string(textField), "label": .string(labelField)],
            "texts": .array(texts.map { .string($0) }),
            "outputs": .array(outputs.map(\.rawValue).sorted().map { .string($0) }),
        ])
    }

    /// Reads a request. Members other than protocol, verb and run may be absent.
    ///
    /// - Throws: `.malformed`, `.hyperParameter`, or `.refused` for another protocol version.
    public init(jsonBytes: [UInt8]) throws(EngineProtocolError) {
        let fields = try JSONFields(bytes: jsonBytes, "the request")
        let version = try fields.integer("protocol")
        guard version == EngineCommand.protocolVersion else {
            throw EngineProtocolError(
                .refused, "the request speaks protocol \(version)",
                hint: "this engine speaks protocol \(EngineCommand.protocolVersion)")
        }
        func model(_ name: String) throws(EngineProtocolError) -> Model? {
            guard !fields.isAbsent(name) else { return nil }
            let model = try JSONFields(fields.value(name), name)
            return Model(name: try model.text("name"), files: try model.texts("files"))
        }
        let task = try fields.text("task", or: "sequence-classification")
        guard task == "sequence-classification" else {
            throw EngineProtocolError(
                .forbidden, "the task \(task) is not known",
                hint: "sequence-classification is the one there is")
        }
        self.init(
            verb: try fields.choice("verb", of: EngineVerb.self), run: try fields.text("run"))
        socket = try fields.text("socket", or: "")
        token = try fields.text("token", or: "")
        if !fields.isAbsent("rank") { rank = try fields.integer("rank") }
        if !fields.isAbsent("world") { world = try fields.integer("world") }
        if !fields.isAbsent("threads") { threads = try fields.integer("threads") }
        if !fields.isAbsent("method") {
            method = try fields.choice("method", of: TuningMethod.self)
        }
        if !fields.isAbsent("hyperParameters") {
            hyperParameters = try HyperParameters(json: fields.value("hyperParameters"))
        }
        if let base = try model("baseModel") { baseModel = base }
        adapter = try model("adapter")
        if !fields.isAbsent("splits") {
            let given = try JSONFields(fields.value("splits"), "splits")
            for name in given.members.keys {
                guard let split = Split(rawValue: name) else {
                    throw EngineProtocolError(
                        .malformed, "there is no split '\(name)'",
                        hint: "train, validation and test are the splits")
                }
                splits[split] = try given.integer(name)
            }
        }
        if !fields.isAbsent("fields") {
            let names = try JSONFields(fields.value("fields"), "fields")
            textField = try names.text("text", or: "text")
            labelField = try names.text("label", or: "label")
        }
        if !fields.isAbsent("texts") { texts = try fields.texts("texts") }
        if !fields.isAbsent("outputs") {
            outputs = Set(try fields.texts("outputs").compactMap(RunOutput.init(rawValue:)))
        }
    }
}
