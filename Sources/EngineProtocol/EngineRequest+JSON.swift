import Records

extension EngineRequest {
    /// The canonical JSON of the request.
    public func jsonBytes() -> [UInt8] {
        func model(_ model: Model?) -> JSONValue {
            guard let model else { return .null }
            return ["name": .string(model.name), "files": .texts(model.files)]
        }
        let splits = Dictionary(
            uniqueKeysWithValues: splits.map { ($0.key.rawValue, JSONValue.integer($0.value)) })
        return CanonicalJSON.encode([
            "protocol": .integer(EngineCommand.protocolVersion),
            "verb": .string(verb.rawValue), "run": .string(run), "socket": .string(socket),
            "token": .string(token), "rank": .integer(rank), "world": .integer(world),
            "threads": .integer(threads), "task": .string(task.rawValue),
            "method": .string(method.rawValue), "hyperParameters": hyperParameters.json,
            "baseModel": model(baseModel), "adapter": model(adapter),
            "checkpoint": model(checkpoint), "splits": .object(splits),
            "fields": ["text": .string(textField), "label": .string(labelField)],
            "texts": .texts(texts), "messages": EngineMessage.json(messages),
            "generation": generation?.json ?? .null, "isWorker": .bool(isWorker),
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
        self.init(
            verb: try fields.choice("verb", of: EngineVerb.self), run: try fields.text("run"))
        if !fields.isAbsent("task") { task = try fields.choice("task", of: EngineTask.self) }
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
        checkpoint = try model("checkpoint")
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
        if !fields.isAbsent("messages") {
            messages = try EngineMessage.chats(fields.value("messages"))
        }
        if !fields.isAbsent("generation") {
            generation = try GenerationOptions(json: fields.value("generation"))
        }
        isWorker = fields.value("isWorker").boolValue ?? false
        if !fields.isAbsent("outputs") {
            outputs = Set(try fields.texts("outputs").compactMap(RunOutput.init(rawValue:)))
        }
    }
}
