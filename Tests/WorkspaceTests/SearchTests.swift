import Catalog
import EngineProtocol
import Foundation
import Governance
import Records
import Synchronization
import Testing
import Vault

@testable import Workspace

@Suite("Ranges, draws, successive halving")
struct SearchSpaceTests {
    @Test(
        "ranges are read as they are written",
        arguments: [
            ("0..0.2", SearchRange(spread: .linear(0, 0.2), isWhole: false)),
            ("1e-5..1e-3:log", SearchRange(spread: .log(1e-5, 1e-3), isWhole: false)),
            ("2..64:log,whole", SearchRange(spread: .log(2, 64), isWhole: true)),
            ("-1..1:linear", SearchRange(spread: .linear(-1, 1), isWhole: false)),
            ("4|8", SearchRange(spread: .choices(["4", "8"]), isWhole: false)),
            (
                "query,value|all-linear",
                SearchRange(spread: .choices(["query,value", "all-linear"]), isWhole: false)
            ),
        ])
    func reading(text: String, range: SearchRange) throws {
        #expect(try SearchRange(text: text, of: "x") == range)
    }

    @Test(
        "what is no range is refused",
        arguments: [
            "", "5", "1..", "..2", "a..b", "2..1", "1..1", "0..1:log", "-1..1:log", "0.5..2:whole",
            "1..2:cubic", "4|4", "4|", "1..inf", "nan..1", "1..1e300:whole",
        ])
    func refused(text: String) {
        let error = #expect(throws: WorkspaceError.self) { try SearchRange(text: text, of: "rate") }
        #expect(error?.code == .usage && error?.message.contains("rate") == true)
    }

    @Test("draws stay inside and are spread as the range says") func draws() throws {
        func draw(_ text: String, _ count: Int = 4_000) throws -> [Double] {
            let range = try SearchRange(text: text, of: "x")
            return (0..<count).compactMap { index in
                var random = SeededRandom(key: [1], tag: "\(index)")
                return range.draw(&random).doubleValue
            }
        }
        let linear = try draw("2..4")
        #expect(linear.allSatisfy { (2...4).contains($0) })
        #expect((0.45...0.55).contains(Double(linear.count { $0 < 3 }) / 4_000))
        // As many below the geometric mean as above it.
        let logarithmic = try draw("1e-5..1e-3:log")
        #expect(logarithmic.allSatisfy { (1e-5...1e-3).contains($0) })
        #expect((0.45...0.55).contains(Double(logarithmic.count { $0 < 1e-4 }) / 4_000))
        #expect(logarithmic.allSatisfy { NumberText.short($0).count <= 9 }, "4 digits at most")
        let whole = try draw("1..4:whole")
        for value in 1...4 {
            #expect((0.2...0.3).contains(Double(whole.count { $0 == Double(value) }) / 4_000))
        }
        let octaves = try draw("1..15:log,whole")
        #expect(Set(octaves) == Set((1...15).map(Double.init)))
        #expect((0.2...0.3).contains(Double(octaves.count { $0 == 1 }) / 4_000))
    }

    private func space(_ ranges: [(String, String)]) throws -> SearchSpace {
        var space = SearchSpace()
        for (name, text) in ranges {
            try space.add(name, try SearchRange(text: text, of: name))
        }
        return space
    }

    @Test("trials follow from seed and number, and differ from each other") func trials() throws {
        let space = try space([("learning_rate", "1e-5..1e-3:log"), ("r", "4|8|16")])
        let few = space.trials(5, seed: 7)
        let many = space.trials(40, seed: 7)
        #expect(Array(many.prefix(5)) == few)
        #expect(many.map(\.number) == Array(1...40))
        #expect(Set(many.map(\.values)).count == 40)
        #expect(space.trials(5, seed: 8) != few)
    }

    @Test("a small space is gone through once", arguments: [1, 5, 12, 50])
    func small(wanted: Int) throws {
        let space = try space([("r", "4|8|16"), ("num_train_epochs", "1..4:whole")])
        #expect(space.count == 12)
        let trials = space.trials(wanted, seed: 3)
        #expect(trials.count == min(12, wanted))
        #expect(Set(trials.map(\.values)).count == trials.count)
    }

    @Test("a parameter that takes whole numbers is searched over whole numbers") func whole() throws
    {
        let space = try space([("r", "2..64:log"), ("lora_dropout", "0..0.2")])
        #expect(space.ranges["r"]?.isWhole == true)
        #expect(space.ranges["r"]?.spread == .log(2, 64))
        #expect(space.ranges["lora_dropout"]?.isWhole == false)
    }

    @Test(
        "a wrong name or value is found before anything runs",
        arguments: [
            ("lerning_rate", "1e-5..1e-3"), ("r", "a|b"), ("lr_scheduler_type", "1..2"),
            ("save_strategy", "epoch|never"),
        ])
    func wrong(name: String, text: String) throws {
        var space = SearchSpace()
        let range = try SearchRange(text: text, of: name)
        let error = #expect(throws: (any Error).self) { try space.add(name, range) }
        #expect(WorkspaceError(describing: try #require(error)).code == .usage)
    }

    // MARK: Halving

    /// Trials, factor, most, least, and the rounds: trials and what each gets.
    typealias Schedule = (Int, Int, Double, Double, [(Int, Double)])

    static let schedules: [Schedule] = [
        (9, 3, 3, 0.1, [(9, 1.0 / 3), (3, 1), (1, 3)]),
        (27, 3, 27, 1, [(27, 1), (9, 3), (3, 9), (1, 27)]),
        (27, 3, 27, 5, [(27, 9), (9, 27)]),
        (16, 2, 8, 1, [(16, 1), (8, 2), (4, 4), (2, 8)]),
        (16, 2, 8, 0.1, [(16, 0.5), (8, 1), (4, 2), (2, 4), (1, 8)]),
        (5, 3, 6, 0.1, [(5, 2), (1, 6)]),
        (1, 3, 2, 0.1, [(1, 2)]),
    ]

    @Test("rounds shrink by the factor and grow in what they give", arguments: schedules.indices)
    func rounds(index: Int) {
        let (trials, factor, most, least, expected) = Self.schedules[index]
        let schedule = HalvingSchedule(
            trials: trials, factor: factor, most: most, least: least, isWhole: false)
        #expect(schedule.rungs.map(\.count) == expected.map(\.0))
        for (rung, (_, resource)) in zip(schedule.rungs, expected) {
            #expect(abs(rung.resource - resource) < 1e-9)
        }
        #expect(schedule.rungs.last?.resource == most)
    }

    @Test("any schedule spends no more than every trial in full", arguments: 1...60)
    func budget(trials: Int) {
        for factor in 2...5 {
            let schedule = HalvingSchedule(
                trials: trials, factor: factor, most: 100, least: 100 / 27, isWhole: true)
            #expect(schedule.rungs.first?.count == trials)
            #expect(schedule.total <= Double(trials) * 100)
            for (rung, next) in zip(schedule.rungs, schedule.rungs.dropFirst()) {
                #expect(next.count == rung.count / factor && next.count >= 1)
                #expect(next.resource > rung.resource)
            }
            #expect(schedule.rungs.allSatisfy { $0.resource == $0.resource.rounded() })
        }
    }

    @Test("the best go on; a trial without a score never before one with") func survivors() {
        let scores: [(trial: Int, score: Double?)] = [
            (1, 0.5), (2, nil), (3, 0.9), (4, 0.9), (5, 0.1),
        ]
        func best(_ count: Int, _ metric: String) -> [Int] {
            HalvingSchedule.survivors(scores, count: count, metric: SearchMetric(name: metric))
        }
        #expect(best(2, "accuracy") == [3, 4])
        #expect(best(2, "loss") == [5, 1])
        #expect(best(9, "accuracy") == [3, 4, 1, 5])
    }

    // MARK: Files

    @Test("a search file says it all") func file() throws {
        let home = try TemporaryWorkspace()
        let path = try home.write(
            """
            version: 1
            strategy: halving
            trials: 9
            metric: accuracy
            seed: 7
            parameters:
              learning_rate: {min: 1e-5, max: 1.0e-3, scale: log}
              num_train_epochs: {min: 1, max: 4, whole: true}
              r: {choices: [4, 8]}
              target_modules: ["query,value", all-linear]
              weight_decay: "0..0.1"
            halving: {factor: 2, most: 4, least: 0.5}
            """, "search.yaml")
        var plan = SearchPlan()
        try plan.take(YAMLFile.read(path), named: path)
        #expect(plan.strategy == .halving && plan.trials == 9 && plan.seed == 7)
        #expect(plan.metric?.name == "accuracy")
        #expect(plan.halving == SearchPlan.Halving(factor: 2, most: 4, least: 0.5))
        #expect(plan.space.ranges["learning_rate"]?.spread == .log(1e-5, 1e-3))
        #expect(plan.space.ranges["num_train_epochs"]?.isWhole == true)
        #expect(plan.space.ranges["r"]?.count == 2)
        #expect(plan.space.ranges["weight_decay"]?.spread == .linear(0, 0.1))
        #expect(plan.space.ranges.count == 5)
    }

    @Test(
        "a slip in a search file is named",
        arguments: [
            ("strategi: random", "strategy"), ("strategy: grid", "random"),
            ("trials: 0", "whole number"), ("trials: many", "whole number"),
            ("metric: beauty", "accuracy"), ("parameters: [r]", "object"),
            ("parameters: {r: {min: 1}}", "max"),
            ("parameters: {r: {min: 1, max: 4, scale: cubic}}", "log"),
            ("parameters: {r: {minimum: 1, max: 4}}", "min"),
            ("parameters: {lora_alfa: {min: 1, max: 4}}", "lora_alpha"),
            ("halving: {factor: 1}", "whole number"), ("halving: {most: -1}", "above 0"),
            ("- a list", "members"), ("version: 2", "whole number"),
        ])
    func slips(text: String, hint: String) throws {
        let home = try TemporaryWorkspace()
        let path = try home.write(text + "\n", "search.yaml")
        var plan = SearchPlan()
        let error = #expect(throws: (any Error).self) {
            try plan.take(YAMLFile.read(path), named: path)
        }
        let described = WorkspaceError(describing: try #require(error))
        #expect(described.code == .usage)
        #expect("\(described)".contains(hint), "\(described)")
    }

    @Test("the schema names what the code takes") func schema() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let schema = try JSONParser.parse(
            [UInt8](Data(contentsOf: root.appending(path: "schemas/search.schema.json"))))
        func names(_ value: JSONValue?) -> Set<String> {
            Set((value?["properties"]?.objectValue ?? [:]).keys)
        }
        #expect(
            names(schema) == [
                "version", "strategy", "trials", "metric", "seed", "parameters", "halving",
            ])
        #expect(
            schema["properties"]?["metric"]?["enum"]?.stringArray?.sorted() == SearchMetric.names)
        #expect(
            schema["properties"]?["strategy"]?["enum"]?.stringArray
                == SearchPlan.Strategy.allCases.map(\.rawValue))
        #expect(
            schema["properties"]?["trials"]?["maximum"]?.intValue == SearchPlan.trialLimit)
        #expect(names(schema["properties"]?["halving"]) == ["factor", "most", "least"])
    }
}

@Suite("Searches, end to end")
struct SearchTests {
    private func search(
        _ fixture: RunFixture, _ name: String = "tune",
        ranges: [(String, String)] = [("learning_rate", "2e-5|1e-3|1e-1")],
        settings: [(String, String)] = [], strategy: String = "random", trials: Int = 3,
        keepsOnlyBest: Bool = false, isInterrupted: @escaping @Sendable () -> Bool = { false },
        onStep: @escaping @Sendable (Search.Step) -> Void = { _ in }
    ) throws -> Search {
        try Search(
            Train(
                name: name, data: "reviews@5", model: "base", method: .lora, settings: settings,
                purpose: "sentiment", engine: "workbench", threads: 1,
                isInterrupted: isInterrupted), file: nil, ranges: ranges, strategy: strategy,
            trials: trials, keepsOnlyBest: keepsOnlyBest, onStep: onStep)
    }

    private func names(_ report: Report) -> [String] {
        (report.json["trials"]?.arrayValue ?? []).compactMap { $0["run"]?.stringValue }
    }

    @Test("each trial is a run, scored by its best evaluation; the best comes first") func random()
        throws
    {
        let fixture = try ScriptedWorkbench.fixture()
        let report = try search(fixture).run(in: fixture.workspace)
        let trials = try #require(report.json["trials"]?.arrayValue)
        #expect(trials.count == 3)
        #expect(trials.map { $0["parameters"]?["learning_rate"] }.first == "1e-3")
        // The evaluation at step 15 is the best, not the last one at step 20.
        #expect(trials.allSatisfy { $0["step"] == 15 })
        let scores = trials.compactMap { $0["score"]?.doubleValue }
        #expect(scores == scores.sorted(by: >) && scores.count == 3)
        #expect(Set(names(report)) == ["tune-1", "tune-2", "tune-3"])
        #expect(report.json["best"]?.stringValue == names(report).first)
        #expect(report.json["metric"] == "macro_f1")
        for name in names(report) {
            #expect(try fixture.state(name) == .finished)
            let row = try fixture.workspace.run(name)
            let request = try JSONParser.parse(row.request)
            #expect(request["hyperParameters"]?["metric_for_best_model"] == "macro_f1")
        }
        #expect(try fixture.events("search.finish").count == 1)
        #expect(report.next.first?.contains("--split test") == true)
        #expect(try fixture.auditPasses())
    }

    @Test("finished trials are not repeated, more can be added") func again() throws {
        let fixture = try ScriptedWorkbench.fixture()
        _ = try search(fixture, trials: 2).run(in: fixture.workspace)
        let kept = Mutex<[String]>([])
        let report = try search(
            fixture, trials: 3,
            onStep: { step in
                if case .kept(let run, _) = step { kept.withLock { $0.append(run) } }
            }
        ).run(in: fixture.workspace)
        #expect(kept.withLock { $0 } == ["tune-1", "tune-2"])
        #expect(names(report).count == 3)
        #expect(try fixture.workspace.catalog.read { try $0.runs() }.count == 3)
        // Another search may not take over trials of this one.
        let other = #expect(throws: WorkspaceError.self) {
            try search(fixture, settings: [("weight_decay", "0.1")]).run(in: fixture.workspace)
        }
        #expect(other?.code == .conflict)
    }

    @Test("an interrupted search goes on with the same command") func interrupted() throws {
        let fixture = try ScriptedWorkbench.fixture()
        let ended = Mutex(0)
        let error = #expect(throws: WorkspaceError.self) {
            try search(
                fixture, isInterrupted: { ended.withLock { $0 } >= 2 },
                onStep: { step in
                    if case .ended = step { ended.withLock { $0 += 1 } }
                }
            ).run(in: fixture.workspace)
        }
        #expect(error?.code == .interrupted)
        #expect(error?.hint?.contains("goes on") == true)
        #expect(try fixture.workspace.catalog.read { try $0.runs() }.count == 2)
        let report = try search(fixture).run(in: fixture.workspace)
        #expect(report.json["trials"]?.arrayValue?.count { $0["kept"] == true } == 2)
    }

    @Test("a trial that fails by itself is a result; what would end all is an error")
    func failing() throws {
        let fixture = try ScriptedWorkbench.fixture()
        let report = try search(
            fixture, ranges: [("learning_rate", "1e-5|1e-3")], trials: 2
        ).run(in: fixture.workspace)
        let last = try #require(report.json["trials"]?.arrayValue?.last)
        #expect(last["score"]?.isNull == true)
        #expect(last["failure"]?.stringValue?.contains("the loss is no number") == true)
        #expect(report.json["best"] != last["run"])

        var unknown = try search(fixture, "other")
        unknown.train.model = "none"
        let error = #expect(throws: WorkspaceError.self) { try unknown.run(in: fixture.workspace) }
        #expect(error?.code == .notFound)
        let all = #expect(throws: WorkspaceError.self) {
            try search(fixture, "bad", ranges: [("learning_rate", "1e-5|1.1e-5")], trials: 2)
                .run(in: fixture.workspace)
        }
        #expect(all?.message.contains("no trial") == true)
    }

    @Test("halving gives the best of many short trials more") func halving() throws {
        let fixture = try ScriptedWorkbench.fixture()
        let report = try search(
            fixture, ranges: [("learning_rate", "2e-5|1e-4|5e-4|1e-3|1e-2|1e-1")],
            settings: [("num_train_epochs", "3")], strategy: "halving", trials: 6
        ).run(in: fixture.workspace)
        #expect(
            report.json["rungs"] == [
                ["trials": 6, "resource": 1], ["trials": 2, "resource": 3],
            ])
        let trials = try #require(report.json["trials"]?.arrayValue)
        #expect(trials.count == 8)
        #expect(report.lines.contains("halving spent 12 instead of 18 of num_train_epochs"))
        #expect(trials.prefix(2).allSatisfy { $0["rung"] == 2 })
        #expect(trials.first?["parameters"]?["learning_rate"] == "1e-3")
        let best = try #require(report.json["best"]?.stringValue)
        #expect(best.hasSuffix("-r2"))
        func epochs(_ run: String) throws -> Double? {
            try JSONParser.parse(fixture.workspace.run(run).request)["hyperParameters"]?[
                "num_train_epochs"]?.doubleValue
        }
        #expect(try epochs(best) == 3)
        #expect(try epochs(String(best.dropLast(3)) + "-r1") == 1)
        // The resource is no parameter to search over.
        let error = #expect(throws: WorkspaceError.self) {
            try search(
                fixture, "other", ranges: [("num_train_epochs", "1..4:whole")],
                strategy: "halving"
            ).run(in: fixture.workspace)
        }
        #expect(error?.code == .usage)
    }

    @Test("only the best model is kept; the others' keys are gone") func keepBest() throws {
        let fixture = try ScriptedWorkbench.fixture()
        let report = try search(fixture, keepsOnlyBest: true).run(in: fixture.workspace)
        let best = try #require(report.json["best"]?.stringValue)
        #expect(report.json["discarded"]?.arrayValue?.count == 2)
        for name in names(report) {
            let (model, files) = try fixture.workspace.catalog.read { reader in
                let model = try #require(try reader.model(named: name))
                return (model, try reader.artifacts(of: model.id))
            }
            #expect(files.isEmpty == (name != best))
            #expect(model.state == (name == best ? .draft : .retired))
        }
        let live = try fixture.workspace.catalog.read { try $0.packs() }
        #expect(Set(try fixture.workspace.vault.packs.list().map(\.hex)) == Set(live))
        #expect(try fixture.auditPasses())
        // What was thrown away is a clear error, and its curves are still there.
        let gone = try #require(names(report).last)
        let error = #expect(throws: WorkspaceError.self) {
            try ExportModel(name: gone, folder: fixture.home.folder + "/out")
                .run(in: fixture.workspace)
        }
        #expect(error?.code == .notFound)
        let (_, plot) = try ShowRun(name: gone, style: TerminalStyle()).run(in: fixture.workspace)
        #expect(plot.first == "loss")
        // The same command again finds the scores where they were.
        let again = try search(fixture, keepsOnlyBest: true).run(in: fixture.workspace)
        #expect(again.json["best"]?.stringValue == best)
    }

    @Test("what would end every trial is found before the first one") func early() throws {
        let fixture = try ScriptedWorkbench.fixture()
        var wrong = try search(fixture)
        wrong.plan.metric = SearchMetric(name: "perplexity")
        let metric = #expect(throws: WorkspaceError.self) { try wrong.run(in: fixture.workspace) }
        let text = metric.map { "\($0)" } ?? ""
        #expect(metric?.code == .usage && text.contains("macro_f1"), "\(text)")
        var purpose = try search(fixture)
        purpose.train.purpose = "other"
        let denied = #expect(throws: GovernanceError.self) {
            try purpose.run(in: fixture.workspace)
        }
        #expect(denied?.code == .denied)
        #expect(try fixture.workspace.catalog.read { try $0.runs() }.isEmpty)
        for task in EngineTask.allCases {
            let names = SearchMetric.names(of: task)
            #expect(Set(names).isSubset(of: SearchMetric.names))
            #expect(names.contains(SearchMetric.usual(for: task).name))
        }
    }

    @Test("what is both set and searched over, or nothing at all, is refused") func usage() throws {
        let train = Train(
            name: "t", data: "d", model: "m", method: .lora, settings: [("r", "8")], purpose: "p")
        for ranges in [[], [("r", "4|8")], [("r", "4")], [("rr", "4|8")]] {
            let error = #expect(throws: (any Error).self) {
                try Search(train, file: nil, ranges: ranges)
            }
            #expect(WorkspaceError(describing: try #require(error)).code == .usage)
        }
    }
}
