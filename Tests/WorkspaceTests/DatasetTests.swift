import Catalog
import Foundation
import Vault
import Ingestion
import Records
import Testing

@testable import Workspace

@Suite("Datasets and their versions")
struct DatasetTests {
    let home: TemporaryWorkspace
    let workspace: OpenWorkspace

    init() throws {
        home = try .make()
        workspace = try home.open()
    }

    func options(key: [String] = []) throws -> IngestOptions {
        var options = IngestOptions()
        options.mapping = try FieldMapping(
            "text=review,label=sentiment", subject: ["email"], key: key)
        return options
    }

    @discardableResult
    func ingest(_ path: String, key: [String] = [], dataset: String = "reviews") throws -> Report {
        try Ingest(
            dataset: dataset, paths: [path], options: options(key: key), purposes: ["sentiment"],
            legalBasis: "contract"
        ).run(in: workspace)
    }

    func export(_ version: String) throws -> [JSONValue] {
        var bytes: [UInt8] = []
        _ = try ExportDataset(version: version, output: "-", purpose: "sentiment").run(
            in: workspace, standardOutput: { bytes += $0 })
        return try bytes.split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
    }

    @Test("ingesting a file again makes no new version") func again() throws {
        let path = try home.reviews()
        let first = try ingest(path)
        let second = try ingest(path)
        #expect(first.json["new"] == true)
        #expect(second.json["new"] == false)
        #expect(first.json["version"] == second.json["version"])
    }

    @Test(
        "an updated export keeps the ids of its unchanged rows, keyed or not",
        arguments: [[], ["id"]])
    func update(key: [String]) throws {
        try ingest(try home.reviews(60), key: key)
        let before = Set(try export("reviews@1").compactMap { $0["_rid"]?.stringValue })
        let text = try String(contentsOfFile: try home.reviews(60), encoding: .utf8)
        try ingest(
            try home.write(text.replacingOccurrences(of: "Order 7:", with: "Parcel 7:"), "b.csv"),
            key: key)
        let after = Set(try export("reviews@2").compactMap { $0["_rid"]?.stringValue })
        let diff = try Datasets(workspace).diff("reviews@1", "reviews@2").json
        #expect(before.intersection(after).count == (key.isEmpty ? 59 : 60))
        #expect(diff["changed"]?.arrayValue?.count == (key.isEmpty ? 0 : 1))
        #expect(diff["added"]?.arrayValue?.count == (key.isEmpty ? 1 : 0))
    }

    @Test("exact repetitions are records of their own; a repeated key with other content is not")
    func repetitions() throws {
        let rows = "id,email,review,sentiment\n1,a@x.example,same,positive\n"
        let same = try home.write(rows + "1,a@x.example,same,positive\n", "same.csv")
        #expect(try ingest(same, dataset: "one").json["counts"]?["accepted"] == 2)
        #expect(try Set(export("one@1").compactMap { $0["_rid"]?.stringValue }).count == 2)
        let other = try home.write(rows + "1,a@x.example,other,positive\n", "other.csv")
        let report = try ingest(other, key: ["id"], dataset: "two")
        #expect(report.json["counts"]?["quarantined"]?["duplicate-key"] == 1)
        let quarantine = try Datasets(workspace).quarantine(of: "two", limit: 10).json
        #expect(quarantine["counts"]?["duplicate-key"] == 1)
    }

    @Test("rows that cannot be read go to quarantine, and the balance holds") func quarantine()
        throws
    {
        let path = try home.write(
            "id,email,review,sentiment\n1,a@x.example,fine,positive\n2,b@x.example,short\n"
                + "3,c@x.example,,negative\n", "bad.csv")
        let report = try ingest(path)
        let counts = try #require(report.json["counts"])
        #expect(counts["accepted"] == 1)
        #expect(counts["quarantined"]?["csv-field-count"] == 1)
        #expect(counts["quarantined"]?["missing-text"] == 1)
        #expect(throws: WorkspaceError.self) {
            try ingest(try home.write("id,email,review,sentiment\n", "empty.csv"), dataset: "none")
        }
    }

    @Test("a dry run changes nothing") func dryRun() throws {
        let before = try workspace.catalog.read { try $0.datasets().count }
        _ = try Ingest(
            dataset: "reviews", paths: [try home.reviews()], options: options(), isDryRun: true
        ).run(in: workspace)
        #expect(try workspace.catalog.read { try $0.datasets().count } == before)
        #expect(try workspace.vault.objectKeyCount() == 0)
    }

    @Test("people never stand in two splits, and splits are frozen") func split() throws {
        try ingest(try home.reviews(300))
        _ = try Clean(version: "reviews@1").run(in: workspace)
        var splits: [String: Set<String>] = [:]
        for row in try export("reviews@2") {
            splits[row["email"]?.stringValue ?? "", default: []].insert(
                row["_split"]?.stringValue ?? "")
        }
        #expect(splits.count == 100)
        #expect(splits.values.allSatisfy { $0.count == 1 })
        #expect(Set(splits.values.joined()) == ["train", "validation", "test"])
    }

    @Test("the version does not depend on the number of threads") func threads() throws {
        try ingest(try home.reviews(400))
        let policy = TemporaryWorkspace.policy("retail-reviews")
        let one = try Redact(version: "reviews@1", policy: policy, threads: 1).run(in: workspace)
        let three = try Redact(version: "reviews@1", policy: policy, threads: 3).run(in: workspace)
        #expect(one.json["version"] == three.json["version"])
        #expect(three.json["new"] == false)
    }

    @Test("no address survives redaction, in columns or in text") func redaction() throws {
        try ingest(try home.reviews())
        _ = try Redact(
            version: "reviews@1", policy: TemporaryWorkspace.policy("retail-reviews")
        ).run(in: workspace)
        let rows = try export("reviews@2")
        #expect(rows.count == 60)
        for row in rows {
            let text = String(decoding: CanonicalJSON.encode(row), as: UTF8.self)
            #expect(!text.contains("mail.example"))
        }
        #expect(throws: WorkspaceError.self) {
            try Redact(version: "reviews@2", policy: TemporaryWorkspace.policy("all"))
                .run(in: workspace)
        }
    }

    @Test("children come from train records alone, keep their label, and name their parent")
    func augmentation() throws {
        try ingest(try home.reviews(120))
        _ = try Clean(version: "reviews@1").run(in: workspace)
        let policy = TemporaryWorkspace.policy("retail-reviews")
        #expect(throws: WorkspaceError.self) {
            try Augment(version: "reviews@2", method: "light-edits", policy: policy)
                .run(in: workspace)
        }
        _ = try Redact(version: "reviews@2", policy: policy).run(in: workspace)
        let parents = try export("reviews@3")
        let report = try Augment(version: "reviews@3", method: "light-edits", policy: policy)
            .run(in: workspace)
        let all = try export("reviews@4")
        let known = Set(parents.compactMap { $0["_rid"]?.stringValue })
        let children = all.filter { !known.contains($0["_rid"]?.stringValue ?? "") }
        #expect(children.count == report.json["children"]?.intValue)
        #expect(children.count > 20)
        #expect(children.allSatisfy { $0["_split"] == "train" })
        #expect(all.count == parents.count + children.count)
    }

    @Test("shared segments: an edit of one keyed row seals few segments anew") func sharing() throws
    {
        try ingest(try home.reviews(2_000), key: ["id"])
        let text = try String(contentsOfFile: try home.reviews(2_000), encoding: .utf8)
        let edited = try home.write(
            text.replacingOccurrences(of: "Order 7:", with: "Parcel 7:"), "edited.csv")
        _ = try ingest(edited, key: ["id"])
        let (one, two) = try workspace.catalog.read { reader in
            (
                Set(try reader.segments(of: reader.resolve("reviews@1").id).map(\.object)),
                Set(try reader.segments(of: reader.resolve("reviews@2").id).map(\.object))
            )
        }
        #expect(two.subtracting(one).count == 1)
    }
}

extension DatasetTests {
    @Test("a first ingest that fails leaves no dataset behind") func failedFirst() throws {
        #expect(throws: (any Error).self) {
            try ingest(try home.write("id,email,text\n", "none.csv"), dataset: "later")
        }
        _ = try ingest(try home.reviews(), dataset: "later")
        #expect(try export("later@1").count == 60)
    }

    @Test("a row of data is not taken for the names of columns") func dataAsHeader() throws {
        let path = try home.write(
            "7,jane.roe@example.com,\"fine, really\",positive\n8,b@x.example,bad,negative\n",
            "headless.csv")
        var options = IngestOptions()
        options.header = .present
        options.mapping = try FieldMapping("text=positive")
        #expect(throws: (any Error).self) {
            try Ingest(
                dataset: "headless", paths: [path], options: options, purposes: ["p"],
                legalBasis: "b"
            ).run(in: workspace)
        }
        options.header = .absent
        options.mapping = try FieldMapping("text=column3,label=column4", subject: ["column2"])
        let report = try Ingest(
            dataset: "headless", paths: [path], options: options, purposes: ["p"], legalBasis: "b"
        ).run(in: workspace)
        #expect(report.json["counts"]?["accepted"] == 2)
    }

    @Test(
        "personal data in names of members is held back, in labels refused",
        arguments: ["all", "gdpr", "retail-reviews"])
    func namesAndLabels(policy: String) throws {
        let path = try home.write(
            #"{"text":"nice","label":"good","orders":{"jane.roe@example.com":1}}"# + "\n"
                + #"{"text":"bad","label":"poor"}"# + "\n", "members.jsonl")
        _ = try Ingest(
            dataset: "members", paths: [path], options: IngestOptions(), purposes: ["sentiment"],
            legalBasis: "b"
        ).run(in: workspace)
        let report = try Redact(
            version: "members@1", policy: TemporaryWorkspace.policy(policy)
        ).run(in: workspace)
        #expect(report.json["quarantined"] == 1)
        #expect(try export("members@2").compactMap { $0["label"]?.stringValue } == ["poor"])

        let labels = try home.write(
            #"{"text":"nice","label":"jane.roe@example.com"}"# + "\n", "labels.jsonl")
        _ = try Ingest(
            dataset: "labels", paths: [labels], options: IngestOptions(), purposes: ["sentiment"],
            legalBasis: "b"
        ).run(in: workspace)
        #expect(throws: WorkspaceError.self) {
            try Redact(version: "labels@1", policy: TemporaryWorkspace.policy(policy))
                .run(in: workspace)
        }
    }
}
