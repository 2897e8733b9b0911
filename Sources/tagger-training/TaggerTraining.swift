import FoundationEssentials
import Glibc
import Redaction

/// The development tool that trains and tries the tagger.
///
///     tagger-training train DATA OUT.bin [--seed N] [--examples N] [--rounds N] [--conll FILE]
///         [--plain FILE,FILE] [--messages FILE] [--bias HUNDREDTHS]
///     tagger-training scan FILE.jsonl [POLICY.yaml] [--model OUT.bin] [--bias N]
///     tagger-training score GOLD.jsonl [POLICY.yaml] [--by style,language] [--only scanners]
///     tagger-training sample DATA N
///     tagger-training speed FILE
@main
enum TaggerTraining {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "train": try TrainCommand.run(Options(arguments.dropFirst()))
        case "scan": try ScanCommand.run(Options(arguments.dropFirst()))
        case "score": try ScoreCommand.run(Options(arguments.dropFirst()))
        case "sample": try SampleCommand.run(Options(arguments.dropFirst()))
        case "speed": try SpeedCommand.run(Options(arguments.dropFirst()))
        default:
            print(
                "usage: tagger-training train|scan|score|sample|speed … (see TaggerTraining.swift)")
            exit(2)
        }
    }
}

/// Plain arguments and `--name value` pairs.
struct Options {
    var plain: [String] = []
    var named: [String: String] = [:]

    init(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let argument = rest.popFirst() {
            if argument.hasPrefix("--") {
                named[String(argument.dropFirst(2))] = rest.popFirst() ?? ""
            } else {
                plain.append(argument)
            }
        }
    }

    /// The value of `--name` as a whole number.
    func number(_ name: String, _ fallback: Int) -> Int {
        named[name].flatMap(Int.init) ?? fallback
    }
}

/// A wrong use of the tool.
struct UsageError: Error, CustomStringConvertible {
    let description: String
}
