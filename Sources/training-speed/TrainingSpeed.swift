import Glibc
import Kernels
import Records

/// Times the steps of one case, or runs one task from files; see ``help``.
@main
enum TrainingSpeed {
    static let help = """
        OVERVIEW: Measures the room Training: a development tool, see Benchmarks/training.

        USAGE: training-speed steps CASE [--models FOLDER] [--threads N] [--steps N]
                              [--tokens-per-pass N]
               training-speed task TASK.json [--threads N]

        steps: trains on one batch of random ids and prints one line of JSON: processor seconds of a
        step (the median), wall-clock seconds, tokens a second and the most memory.
        task: trains on rows from a file and scores others, and prints what both came to.

        CASES: \(SpeedCase.allCases.map(\.rawValue).joined(separator: " "))
        """

    static func main() {
        var words = Array(CommandLine.arguments.dropFirst())
        let threads = option("--threads", in: &words).flatMap(Int.init) ?? 1
        let steps = option("--steps", in: &words).flatMap(Int.init) ?? 7
        let tokens = option("--tokens-per-pass", in: &words).flatMap(Int.init)
        let models = option("--models", in: &words) ?? ".cache/models"
        guard words.count == 2, threads > 0, steps > 0 else { stop(64, help) }
        if BLAS.shouldReexecute {
            stop(64, "Set OPENBLAS_CORETYPE=\(BLAS.recommendedCoreType): nothing else is fair.")
        }
        WorkerPool.flushDenormals()
        do {
            let result: JSONValue
            if words[0] == "steps", let name = SpeedCase(rawValue: words[1]) {
                result = try StepRun(
                    name, models: models, threads: threads, steps: steps, tokensPerPass: tokens
                ).run()
            } else if words[0] == "task" {
                result = try TaskRun(TaskDescription(path: words[1]), threads: threads).run()
            } else {
                stop(64, help)
            }
            print(String(decoding: CanonicalJSON.encode(result), as: UTF8.self))
        } catch {
            stop(1, "training-speed: \(error)")
        }
    }

    /// Takes an option and its value out of the words.
    private static func option(_ name: String, in words: inout [String]) -> String? {
        guard let index = words.firstIndex(of: name), index + 1 < words.count else { return nil }
        defer { words.removeSubrange(index...index + 1) }
        return words[index + 1]
    }

    private static func stop(_ status: Int32, _ text: String) -> Never {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
        exit(status)
    }
}
