import Catalog
import EngineProtocol
import Governance
import Handoff
import Records

/// Asks a model: `tundish predict`. A classifier labels the texts, a tagger tags their words, a
/// language model answers them.
public struct Predict: Sendable {
    /// The model.
    public var model: String
    /// The texts.
    public var texts: [String]
    /// A registered engine.
    public var engine: String
    /// Threads for the engine.
    public var threads: Int

    /// Makes the request.
    public init(model: String, texts: [String], engine: String = "bundled", threads: Int = 2) {
        self.model = model
        self.texts = texts
        self.engine = engine
        self.threads = threads
    }

    /// An answer to each text, in order.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        guard !texts.isEmpty else {
            throw WorkspaceError(.usage, "there is no text", hint: "give --text or lines on stdin")
        }
        let access = try ModelAccess(workspace, name: model)
        defer { access.close() }
        let session = EngineSession(workspace: workspace, engine: engine, threads: threads)
        switch try access.trainingRequest()?.task ?? .sequenceClassification {
        case .sequenceClassification: return try labels(session, access)
        case .tokenClassification: return try tags(session, access)
        case .causalLM, .preference: return try answers(session, access)
        }
    }

    private func ask(
        _ verb: EngineVerb, _ session: EngineSession, _ access: ModelAccess,
        texts: [String] = [], messages: [[EngineMessage]] = []
    ) throws -> RunOutcome {
        try session.run(
            try session.request(verb, access: access), runID: session.newRunID(), texts: texts,
            messages: messages, data: session.data(access))
    }

    private func labels(_ session: EngineSession, _ access: ModelAccess) throws -> Report {
        let outcome = try ask(.predict, session, access, texts: texts)
        let predictions = outcome.predictions.sorted { $0.index < $1.index }
        let labels = outcome.started?.labels ?? []
        try check(predictions.map(\.index))
        return Report(
            json: [
                "predictions": .array(
                    predictions.map {
                        [
                            "index": .integer($0.index), "label": .string($0.label),
                            "probabilities": .object(Self.named($0.probabilities, labels)),
                        ]
                    })
            ],
            lines: zip(texts, predictions).map { text, prediction in
                "\(prediction.label.filled(to: 12))"
                    + MetricsTable.fixed(prediction.probabilities.max() ?? .nan)
                    + "  \(text.prefix(100))"
            })
    }

    private func tags(_ session: EngineSession, _ access: ModelAccess) throws -> Report {
        let tagged = try ask(.tag, session, access, texts: texts).tags
            .sorted { $0.index < $1.index }
        try check(tagged.map(\.index))
        return Report(
            json: [
                "tags": .array(
                    tagged.map {
                        [
                            "index": .integer($0.index),
                            "tags": .array($0.tags.map { .string($0) }),
                        ]
                    })
            ],
            lines: zip(texts, tagged).flatMap { text, tagged in
                zip(text.split(whereSeparator: \.isWhitespace), tagged.tags).map { word, tag in
                    "\(tag.filled(to: 16))\(word)"
                } + [""]
            })
    }

    private func answers(_ session: EngineSession, _ access: ModelAccess) throws -> Report {
        let chats = texts.map { [EngineMessage(role: "user", content: $0)] }
        let answers = try ask(.generate, session, access, messages: chats).generations
            .sorted { $0.index < $1.index }
        try check(answers.map(\.index))
        return Report(
            json: [
                "answers": .array(
                    answers.map {
                        [
                            "index": .integer($0.index), "text": .string($0.text),
                            "finishReason": .string($0.finishReason.rawValue),
                            "tokens": .integer($0.tokens),
                        ]
                    })
            ], lines: answers.map(\.text))
    }

    /// Each text has one answer.
    private func check(_ indexes: [Int]) throws {
        guard indexes == Array(texts.indices) else {
            throw WorkspaceError(
                .failed, "the engine answered \(indexes.count) times to \(texts.count) texts")
        }
    }

    private static func named(_ values: [Double], _ labels: [String]) -> [String: JSONValue] {
        Dictionary(zip(labels, values.map { .double($0) })) { first, _ in first }
    }
}
