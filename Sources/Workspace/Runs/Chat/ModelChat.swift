import Catalog
public import EngineProtocol
import Governance
import Handoff
public import Records

/// A conversation with a language model: `tundish chat`.
///
/// The engine holds the model from the first turn to the last; nothing of the talk is kept.
public final class ModelChat {
    /// How to talk.
    public struct Options: Sendable {
        /// The model.
        public var model: String
        /// What the model is told before everything else; nil: what its template says.
        public var system: String?
        /// How answers are generated.
        public var generation: GenerationOptions
        /// A registered engine.
        public var engine: String
        /// Threads for the engine.
        public var threads: Int

        /// Makes options.
        public init(
            model: String, system: String? = nil, generation: GenerationOptions = .init(),
            engine: String = "bundled", threads: Int = 2
        ) {
            self.model = model
            self.system = system
            self.generation = generation
            self.engine = engine
            self.threads = threads
        }
    }

    private let options: Options
    private let access: ModelAccess
    private let worker: EngineWorker
    /// The turns so far, the system's first.
    public private(set) var messages: [EngineMessage] = []

    /// Opens the model and starts the engine.
    ///
    /// - Throws: `.usage` for a model that labels instead of talking.
    public init(_ options: Options, in workspace: OpenWorkspace) throws {
        self.options = options
        do {
            try options.generation.check()
        } catch {
            throw WorkspaceError(.usage, error.message, hint: error.hint)
        }
        access = try ModelAccess(workspace, name: options.model)
        do {
            try Self.checkTalks(access)
            worker = try EngineSession(
                workspace: workspace, engine: options.engine, threads: options.threads
            ).worker(.generate, access: access)
        } catch {
            access.close()
            throw error
        }
        forget()
    }

    deinit {
        worker.stop()
        access.close()
    }

    private static func checkTalks(_ access: ModelAccess) throws {
        let isTalker =
            switch try access.trainingRequest()?.task {
            case .causalLM?, .preference?: true
            case .sequenceClassification?, .tokenClassification?: false
            case nil: access.base.info["kind"]?.stringValue != "encoder"
            }
        guard isTalker else {
            throw WorkspaceError(
                .usage, "`\(access.row.name)` labels texts, it does not talk",
                hint: "`tundish predict \(access.row.name) --text …` asks it")
        }
    }

    /// Says something and waits for the answer, which becomes a part of the conversation. What the
    /// engine refuses, such as a talk longer than the model's context, leaves it as it was.
    public func say(_ text: String) throws -> EngineEvent.Generation {
        let turns = messages + [EngineMessage(role: "user", content: text)]
        let events = try worker.ask(
            .generate, messages: [turns], generation: options.generation)
        for event in events {
            guard case .generation(let answer) = event else { continue }
            messages = turns + [EngineMessage(role: "assistant", content: answer.text)]
            return answer
        }
        throw WorkspaceError(.failed, "the engine gave no answer")
    }

    /// Whether the engine still answers.
    public var isOpen: Bool { worker.isRunning }

    /// Begins anew, with the same system message.
    public func forget() {
        messages = options.system.map { [EngineMessage(role: "system", content: $0)] } ?? []
    }

    /// Says several things one after another.
    public func report(saying texts: [String]) throws -> Report {
        var answers: [JSONValue] = []
        var lines: [String] = []
        for text in texts {
            let answer = try say(text)
            answers.append(Self.json(answer, to: text))
            lines.append(answer.text)
        }
        return Report(
            json: ["model": .string(options.model), "answers": .array(answers)], lines: lines)
    }

    /// One turn as JSON.
    public static func json(_ answer: EngineEvent.Generation, to text: String) -> JSONValue {
        [
            "message": .string(text), "answer": .string(answer.text),
            "finishReason": .string(answer.finishReason.rawValue),
            "tokens": .integer(answer.tokens),
            "promptTokens": answer.promptTokens.map { .integer($0) } ?? .null,
        ]
    }
}
