import EngineProtocol
import Glibc
import Kernels

/// The bundled engine: reads one request from standard input, writes events to standard output.
///
/// Exit status: 0 after `finished`, 1 after `failed`, 2 if it was started by hand the wrong way.
@main
enum TundishTrainer {
    static let version = "0.1.0"

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments {
        case []:
            guard isatty(0) == 0 else {
                warn(startedByHand)
                exit(2)
            }
            Reexecution.runIfNeeded()
            ParentWatch.start()
            WorkerPool.flushDenormals()
            exit(Engine(events: EventWriter()).run(InputLines()) ? 0 : 1)
        case ["describe"]:
            Reexecution.runIfNeeded()
            EventWriter().write(.capabilities(Capabilities.json))
        case let words where words.first == "tokenize" && words.count == 2:
            do {
                try TokenizeCommand(path: words[1]).run()
            } catch {
                warn(EngineFailure(error).message)
                exit(1)
            }
        case ["-h"], ["--help"]:
            print(help)
        case ["--version"]:
            print("tundish-trainer \(version)")
        default:
            warn("tundish-trainer takes no such arguments.\n\n\(help)")
            exit(2)
        }
    }

    static let help = """
        OVERVIEW: The fine-tuning engine of tundish.

        It is a process of its own: 'tundish train', 'evaluate' and 'predict' start it, hand it one
        request on standard input, serve it records over a Unix-domain socket, and read its events
        (one JSON object a line) from standard output. docs/engine-protocol.md tells all of it, so
        that other engines can stand in its place.

        USAGE: tundish-trainer < request.json
               tundish-trainer describe
               tundish-trainer tokenize MODEL < texts.jsonl

        SUBCOMMANDS:
          describe                Print what this engine can do, as one line of JSON.
          tokenize                Turn lines of {"text": …} into lines of {"ids": […]} with the
                                  tokenizer of a model's folder or GGUF file.

        OPTIONS:
          --version               Show the version.
          -h, --help              Show help information.
        """

    private static let startedByHand = """
        tundish-trainer is started by tundish, not by hand: it waits for a request on standard
        input. Try 'tundish train --help', or 'tundish-trainer describe' to see what it can do.
        """

    private static func warn(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
