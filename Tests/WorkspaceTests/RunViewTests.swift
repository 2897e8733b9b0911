import Catalog
import EngineProtocol
import Foundation
import Governance
import Records
import Synchronization
import Testing

@testable import Workspace

@Suite("Runs that are shown, watched, compared")
struct RunViewTests {
    private func train(
        _ fixture: RunFixture, _ name: String, rate: String,
        onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in }
    ) throws {
        _ = try Train(
            name: name, data: "reviews@3", model: "base", method: .lora,
            settings: [("learning_rate", rate)], purpose: "sentiment", engine: "workbench",
            threads: 1, onEvent: onEvent
        ).run(in: fixture.workspace)
    }

    @Test("a run is shown with its curves and hints, and as SVG") func show() throws {
        let fixture = try RunFixture()
        try ScriptedWorkbench.add(to: fixture)
        try train(fixture, "mood", rate: "1e-3")
        let svg = fixture.home.folder + "/mood.svg"
        let (report, plot) = try ShowRun(
            name: "mood", style: TerminalStyle(width: 60, isASCII: true), svgFile: svg
        ).run(in: fixture.workspace)
        // Every step of metrics.json, not only those that were reported.
        #expect(report.json["curves"]?["loss"]?.arrayValue?.count == 20)
        #expect(report.json["curves"]?["evaluations"]?.arrayValue?.count == 4)
        #expect(report.lines.contains { $0.hasPrefix("hint: validation got worse") })
        for title in ["loss", "macro F1 on validation", "learning rate", "gradient norm"] {
            #expect(plot.contains(title))
        }
        #expect(try String(contentsOfFile: svg, encoding: .utf8).contains("run mood"))
        let (plain, nothing) = try ShowRun(name: "mood").run(in: fixture.workspace)
        #expect(nothing.isEmpty && plain.json["curves"] == nil)
        let (facts, none) = try ShowRun(name: "mood", hasCurves: true).run(in: fixture.workspace)
        #expect(none.isEmpty && facts.json["curves"] == report.json["curves"])
    }

    @Test("who may not use the model sees what was reported") func roles() throws {
        let fixture = try RunFixture()
        try ScriptedWorkbench.add(to: fixture)
        try train(fixture, "mood", rate: "1e-3")
        try fixture.home.add("vera", by: fixture.workspace)
        _ = try Grants(fixture.workspace).grant(
            .viewer, to: "vera", on: "reviews", stage: nil, purpose: nil, until: nil)
        let vera = try fixture.home.open(as: "vera")
        let (report, _) = try ShowRun(name: "mood", style: TerminalStyle()).run(in: vera)
        #expect(report.json["curves"]?["loss"]?.arrayValue?.count == 4)
    }

    @Test("a run is followed from another process, to its end") func watch() throws {
        let fixture = try RunFixture()
        try ScriptedWorkbench.add(to: fixture)
        let other = try fixture.home.open()
        let seen = Mutex<[Int]>([])
        let watched = Mutex<Report?>(nil)
        let started = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
        let thread = Thread {
            started.wait()
            var watch = WatchRun(
                name: "mood",
                onEvent: { event in
                    if case .progress(let it) = event { seen.withLock { $0.append(it.step) } }
                })
            watch.pause = 5
            let report = try? watch.run(in: other)
            watched.withLock { $0 = report }
            ended.signal()
        }
        thread.start()
        try train(fixture, "mood", rate: "1e-3") { event in
            if case .started = event { started.signal() }
        }
        ended.wait()
        #expect(seen.withLock { $0 } == [5, 10, 15, 20])
        #expect(watched.withLock { $0?.json["state"] } == "finished")
        // A past run is told at once.
        let late = try WatchRun(name: "mood", onEvent: { _ in }).run(in: other)
        #expect(late.json["state"] == "finished" && late.verdict == .passed)
    }

    @Test("a run whose process was killed is not watched for ever") func gone() throws {
        let fixture = try RunFixture()
        try ScriptedWorkbench.add(to: fixture)
        try train(fixture, "mood", rate: "1e-3")
        try fixture.home.sqlite("UPDATE runs SET state = 'running', finished = NULL")
        let report = try WatchRun(name: "mood", onEvent: { _ in }).run(in: fixture.workspace)
        #expect(report.json["state"] == "gone" && report.verdict == .checksFailed)
    }

    @Test("runs side by side: what differs, scores with intervals, curves") func compare() throws {
        let fixture = try RunFixture()
        try ScriptedWorkbench.add(to: fixture)
        try train(fixture, "one", rate: "1e-3")
        try train(fixture, "two", rate: "1e-2")
        let svg = fixture.home.folder + "/both.svg"
        let (report, plot) = try CompareRuns(
            names: ["one", "two"], style: TerminalStyle(width: 70), svgFile: svg
        ).run(in: fixture.workspace)
        #expect(
            report.json["differences"] == [
                ["name": "learning_rate", "values": ["0.001", "0.01"]]
            ])
        #expect(report.json["runs"]?.arrayValue?.first?["best"]?["step"] == 15)
        #expect(plot.contains("training loss") && plot.contains { $0.contains("one") })
        #expect(try String(contentsOfFile: svg, encoding: .utf8).contains("one, two"))
        #expect(report.lines.contains { $0.contains("macro F1") })
        let alone = #expect(throws: WorkspaceError.self) {
            try CompareRuns(names: ["one"]).run(in: fixture.workspace)
        }
        #expect(alone?.code == .usage)
    }

    @Test("settings are compared by their values") func settings() {
        let differences = RunSettings.differences([
            ["a": "1", "b": "2"], ["a": "1", "b": "3", "c": "x"],
        ])
        #expect(differences.map(\.name) == ["b", "c"])
        #expect(differences.map(\.values) == [["2", "3"], ["–", "x"]])
        #expect(RunSettings.text(of: ["query", "value"]) == "query,value")
        #expect(RunSettings.text(of: 5e-5) == "5e-5" && RunSettings.text(of: true) == "true")
    }
}
