import Catalog
import Foundation
import Governance
import Ingestion
import Records
import Testing
import Vault

@testable import Workspace

@Suite("Quarantine")
struct QuarantineTests {
    let home: TemporaryWorkspace
    let workspace: OpenWorkspace

    init() throws {
        home = try .make()
        workspace = try home.open()
    }

    @discardableResult
    func ingest(_ path: String, key: [String] = []) throws -> Report {
        var options = IngestOptions()
        options.mapping = try FieldMapping("text=review", subject: ["email"], key: key)
        return try Ingest(
            dataset: "d", paths: [path], options: options, purposes: ["p"], legalBasis: "contract"
        ).run(in: workspace)
    }

    func list(_ reason: String? = nil) throws -> [JSONValue] {
        try Datasets(workspace).quarantine(of: "d", reason: reason, limit: 100).json["rows"]?
            .arrayValue ?? []
    }

    func texts(_ version: String) throws -> [String] {
        var bytes: [UInt8] = []
        _ = try ExportDataset(version: version, output: "-", purpose: "p").run(
            in: workspace, standardOutput: { bytes += $0 })
        return try bytes.split(separator: 0x0A)
            .compactMap { try JSONParser.parse(Array($0))["text"]?.stringValue }.sorted()
    }

    static let bad = """
        id,email,review,note
        1,a@x.example,fine,x
        2,b@x.example,short
        3,c@x.example,,from the note

        """

    @Test("rows are listed by reason, with their places; a reason that is not there is an error")
    func listing() throws {
        try ingest(try home.write(Self.bad, "bad.csv"))
        #expect(try list().count == 2)
        let row = try #require(try list("missing-text").first)
        #expect(row["path"] == "bad.csv")
        #expect(
            row["offset"]?.intValue == Self.bad.utf8.count
                - "3,c@x.example,,from the note\n".utf8.count)
        #expect(row["version"]?.stringValue != nil)
        #expect(throws: WorkspaceError.self) { try list("no-such-reason") }
    }

    @Test("a row's bytes are shown as they stood, and the reading is an event") func show() throws {
        try ingest(try home.write(Self.bad, "bad.csv"))
        let id = try #require(try list("csv-field-count").first?["id"]?.intValue)
        let before = try workspace.catalog.read { try $0.logSize() }
        let report = try Datasets(workspace).quarantined(Int64(id))
        #expect(report.lines.contains("2,b@x.example,short"))
        #expect(
            report.json["bytes"]?.stringValue.flatMap(Base64.decode)
                == Array("2,b@x.example,short".utf8))
        #expect(try workspace.catalog.read { try $0.logSize() } > before)
        #expect(throws: WorkspaceError.self) { try Datasets(workspace).quarantined(4711) }
    }

    @Test("who may bring files in may not read raw bytes without an approval") func denied() throws
    {
        let home = try TemporaryWorkspace.make(solo: false)
        let owner = try home.open()
        try home.add("sam", by: owner)
        _ = try Grants(owner).grant(
            .steward, to: "sam", on: nil, stage: nil, purpose: nil, until: nil)
        let sam = try home.open(as: "sam")
        var options = IngestOptions()
        options.mapping = try FieldMapping("text=review")
        _ = try Ingest(
            dataset: "d", paths: [try home.write(Self.bad, "bad.csv")], options: options,
            purposes: ["p"], legalBasis: "b"
        ).run(in: sam)
        #expect(throws: (any Error).self) { try Datasets(sam).quarantined(1) }
    }

    @Test("retry takes in what it can read, and only that leaves the quarantine") func retry()
        throws
    {
        try ingest(try home.write(Self.bad, "bad.csv"))
        let nothing = try RetryQuarantine(dataset: "d").run(in: workspace)
        #expect(nothing.json["label"] == .null)
        #expect(try list().count == 2)
        var options = IngestOptions()
        options.mapping = try FieldMapping("text=note", subject: ["email"])
        let dry = try RetryQuarantine(
            dataset: "d", reason: "missing-text", options: options, isDryRun: true
        ).run(in: workspace)
        #expect(dry.json["label"] == .null)
        #expect(try list().count == 2)
        let keys = try workspace.vault.objectKeyCount()
        let report = try RetryQuarantine(dataset: "d", options: options).run(in: workspace)
        #expect(report.json["label"] == "d@2")
        #expect(report.json["counts"]?["accepted"] == 1)
        #expect(try list().compactMap { $0["reason"]?.stringValue } == ["csv-field-count"])
        #expect(try texts("d@2") == ["fine", "from the note"])
        let row = try workspace.catalog.read { try $0.resolve("d@2") }
        let parent = try workspace.catalog.read { try $0.resolve("d@1") }
        #expect(try workspace.catalog.read { try $0.parents(of: row.id) } == [parent.id])
        // The sealed bytes went with the row: their key is gone.
        #expect(try workspace.vault.objectKeyCount() <= keys + 2)
        let origins = try origins(of: row)
        #expect(origins.map(\.fileDigest).count == 2)
        #expect(Set(origins.map(\.fileDigest)).count == 1)
        #expect(origins.contains { $0.offset == UInt64(Self.bad.utf8.count - 29) })
        #expect(try AuditLog(workspace).verify(trustedKey: nil).json["intact"] == true)
    }

    func origins(of row: VersionRow) throws -> [Origin] {
        let lease = try workspace.authorizer.workLease(
            version: row.id, for: .clean, session: workspace.session)
        var origins: [Origin] = []
        try VersionReader(workspace, version: row, lease: lease).origins { origins.append($0) }
        return origins
    }

    @Test("one piece can give several rows; those that still fail are rows of their own")
    func pieces() throws {
        let text = #"{"text":"one"}"# + "\n" + #"{"text":"two"}{"text":"three"}{"text":"# + "\n"
        _ = try Ingest(
            dataset: "d", paths: [try home.write(text, "lines.jsonl")], options: IngestOptions(),
            purposes: ["p"], legalBasis: "b"
        ).run(in: workspace)
        #expect(try list().count == 1)
        let report = try RetryQuarantine(dataset: "d").run(in: workspace)
        #expect(report.json["counts"]?["accepted"] == 2)
        #expect(report.json["counts"]?["read"] == 3)
        let left = try list()
        #expect(left.count == 1)
        #expect(left.first?["reason"]?.stringValue?.hasPrefix("json-") == true)
        // Its place is that of the rest, in the file.
        #expect((left.first?["offset"]?.intValue ?? 0) > 40)
        #expect(try texts("d") == ["one", "three", "two"])
    }

    @Test("a key that is there already is dropped or refused; content counts on") func repeats()
        throws
    {
        try ingest(
            try home.write(
                "id,email,review,note\n1,a@x.example,same,\n1,a@x.example,,same\n"
                    + "1,a@x.example,,other\n", "keys.csv"), key: ["id"])
        var options = IngestOptions()
        options.mapping = try FieldMapping("text=note", subject: ["email"], key: ["id"])
        let report = try RetryQuarantine(dataset: "d", options: options).run(in: workspace)
        // The note is a column of its own, so the content differs: both keys are refused.
        #expect(report.json["counts"]?["accepted"] == 0)

        let free = try TemporaryWorkspace.make()
        let other = try free.open()
        let rows = #"{"text":"same"}"# + "\n" + #"{"text":null,"b":"same"}"# + "\n"
        _ = try Ingest(
            dataset: "f", paths: [try free.write(rows, "r.jsonl")], options: IngestOptions(),
            purposes: ["p"], legalBasis: "b"
        ).run(in: other)
        var asked = IngestOptions()
        asked.mapping = try FieldMapping("text=b", dropping: ["text"])
        let again = try RetryQuarantine(dataset: "f", options: asked).run(in: other)
        #expect(again.json["counts"]?["accepted"] == 1)
        #expect(try other.version("f@2").count == 2)
    }

    @Test("rows in another encoding are read again as that") func encoding() throws {
        let path = home.folder + "/latin.csv"
        let bytes = Array("email,größe,review\na@x.example,x,fine\nb@x.example,".utf8.map { $0 })
        // Windows-1252: ö is F6, ß is DF, ü is FC.
        let text = String(decoding: bytes, as: UTF8.self) + "groß,\n"
        try text.data(using: .windowsCP1252)?.write(to: URL(filePath: path))
        try ingest(path)
        #expect(try list().count == 1)
        var options = IngestOptions()
        options.mapping = try FieldMapping("text=größe", subject: ["email"])
        _ = try RetryQuarantine(dataset: "d", options: options).run(in: workspace)
        #expect(try texts("d") == ["fine", "groß"])
    }

    @Test(
        "bytes are printed without moving a terminal's cursor",
        arguments: [
            ("plain\ttext\n", "plain\ttext\n"), ("\u{1B}[31mred", "\\u{1b}[31mred"),
            ("a\u{202E}b", "a\\u{202e}b"), ("bell\u{7}", "bell\\u{7}"), ("größe 😀", "größe 😀"),
            ("\u{9B}x", "\\u{9b}x"),
        ])
    func printable(text: String, shown: String) {
        #expect(SafeText.printable(Array(text.utf8)) == shown)
        #expect(SafeText.printable(Array(text.utf8) + [0xFF, 0x41]) == shown + "\\xffA")
    }
}
