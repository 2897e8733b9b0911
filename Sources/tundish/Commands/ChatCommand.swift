import ArgumentParser
import EngineProtocol
import Glibc
import Governance
import Records
import Workspace

/// How answers are drawn.
struct SamplingOptions: ParsableArguments {
    @Option(help: "Tokens after which an answer is cut.") var maxNewTokens: Int?
    @Option(help: "0: always the likeliest token; higher: more surprising ones.")
    var temperature = 0.0
    @Option(help: "Draw out of the fewest tokens that hold this share of the probability.")
    var topP = 1.0
    @Option(help: "What the draws follow from: same seed, same answer.") var seed = 42

    /// The options; `tokens` where no length was given.
    func options(tokens: Int) throws -> GenerationOptions {
        let options = GenerationOptions(
            maxNewTokens: maxNewTokens ?? tokens, temperature: temperature, topP: topP, seed: seed)
        do {
            try options.check()
        } catch {
            throw WorkspaceError(.usage, error.message, hint: error.hint)
        }
        return options
    }
}

struct ChatCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.useModel])
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Talk with a language model.",
        discussion: """
            A line is a message; /new begins anew, /quit or Ctrl-D ends. With --message the \
            messages are said one after another and the command ends. Nothing of the talk is kept.
            """)

    @Argument(help: "The model.") var model: String
    @Option(help: "A message; may be repeated (default: a message a line on standard input).")
    var message: [String] = []
    @Option(help: "What the model is told first (default: what its template says).")
    var system: String?
    @OptionGroup var sampling: SamplingOptions
    @Option(help: "A registered engine.") var engine = "bundled"
    @Option(help: "How many threads.") var threads = 2
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        let chat = try ModelChat(
            ModelChat.Options(
                model: model, system: system, generation: try sampling.options(tokens: 256),
                engine: engine, threads: threads), in: workspace)
        guard message.isEmpty else { return try chat.report(saying: message) }
        return try talk(chat)
    }

    private func talk(_ chat: ModelChat) throws -> Report {
        let isPrompting = isatty(STDIN_FILENO) == 1
        if isPrompting { Console.error("/new begins anew, /quit ends") }
        var turns = 0
        while let line = next(isPrompting) {
            if line == "/quit" { break }
            if line == "/new" {
                chat.forget()
                continue
            }
            guard line.contains(where: { !$0.isWhitespace }) else { continue }
            let answer: EngineEvent.Generation
            do {
                answer = try chat.say(line)
            } catch  where isPrompting && chat.isOpen {
                // A message that does not fit is no reason to lose the talk.
                Console.error("error: \(WorkspaceError(describing: error))")
                continue
            }
            turns += 1
            if common.json {
                let json = ModelChat.json(answer, to: line)
                Console.write(CanonicalJSON.encode(json) + [0x0A])
            } else {
                Console.line(answer.text)
                if answer.finishReason == .length {
                    Console.error("(cut after \(answer.tokens) tokens: --max-new-tokens)")
                }
            }
        }
        return Report(json: ["model": .string(model), "turns": .integer(turns)], lines: [])
    }

    private func next(_ isPrompting: Bool) -> String? {
        if isPrompting { Console.progress("> ") }
        return readLine()
    }
}
