import Catalog
import Foundation
import Ingestion
import Records
import Testing
import Vault

@testable import Workspace

@Suite("From files to a clean version")
struct PipelineTests {
    let home: TemporaryWorkspace
    let workspace: OpenWorkspace

    init() throws {
        home = try .make()
        workspace = try home.open()
    }

    func ingest(
        _ paths: [String], dataset: String = "d", isDryRun: Bool = false, threads: Int = 2,
        options: IngestOptions = IngestOptions()
    ) throws -> Report {
        try Ingest(
            dataset: dataset, paths: paths, options: options, purposes: ["p"], legalBasis: "b",
            isDryRun: isDryRun, threads: threads
        ).run(in: workspace)
    }

    /// A folder with a file of every kind that needs no program to be made; each holds two records.
    func folder() throws -> String {
        let folder = home.folder + "/in"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let files = [
            "a.csv": "text,n\none,1\ntwo,2\n",
            "b.tsv": "text\tn\nthree\t3\nfour\t4\n",
            "c.json": #"[{"text":"five","n":"5"},{"text":"six","n":"6"}]"#,
            "d.jsonl": #"{"text":"seven","n":"7"}"# + "\n" + #"{"text":"eight","n":"8"}"# + "\n",
            "e.txt": "nine\n\nten\n",
            "f.md": "# Title\n\neleven\n",
            "g.srt":
                "1\n00:00:01,000 --> 00:00:02,000\ntwelve\n\n2\n00:00:03,000 --> 00:00:04,000\n13\n",
            "h.sql": "INSERT INTO t (text, n) VALUES ('fourteen', 14), ('fifteen', 15);\n",
        ]
        for (name, text) in files {
            try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
        }
        return folder
    }

    func number(_ report: Report, _ path: String...) -> Int? {
        path.reduce(report.json as JSONValue?) { $0?[$1] }?.intValue
    }

    @Test("a folder with a file of every kind") func kinds() throws {
        let report = try ingest([try folder()])
        let files = report.json["files"]?.arrayValue ?? []
        #expect(files.count == 8)
        for file in files {
            #expect(file["refusal"] == nil, "\(file)")
            #expect((file["count"]?["accepted"]?.intValue ?? 0) > 0, "\(file)")
        }
        #expect(number(report, "counts", "read") == number(report, "counts", "accepted"))
        #expect(try AuditLog(workspace).verify(trustedKey: nil).json["intact"] == true)
    }

    @Test("bad files among good ones: the good ones go in, the bad ones say why") func bad() throws
    {
        let folder = try folder()
        try Data([0x7F, 0x45, 0x4C, 0x46, 0, 0, 1, 2, 3, 0, 0, 0]).write(
            to: URL(filePath: folder + "/bad.bin"))
        try "text,n\nfine,1\nshort\n".write(
            toFile: folder + "/z.csv", atomically: true, encoding: .utf8)
        let report = try ingest([folder])
        #expect(number(report, "counts", "quarantined", "csv-field-count") == 1)
        let refused = (report.json["files"]?.arrayValue ?? []).filter { $0["refusal"] != nil }
        #expect(refused.count == 1)
        let rows = try Datasets(workspace).quarantine(of: "d", limit: 10).json["rows"]?.arrayValue
        #expect(rows?.count == 2)
        #expect(rows?.contains { $0["place"] == "whole file" && $0["path"] == "bad.bin" } == true)
        let counts = try #require(report.json["counts"])
        #expect(
            counts["read"]?.intValue
                == (counts["accepted"]?.intValue ?? 0) + 2 + (number(report, "counts", "x") ?? 0))
    }

    @Test("columns that differ between files are told by file and column") func drift() throws {
        let one = try home.write("text,amount\na,1\nb,2\n", "one.csv")
        let two = try home.write("text,amount,extra\nc,many,x\n", "two.csv")
        let report = try ingest([one, two])
        let drift = report.json["drift"]?.arrayValue ?? []
        #expect(drift.contains { $0["column"] == "extra" && $0["change"] == "new" })
        #expect(drift.contains { $0["column"] == "amount" && $0["change"] == "retyped" })
        #expect(report.lines.contains { $0.contains("two.csv") && $0.contains("extra") })
    }

    @Test("a dry run shows what was found out and changes nothing") func dryRun() throws {
        let folder = try folder()
        _ = try ingest([try home.write("text\nx\n", "first.csv")])
        let before = try state()
        let report = try ingest([folder], isDryRun: true)
        #expect(report.json["dryRun"] == true)
        #expect(report.json["preview"]?.arrayValue?.count == 8)
        #expect(report.lines.contains { $0.contains("b.tsv") && $0.contains("tab") })
        _ = try ingest([folder], dataset: "new", isDryRun: true)
        #expect(try state() == before)
        // What a report says never holds what a record says.
        let text = report.lines.joined(separator: "\n")
        #expect(!text.contains("fourteen") && !text.contains("seven"))
    }

    private struct State: Equatable {
        var events: UInt64
        var keys: Int
        var versions: Int
        var datasets: Int
        var packs: [String]
    }

    private func state() throws -> State {
        let packs = try FileManager.default.contentsOfDirectory(
            atPath: home.settings.home + "/packs")
        return try workspace.catalog.read { reader in
            State(
                events: try reader.logSize(), keys: try workspace.vault.objectKeyCount(),
                versions: try reader.datasets().flatMap { try reader.versions(of: $0.id) }.count,
                datasets: try reader.datasets().count, packs: packs.sorted())
        }
    }

    @Test("one thread and two make one version, at every step") func threads() throws {
        let path = try home.reviews(3_000)
        var options = IngestOptions()
        options.mapping = try FieldMapping("text=review,label=sentiment", subject: ["email"])
        options.batchRows = 64
        let one = try ingest([path], threads: 1, options: options)
        let two = try ingest([path], threads: 2, options: options)
        #expect(one.json["version"] == two.json["version"])
        #expect(two.json["new"] == false)
        let clean = try Clean(version: "d@1", threads: 1).run(in: workspace)
        let again = try Clean(version: "d@1", threads: 3).run(in: workspace)
        #expect(clean.json["version"] == again.json["version"])
        #expect(again.json["new"] == false)
    }

    @Test("a version that came of a killed run's second try is the one of an undisturbed run")
    func scope() throws {
        // A first try that got as far as keys, but not to its commit.
        #expect(throws: (any Error).self) {
            try ingest([try home.write("text\n\n", "none.csv")], dataset: "later")
        }
        let report = try ingest([try home.write("text\nx\n", "x.csv")], dataset: "later")
        let id = try #require(try workspace.catalog.read { try $0.dataset(named: "later") }).id
        #expect(report.json["new"] == true)
        let other = try ingest([try home.write("text\nx\n", "x.csv")], dataset: "other")
        #expect(other.json["version"] != report.json["version"])
        #expect(try workspace.catalog.read { try $0.dataset(named: "other") }?.id != id)
    }
}
