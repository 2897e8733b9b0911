import Catalog
import EngineProtocol
import Foundation
import Governance
import Handoff
import Records
import Testing

@testable import Workspace

@Suite("Talking with a model, and what it must not say")
struct TalkTests {
    private func fixture(says: String = "an answer") throws -> RunFixture {
        let fixture = try RunFixture()
        try ScriptedWorkbench.add(to: fixture, says: says)
        for (name, task) in [("writer", EngineTask.causalLM), ("mood", .sequenceClassification)] {
            _ = try Train(
                name: name, data: "reviews@3", model: "base", task: task, method: .lora,
                purpose: "sentiment", engine: "workbench", threads: 1
            ).run(in: fixture.workspace)
        }
        return fixture
    }

    private func chat(
        _ fixture: RunFixture, _ model: String = "writer", system: String? = nil
    ) throws -> ModelChat {
        try ModelChat(
            .init(model: model, system: system, engine: "workbench", threads: 1),
            in: fixture.workspace)
    }

    @Test("a talk goes on from turn to turn, and can begin anew") func talk() throws {
        let fixture = try fixture()
        let chat = try chat(fixture, system: "Be kind.")
        // The answer counts the turns that the model was shown.
        #expect(try chat.say("Hello").text == "2: an answer")
        #expect(try chat.say("And now?").text == "4: an answer")
        #expect(chat.messages.map(\.role) == ["system", "user", "assistant", "user", "assistant"])
        // What the engine refuses leaves the talk as it was.
        #expect(throws: HandoffError.self) { try chat.say("this is too long") }
        #expect(chat.isOpen && chat.messages.count == 5)
        #expect(try chat.say("cut this").finishReason == .length)
        chat.forget()
        #expect(try chat.say("Hello").text == "2: an answer")
    }

    @Test("messages one after another give one report") func report() throws {
        let fixture = try fixture()
        let report = try chat(fixture).report(saying: ["one", "two"])
        #expect(report.lines == ["1: an answer", "3: an answer"])
        #expect(report.json["answers"]?.arrayValue?.first?["finishReason"] == "stop")
        #expect(report.json["answers"]?.arrayValue?.last?["message"] == "two")
    }

    @Test("a classifier does not talk, and options are checked") func usage() throws {
        let fixture = try fixture()
        let error = #expect(throws: WorkspaceError.self) { try chat(fixture, "mood") }
        #expect(error?.code == .usage && error?.hint?.contains("predict") == true)
        let options = #expect(throws: WorkspaceError.self) {
            try ModelChat(
                .init(
                    model: "writer", generation: .init(topP: 2), engine: "workbench", threads: 1),
                in: fixture.workspace)
        }
        #expect(options?.code == .usage)
        try fixture.home.add("vera", by: fixture.workspace)
        let denied = #expect(throws: GovernanceError.self) {
            try ModelChat(.init(model: "writer"), in: try fixture.home.open(as: "vera"))
        }
        #expect(denied?.code == .denied)
    }

    // MARK: What was removed

    @Test(
        "what stands in the raw text alone, by word",
        arguments: [
            ("all the same", "all the same", []),
            (
                "mail ann@x.example now", "mail [EMAIL_ADDRESS_1] now", ["ann@x.example"]
            ),
            (
                "call Ann Smith, +49 151 2345 please", "call [PERSON_1], [PHONE_1] please",
                ["Ann Smith, +49 151 2345", "Ann Smith", "+49 151 2345"]
            ),
            ("(Ann) came", "([PERSON_1]) came", ["Ann"]),
            ("Ann", "[PERSON_1]", ["Ann"]),
            ("Ann came", "came", ["Ann"]),
            ("a b c d", "a b c", ["d"]),
            ("x same y same z", "1 same 2 same 3", ["x", "y", "z"]),
            ("Bank of America of course", "[ORG_1] of course", ["Bank of America"]),
            ("", "", []), ("gone", "", ["gone"]),
        ])
    func removed(raw: String, redacted: String, values: [String]) {
        #expect(RemovedValues.values(raw: raw, redacted: redacted) == values)
    }

    @Test("every removed value is found, wherever it stood") func anywhere() {
        var random = SeededRandom(seed: 9)
        for round in 0..<200 {
            let words = (0..<60).map { _ in "w\(random.next() % 12)" }
            var (raw, redacted, secrets) = ([String](), [String](), [String]())
            for (index, word) in words.enumerated() {
                if random.unit() < 0.1 {
                    let secret = (0...Int(random.next() % 3)).map { "S\(round)x\(index)y\($0)" }
                    raw += secret
                    redacted.append("[X_\(index)]")
                    secrets.append(secret.joined(separator: " "))
                }
                raw.append(word)
                redacted.append(word)
            }
            let found = RemovedValues.values(
                raw: raw.joined(separator: " "), redacted: redacted.joined(separator: " ")
            ).joined(separator: "|")
            for secret in secrets { #expect(found.contains(secret)) }
        }
    }

    @Test("values are found as words, whatever the case and spaces") func index() {
        var index = ValueIndex()
        for value in ["Ann Smith", "ann@x.example", "4711-22", "Jo", "Ann Smith"] {
            index.add(value)
        }
        #expect(index.count == 3, "too short, and there already")
        #expect(index.found(in: "Ask ANN\n smith, or ann@x.example!") == [0, 1])
        #expect(index.found(in: "Joann Smith and Ann Smithers and 14711-22").isEmpty)
        #expect(index.found(in: "4711-22") == [2])
        #expect(index.found(in: "").isEmpty && index.found(in: "ann").isEmpty)
        #expect(!index.isTelling(0) && index.isTelling(1) && index.isTelling(2))
        #expect(index.found(in: "Änn Smith é4711-22").isEmpty)
    }

    @Test("prompts end where the answer would begin") func prompts() throws {
        func record(_ kind: RecordKind, _ fields: [String: JSONValue]) -> Record {
            Record(
                rid: RecordID(hex: String(repeating: "0", count: 32))!, kind: kind, fields: fields)
        }
        #expect(LeakPrompt(record(.text, ["text": "one two  three four"])) == .text("one two"))
        #expect(LeakPrompt(record(.text, ["text": "one"])) == nil)
        #expect(
            LeakPrompt(record(.instruction, ["instruction": "Do", "input": "", "output": "x"]))
                == .chat([EngineMessage(role: "user", content: "Do")]))
        let messages: JSONValue = [
            ["role": "user", "content": "a"], ["role": "assistant", "content": "b"],
            ["role": "user", "content": "c"], ["role": "assistant", "content": "d"],
        ]
        guard case .chat(let turns)? = LeakPrompt(record(.chat, ["messages": messages])) else {
            Issue.record("a chat gives a chat")
            return
        }
        #expect(turns.map(\.content) == ["a", "b", "c"])
        #expect(LeakPrompt(record(.chat, ["messages": [["role": "user", "content": "a"]]])) == nil)
    }

    @Test("a model that says a removed value fails the check; nothing is shown") func leak() throws
    {
        let fixture = try fixture(says: "write to person3@mail.example or person4@mail.example")
        let check = LeakCheck(
            name: "writer", data: "reviews@3", purpose: "sentiment", prompts: 10, needsRaw: true,
            engine: "workbench", threads: 1)
        let report = try check.run(in: fixture.workspace)
        #expect(report.verdict == .checksFailed)
        #expect(report.json["mode"] == "raw" && report.json["prompts"] == 10)
        #expect((report.json["trainRecords"]?.intValue ?? 0) >= 10)
        #expect((report.json["valuesSaid"]?.intValue ?? 0) >= 1)
        #expect(report.json["valuesSaidWithDigits"] == report.json["valuesSaid"])
        #expect(report.json["standInTheRedactedVersion"] == 0)
        #expect((report.json["removedValues"]?.intValue ?? 0) > 10)
        let json = String(decoding: CanonicalJSON.encode(report.json), as: UTF8.self)
        let shown = report.lines.joined() + json
        #expect(!shown.contains("person3") && !shown.contains("mail.example"))
        let facts = try #require(try fixture.events("model.leaks").first?.facts)
        #expect(facts["valuesSaid"] == report.json["valuesSaid"])
        let logged = String(decoding: CanonicalJSON.encode(facts), as: UTF8.self)
        #expect(!logged.contains("person3"))
        #expect(try fixture.auditPasses())
    }

    @Test("a model that says nothing of it passes") func clean() throws {
        let fixture = try fixture()
        let report = try LeakCheck(
            name: "writer", data: "reviews@3", purpose: "sentiment", prompts: 5, needsRaw: true,
            engine: "workbench", threads: 1
        ).run(in: fixture.workspace)
        #expect(report.verdict == .passed && report.json["valuesSaid"] == 0)
        #expect(report.next.isEmpty)
    }

    @Test("without the raw version a detector counts; a classifier is asked for nothing")
    func detector() throws {
        let fixture = try fixture(says: "write to jane.roe@example.com")
        // The version's own policy needs the dataset's keys: the workspace's `all` looks on.
        try Files.makeFolder(fixture.home.settings.home + "/policies")
        try Files.write(
            Files.read(TemporaryWorkspace.policy("all")),
            to: fixture.home.settings.home + "/policies/all.yaml")
        let report = try LeakCheck(
            name: "writer", data: "reviews@3", purpose: "sentiment", prompts: 4,
            engine: "workbench", threads: 1
        ).run(in: fixture.workspace)
        #expect(report.verdict == .passed && report.json["mode"] == "detector")
        #expect(report.json["detected"]?["EMAIL_ADDRESS"] == 4)
        #expect(report.next.first?.contains("request read-raw") == true)
        let leases = try fixture.events("lease.issue").map { $0.facts["lease"]?["permission"] }
        #expect(!leases.contains("read-raw"))
        for (name, data) in [("mood", "reviews@3"), ("writer", "reviews@1")] {
            let error = #expect(throws: WorkspaceError.self) {
                try LeakCheck(
                    name: name, data: data, purpose: "sentiment", engine: "workbench", threads: 1
                ).run(in: fixture.workspace)
            }
            #expect(error?.code == .usage)
        }
    }

    @Test("the choice of prompts follows from the seed, not from the order") func sample() {
        let records = (0..<400).map { index in
            let hex = String(index, radix: 16)
            return Record(
                rid: RecordID(hex: String(repeating: "0", count: 32 - hex.count) + hex)!,
                kind: .text, fields: ["text": .string("record \(index) of it")],
                split: index % 4 == 0 ? .test : .train)
        }
        func choose(_ records: [Record], seed: UInt64) -> [LeakPrompt] {
            var sample = PromptSample(limit: 20, seed: seed)
            for record in records { sample.take(record) }
            #expect(sample.candidates == 300)
            return sample.prompts
        }
        let chosen = choose(records, seed: 1)
        #expect(chosen.count == 20 && Set(chosen).count == 20)
        #expect(choose(records.reversed(), seed: 1) == chosen)
        #expect(choose(records, seed: 2) != chosen)
    }
}
