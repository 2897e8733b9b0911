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
            exit(Engine(events: EventWriter()).run(input: readInput()) ? 0 : 1)
        case ["describe"]:
            Reexecution.runIfNeeded()
            EventWriter().write(.capabilities(Capabilities.json))
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

        SUBCOMMANDS:
          describe                Print what this engine can do, as one line of JSON.

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

    /// All of standard input.
    private static func readInput() -> [UInt8] {
        var input: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe read(0, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return input }
            input.append(contentsOf: buffer[0..<count])
        }
    }
}
