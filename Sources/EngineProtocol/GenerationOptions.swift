public import Records

/// One turn of a chat.
public struct EngineMessage: Sendable, Hashable {
    /// Who speaks: `system`, `user` or `assistant`.
    public var role: String
    /// What is said.
    public var content: String

    /// Makes a turn.
    public init(role: String, content: String) {
        self.role = role
        self.content = content
    }

    /// Chats as JSON: an array of arrays of `{role, content}`.
    static func json(_ chats: [[EngineMessage]]) -> JSONValue {
        .array(
            chats.map { chat in
                .array(
                    chat.map { ["role": .string($0.role), "content": .string($0.content)] })
            })
    }

    /// Reads chats.
    static func chats(_ json: JSONValue) throws(EngineProtocolError) -> [[EngineMessage]] {
        let malformed = EngineProtocolError(
            .malformed, "messages are no chats", hint: "messages is [[{role, content}, …], …]")
        guard let given = json.arrayValue else { throw malformed }
        var chats: [[EngineMessage]] = []
        for chat in given {
            var messages: [EngineMessage] = []
            guard let turns = chat.arrayValue, !turns.isEmpty else { throw malformed }
            for message in turns {
                let fields = try JSONFields(message, "a message")
                messages.append(
                    EngineMessage(
                        role: try fields.text("role"), content: try fields.text("content")))
            }
            chats.append(messages)
        }
        return chats
    }
}

/// How answers are generated, under Hugging Face's names.
public struct GenerationOptions: Sendable, Hashable {
    /// Tokens after which an answer is cut.
    public var maxNewTokens: Int
    /// 0: always the most likely token; else what the logits are divided by.
    public var temperature: Double
    /// Draws come out of the fewest tokens that hold this share of the probability
    /// (Holtzman et al. 2020); 1: out of all.
    public var topP: Double
    /// What the draws follow from: same seed, same answer.
    public var seed: Int
    /// Texts that end an answer.
    public var stop: [String]

    /// Makes options; greedy if nothing is said.
    public init(
        maxNewTokens: Int = 256, temperature: Double = 0, topP: Double = 1, seed: Int = 42,
        stop: [String] = []
    ) {
        self.maxNewTokens = maxNewTokens
        self.temperature = temperature
        self.topP = topP
        self.seed = seed
        self.stop = stop
    }

    /// The options as JSON.
    public var json: JSONValue {
        [
            "max_new_tokens": .integer(maxNewTokens), "temperature": .double(temperature),
            "top_p": .double(topP), "seed": .integer(seed), "stop": .texts(stop),
        ]
    }

    /// Reads options; what is absent keeps its default.
    ///
    /// - Throws: `.malformed` for a wrong type, `.hyperParameter` for an unknown name or a value out
    ///   of range.
    public init(json: JSONValue) throws(EngineProtocolError) {
        let fields = try JSONFields(json, "generation")
        let known = ["max_new_tokens", "temperature", "top_p", "seed", "stop"]
        for name in fields.members.keys.sorted() where !known.contains(name) {
            throw EngineProtocolError(
                .hyperParameter, "there is no generation option '\(name)'",
                hint: Suggestion.nearest(to: name, in: known).map { "did you mean \($0)?" }
                    ?? "known are: \(known.joined(separator: ", "))")
        }
        self.init()
        if !fields.isAbsent("max_new_tokens") {
            maxNewTokens = try fields.integer("max_new_tokens")
        }
        temperature = try fields.optionalNumber("temperature") ?? temperature
        topP = try fields.optionalNumber("top_p") ?? topP
        if !fields.isAbsent("seed") { seed = try fields.integer("seed") }
        if !fields.isAbsent("stop") { stop = try fields.texts("stop") }
        try check()
    }

    /// Refuses values out of range.
    public func check() throws(EngineProtocolError) {
        let isFine: [(Bool, String)] = [
            ((1...1 << 20).contains(maxNewTokens), "max_new_tokens is 1 … 1048576"),
            (temperature >= 0 && temperature.isFinite, "temperature is 0 or more"),
            (topP > 0 && topP <= 1, "top_p is above 0 and at most 1"),
            (stop.count <= 16 && stop.allSatisfy { !$0.isEmpty }, "stop is up to 16 texts"),
        ]
        for (holds, rule) in isFine where !holds {
            throw EngineProtocolError(
                .hyperParameter, "a generation option out of range", hint: rule)
        }
    }
}
