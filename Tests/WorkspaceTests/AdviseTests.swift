import EngineProtocol
import Foundation
import Records
import Testing

@testable import Workspace

@Suite("Advice on base models")
struct AdviseTests {
    @Test(
        "a licence's name says how careful to be",
        arguments: [
            ("Apache-2.0", Licence.open), ("mit", .open), ("Apache 2.0", .open),
            ("cc-by-4.0", .open), ("cc-by-nc-4.0", .nonCommercial),
            ("CC-BY-NC-SA-4.0", .nonCommercial), ("research-only", .nonCommercial),
            ("llama3.2", .terms), ("gemma", .terms), ("gpl-3.0", .terms), ("openrail", .terms),
            ("other", .terms), ("", .terms), (nil, .terms), ("encode", .terms),
        ] as [(String?, Licence)])
    func licences(name: String?, licence: Licence) {
        #expect(Licence(name) == licence)
        #expect(!licence.reason(name).isEmpty)
    }

    @Test("percentiles by nearest rank, and who is cut") func lengths() {
        let lengths = TokenLengths(lengths: [5, 1, 4, 2, 3], words: 10, unknown: 3)
        #expect(
            [0, 0.2, 0.21, 0.5, 0.95, 1].map { lengths.percentile($0) } == [1, 1, 2, 3, 5, 5])
        #expect(lengths.share(longerThan: 3) == 0.4 && lengths.share(longerThan: 5) == 0)
        #expect(lengths.tokensPerWord == 1.5 && lengths.unknownShare == 0.2)
        let none = TokenLengths(lengths: [], words: 0, unknown: 0)
        #expect(none.percentile(0.5) == 0 && none.share(longerThan: 1) == 0)
        #expect(none.tokensPerWord == 0 && none.unknownShare == 0)
    }

    private func candidate(
        _ name: String, parameters: Int = 20_000_000, licence: String? = "mit",
        lengths: [Int] = [10, 20, 30], words: Int = 45, context: Int = 512, seconds: Double = 60,
        probe: Double? = nil, refusal: String? = nil, misfit: String? = nil
    ) -> Candidate {
        var candidate = Candidate(
            name: name,
            info: [
                "parameters": .integer(parameters), "context": .integer(context),
                "licence": licence.map { .string($0) } ?? .null,
            ])
        candidate.lengths = TokenLengths(lengths: lengths, words: words, unknown: 0)
        candidate.misfit = misfit
        candidate.probe = probe.map { Candidate.Probe(accuracy: $0, macroF1: $0, count: 100) }
        candidate.plans = [
            Candidate.MethodPlan(
                method: .lora,
                plan: EnginePlan(
                    steps: 10, trainableParameters: 1, totalParameters: parameters,
                    peakBytes: 1 << 30, availableBytes: 4 << 30, seconds: seconds, tokens: 100),
                refusal: refusal)
        ]
        return candidate
    }

    private func order(_ candidates: [Candidate]) -> [String] {
        let names = Ranking(candidates).ranked.map(\.candidate.name)
        #expect(Ranking(candidates.reversed()).ranked.map(\.candidate.name) == names)
        return names
    }

    @Test("each thing that matters, all else equal, decides") func single() {
        #expect(
            order([
                candidate("a", licence: "cc-by-nc-4.0"), candidate("b", licence: nil),
                candidate("c"),
            ]) == ["c", "b", "a"])
        #expect(order([candidate("a", context: 15), candidate("b")]) == ["b", "a"])
        #expect(order([candidate("a", seconds: 600), candidate("b")]) == ["b", "a"])
        #expect(order([candidate("a", lengths: [20, 40, 60]), candidate("b")]) == ["b", "a"])
        #expect(
            order([candidate("a", parameters: 1_000_000), candidate("b")]) == ["b", "a"])
        #expect(order([candidate("b"), candidate("a")]) == ["a", "b"])
    }

    @Test("what was tried counts more than what is guessed") func probe() {
        let small = candidate("small", parameters: 4_000_000, seconds: 300, probe: 0.9)
        let large = candidate("large", parameters: 400_000_000, seconds: 60, probe: 0.6)
        #expect(order([large, small]) == ["small", "large"])
    }

    @Test("what cannot be used comes last and has no score") func unusable() {
        let ranked = Ranking([
            candidate("a", misfit: "it cannot"), candidate("b", refusal: "too large"),
            candidate("c", licence: "cc-by-nc-4.0", seconds: 9_000),
        ]).ranked
        #expect(ranked.map(\.candidate.name) == ["c", "a", "b"])
        #expect(ranked.map { $0.score == nil } == [false, true, true])
        #expect(ranked[1].candidate.reasons(among: []) == ["it cannot"])
        #expect(ranked[2].candidate.reasons(among: []).contains { $0.contains("no method") })
    }

    @Test("scores stay between 0 and 1") func bounds() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<300 {
            let candidates = (0..<4).map { index in
                candidate(
                    "\(index)", parameters: Int(random.unit() * 1e9),
                    lengths: (0..<5).map { _ in Int(random.unit() * 900) },
                    words: Int(random.unit() * 500), seconds: random.unit() * 1e5,
                    probe: random.unit() < 0.5 ? random.unit() : nil)
            }
            for ranked in Ranking(candidates).ranked {
                #expect((0...1).contains(ranked.score ?? -1))
            }
        }
    }

    @Test("bases are planned, probed and ranked; what the engine refuses is a reason") func flow()
        throws
    {
        let fixture = try ScriptedWorkbench.fixture()
        let words =
            (["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + ["order", "the", "is", "lovely", "broken"])
        _ = try TinyModel.encoder(words: words, in: fixture.home.folder + "/tiny")
        _ = try ModelImport(name: "tiny", folder: fixture.home.folder + "/tiny", licence: "MIT")
            .run(in: fixture.workspace)
        let train = Train(
            name: "", data: "reviews@5", model: "", method: .lora, purpose: "sentiment",
            engine: "workbench", threads: 1)
        let report = try AdviseModels(
            train, methods: [.lora, .full, .qlora], models: ["tiny"], isProbing: true
        ).run(in: fixture.workspace)
        let model = try #require(report.json["models"]?.arrayValue?.first)
        #expect(report.verdict == .passed)
        #expect(model["suggestion"] == "lora")
        #expect(model["probe"]?["macroF1"] == 0.7)
        #expect((model["lengths"]?["median"]?.intValue ?? 0) > 5)
        #expect((model["lengths"]?["unknownShare"]?.doubleValue ?? 0) > 0.1)
        let methods = try #require(model["methods"]?.arrayValue)
        #expect(methods.map { $0["possible"] } == [true, false, false])
        #expect(methods[1]["refusal"]?.stringValue?.contains("9.0 GB") == true)
        #expect(methods[2]["refusal"]?.stringValue?.contains("no qlora here") == true)
        #expect(report.lines.joined().contains("licence MIT: permissive"))
        #expect(report.next.first?.contains("--model tiny --method lora") == true)
        // A language model is none for labels, and is not even started.
        var other = train
        other.task = .causalLM
        let misfit = try AdviseModels(other, models: ["tiny"]).run(in: fixture.workspace)
        #expect(misfit.verdict == .checksFailed)
        let unknown = #expect(throws: WorkspaceError.self) {
            try AdviseModels(train, models: ["tinny"]).run(in: fixture.workspace)
        }
        #expect(unknown?.hint?.contains("tiny") == true)
        // Everybody who may not train is refused before a record is read.
        try fixture.home.add("vera", by: fixture.workspace)
        #expect(throws: (any Error).self) {
            try AdviseModels(train).run(in: try fixture.home.open(as: "vera"))
        }
    }
}
