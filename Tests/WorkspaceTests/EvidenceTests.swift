import Catalog
import Foundation
import Governance
import Ingestion
import Records
import Testing

@testable import Workspace

/// What an attacker with the files can do, and that each is named.
@Suite("Evidence", .serialized)
struct EvidenceTests {
    let home: TemporaryWorkspace

    init() throws {
        home = try .make()
        let workspace = try home.open()
        var options = IngestOptions()
        options.mapping = try FieldMapping("text=review,label=sentiment", subject: ["email"])
        _ = try Ingest(
            dataset: "reviews", paths: [home.reviews()], options: options, purposes: ["sentiment"],
            legalBasis: "contract"
        ).run(in: workspace)
        _ = try Principals(workspace).add(
            name: "colleague", kind: .person, identity: home.folder + "/colleague.json",
            passphraseFile: nil)
        _ = try Grants(workspace).grant(
            .viewer, to: "colleague", on: "reviews", stage: nil, purpose: nil, until: nil)
    }

    func verdict() throws -> (Report.Verdict, String) {
        let report = try AuditLog(try home.open()).verify(trustedKey: nil)
        return (report.verdict, report.lines.joined(separator: "\n"))
    }

    func sqlite(_ statement: String) throws { try home.sqlite(statement) }

    @Test("an untouched workspace is intact") func intact() throws {
        let (verdict, text) = try verdict()
        #expect(verdict == .passed, "\(text)")
    }

    @Test("a flipped byte in a segment is named") func flippedByte() throws {
        let packs = home.settings.home + "/packs"
        let pack = try #require(
            FileManager.default.contentsOfDirectory(atPath: packs).filter { !$0.hasPrefix(".") }
                .max { size(packs + "/" + $0) < size(packs + "/" + $1) })
        let file = try #require(FileHandle(forUpdatingAtPath: packs + "/" + pack))
        try file.seek(toOffset: 300)
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: 300)
        try file.write(contentsOf: Data([byte ^ 1]))
        try file.close()
        let (verdict, text) = try verdict()
        #expect(verdict == .integrityViolated)
        #expect(text.contains("reviews@1"), "\(text)")
    }

    private func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }

    @Test("a changed grant row is named") func changedGrant() throws {
        try sqlite("UPDATE grants SET role = 'owner' WHERE role = 'viewer'")
        let (verdict, text) = try verdict()
        #expect(verdict == .integrityViolated)
        #expect(text.contains("grant"), "\(text)")
    }

    @Test("a dropped event is named") func droppedEvent() throws {
        let table = try tableOfEntries()
        try sqlite("DELETE FROM \(table) WHERE rowid = (SELECT max(rowid) - 2 FROM \(table))")
        do {
            let (verdict, text) = try verdict()
            #expect(verdict == .integrityViolated)
            #expect(!text.isEmpty)
        } catch {
            #expect(WorkspaceError(describing: error).code == .integrity, "\(error)")
        }
    }

    private func tableOfEntries() throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            """
            import sqlite3, sys
            c = sqlite3.connect(sys.argv[1])
            names = [r[0] for r in c.execute("select name from sqlite_master where type='table'")]
            print(next(n for n in names if n in ("events", "entries", "log_entries")))
            """, home.settings.home + "/catalog.sqlite",
        ]
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try #require(
            String(data: data, encoding: .utf8)?.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    @Test("a rolled-back database does not open") func rollback() throws {
        let saved = home.folder + "/saved"
        try FileManager.default.copyItem(atPath: home.settings.home, toPath: saved)
        let workspace = try home.open()
        _ = try Grants(workspace).grant(
            .steward, to: "colleague", on: "reviews", stage: nil, purpose: nil, until: nil)
        try FileManager.default.removeItem(atPath: home.settings.home)
        try FileManager.default.copyItem(atPath: saved, toPath: home.settings.home)
        do {
            _ = try home.open()
            Issue.record("it opened")
        } catch {
            #expect(WorkspaceError(describing: error).code == .integrity)
        }
    }
}
