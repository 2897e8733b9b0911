import Catalog
import Foundation
import Ingestion
import Records
import Testing

@testable import Workspace

@Suite("Cleaning over a whole dataset")
struct CleaningFlowTests {
    let home: TemporaryWorkspace
    let workspace: OpenWorkspace

    init() throws {
        home = try .make()
        workspace = try home.open()
    }

    /// Texts of twenty different words each, and copies of some of them with one word changed.
    func ingest(copies: Int) throws {
        var random = SeededRandom(seed: 5)
        var lines = ["text,label"]
        func words() -> [String] {
            (0..<20).map { _ in "w\(Int.random(in: 0..<5_000, using: &random))" }
        }
        for index in 0..<200 {
            var text = words()
            lines.append(text.joined(separator: " ") + (index % 2 == 0 ? ",good" : ",bad"))
            guard index < copies else { continue }
            text[19] = "changed\(index)"
            lines.append(text.joined(separator: " ") + (index % 2 == 0 ? ",good" : ",bad"))
        }
        _ = try Ingest(
            dataset: "d",
            paths: [try home.write(lines.joined(separator: "\n") + "\n", "d-\(copies).csv")],
            options: IngestOptions(), purposes: ["p"], legalBasis: "b"
        ).run(in: workspace)
    }

    @Test("near duplicates go, and what was measured is told") func near() throws {
        try ingest(copies: 40)
        let report = try Clean(version: "d", recipe: ["near_duplicates"]).run(in: workspace)
        let dropped = report.json["counts"]?["dropped"]?["near-duplicate"]?.intValue ?? 0
        #expect((30...40).contains(dropped))
        #expect(report.json["global"]?["nearDuplicates"] != nil)
        #expect(report.lines.contains { $0.contains("recall") })
    }

    @Test("evaluation text that stands in train keeps a version from training") func gate() throws {
        try ingest(copies: 150)
        let split: JSONValue = [
            "op": "split", "train": .double(0.5), "validation": .double(0.25),
            "test": .double(0.25), "by": "record",
        ]
        let tainted = try Clean(version: "d", recipe: [split, ["op": "contamination"]])
            .run(in: workspace)
        let label = try #require(tainted.json["label"]?.stringValue)
        let version = try workspace.version(label)
        do {
            try ContaminationGate.check(version, in: workspace)
            Issue.record("the gate let a contaminated version pass")
        } catch let error as WorkspaceError {
            #expect(error.message.contains("above the limit"))
            #expect(error.hint?.contains("contamination") == true)
        }
        // What is made of it is held back, too.
        let redacted = try Redact(
            version: label, policy: TemporaryWorkspace.policy("retail-reviews")
        ).run(in: workspace)
        let child = try workspace.version(try #require(redacted.json["label"]?.stringValue))
        #expect(throws: WorkspaceError.self) { try ContaminationGate.check(child, in: workspace) }
        // The way out that the error names.
        let mended = try Clean(
            version: label, recipe: [["op": "contamination", "action": "drop"]]
        ).run(in: workspace)
        try ContaminationGate.check(
            try workspace.version(try #require(mended.json["label"]?.stringValue)),
            in: workspace)
    }

    @Test("labels that seem wrong form a queue, worst first") func labels() throws {
        var random = SeededRandom(seed: 9)
        var lines = ["text,label"]
        for index in 0..<400 {
            let isGood = index % 2 == 0
            let words = (0..<12).map { _ in
                (isGood ? "good" : "bad") + "\(Int.random(in: 0..<30, using: &random))"
            }
            // One in forty carries the other label.
            let label = (index % 40 == 0) != isGood ? "positive" : "negative"
            lines.append(words.joined(separator: " ") + "," + label)
        }
        _ = try Ingest(
            dataset: "d", paths: [try home.write(lines.joined(separator: "\n") + "\n", "l.csv")],
            options: IngestOptions(), purposes: ["p"], legalBasis: "b"
        ).run(in: workspace)
        let report = try Clean(version: "d", recipe: [["op": "label_noise"]]).run(in: workspace)
        let label = try #require(report.json["label"]?.stringValue)
        let queue = try Datasets(workspace).labelIssues(of: label, limit: 100).json
        let issues = queue["issues"]?.arrayValue ?? []
        #expect(!issues.isEmpty)
        #expect(issues.allSatisfy { $0["given"] != $0["suggested"] })
        #expect(throws: WorkspaceError.self) {
            try Datasets(workspace).labelIssues(of: "d@1", limit: 1)
        }
    }

    @Test("missing values are filled with what train has") func missing() throws {
        var lines = ["text,label,colour"]
        for index in 0..<100 {
            lines.append("text \(index),good,\(index % 10 == 0 ? "" : "red")")
        }
        _ = try Ingest(
            dataset: "d", paths: [try home.write(lines.joined(separator: "\n") + "\n", "m.csv")],
            options: IngestOptions(), purposes: ["p"], legalBasis: "b"
        ).run(in: workspace)
        let report = try Clean(
            version: "d",
            recipe: [["op": "missing", "fields": "colour", "action": "mode"], "split"]
        ).run(in: workspace)
        var bytes: [UInt8] = []
        _ = try ExportDataset(
            version: try #require(report.json["label"]?.stringValue), output: "-", purpose: "p"
        ).run(in: workspace, standardOutput: { bytes += $0 })
        let rows = try bytes.split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
        #expect(rows.count == 100)
        #expect(rows.allSatisfy { $0["colour"] == "red" })
    }

    @Test("the profile as one page, without a word of a record") func page() throws {
        try ingest(copies: 20)
        let report = try Clean(version: "d", recipe: ["near_duplicates", "split"])
            .run(in: workspace)
        let label = try #require(report.json["label"]?.stringValue)
        let path = home.folder + "/profile.html"
        let profile = try ProfileVersion(version: label, htmlFile: path).run(in: workspace)
        #expect(
            profile.json["profile"]?["records"]
                == .integer(report.json["counts"]?["kept"]?.intValue ?? 0))
        let page = try String(contentsOfFile: path, encoding: .utf8)
        #expect(page.contains("<html") && page.contains("nearDuplicates"))
        #expect(!page.contains("changed1"))
        #expect(!page.contains("src=") && !page.contains("<script"))
    }
}
