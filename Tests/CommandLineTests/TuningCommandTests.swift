import ArgumentParser
import EngineProtocol
import Testing

@testable import tundish

@Suite("What the commands around training take")
struct TuningCommandTests {
    static let training = ["--data", "reviews@3", "--purpose", "p"]

    @Test(
        "command lines as the documentation writes them",
        arguments: [
            ["tune", "mood", "--model", "m", "--set-range", "learning_rate=1e-5..1e-3:log"]
                + training + ["--set-range", "r=4|8", "--trials", "9", "--strategy", "halving"]
                + ["--metric", "accuracy", "--search-seed", "7", "--keep-best"],
            ["tune", "mood", "--model", "m", "--search", "search.yaml"] + training,
            ["run", "show", "mood", "--plot", "--svg", "mood.svg"],
            ["run", "show", "mood", "--ascii"], ["run", "watch", "mood", "--json"],
            ["run", "compare", "mood-1", "mood-2", "mood-3", "--plot"],
            ["run", "leaks", "mood", "--prompts", "20", "--raw", "--max-new-tokens", "32"]
                + training,
            ["model", "advise", "--probe", "--methods", "lora,full"] + training,
            ["model", "advise", "minilm", "smollm2"] + training,
            ["model", "import", "m", "model.gguf", "--licence", "MIT"],
            ["model", "export", "mood", "out", "--merge", "--weight-format", "f16"],
            ["model", "export", "mood", "out", "--format", "gguf", "--weight-format", "q8_0"],
            ["chat", "m", "--message", "a", "--message", "b", "--system", "s", "--seed", "1"],
            ["chat", "m", "--temperature", "0.7", "--top-p", "0.9", "--max-new-tokens", "9"],
        ])
    func parsed(arguments: [String]) throws {
        _ = try Tundish.parseAsRoot(arguments)
    }

    @Test(
        "what is missing or unknown is wrong usage",
        arguments: [
            ["tune", "mood", "--model", "m"], ["tune"] + training,
            ["tune", "mood", "--model", "m", "--trials", "many"] + training,
            ["run", "watch"], ["run", "compare"], ["run", "leaks", "mood"], ["chat"],
            ["model", "advise"], ["model", "export", "mood"], ["chat", "m", "--top-p", "much"],
        ])
    func refused(arguments: [String]) {
        #expect(throws: (any Error).self) { try Tundish.parseAsRoot(arguments) }
    }

    @Test("ranges are names and values") func ranges() throws {
        let pairs = try SettingPairs.read(["a=1..2:log", "b=x|y=z"], "--set-range")
        #expect(pairs.map(\.0) == ["a", "b"] && pairs.map(\.1) == ["1..2:log", "x|y=z"])
        for text in ["a", "=1..2", "a="] {
            #expect(throws: (any Error).self) { try SettingPairs.read([text], "--set-range") }
        }
    }

    @Test("how answers are drawn is checked here already") func sampling() throws {
        let options = try SamplingOptions.parse(["--temperature", "0.5", "--seed", "7"])
        let generation = try options.options(tokens: 64)
        #expect(generation.maxNewTokens == 64 && generation.temperature == 0.5)
        #expect(generation.seed == 7 && generation.topP == 1)
        for wrong in [["--top-p", "0"], ["--temperature", "inf"], ["--max-new-tokens", "0"]] {
            let options = try SamplingOptions.parse(wrong)
            #expect(throws: (any Error).self) { try options.options(tokens: 64) }
        }
    }
}
