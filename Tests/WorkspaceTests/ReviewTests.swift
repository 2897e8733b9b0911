import Catalog
import Cryptography
import Foundation
import Governance
import Handoff
import Ingestion
import Records
import Testing
import Vault

@testable import Workspace

@Suite("Review, evidence and disclosure")
struct ReviewTests {
    let home: TemporaryWorkspace
    let workspace: OpenWorkspace

    /// Notes of invented patients, several to a person; one place that no detector knows.
    init() throws {
        home = try .make()
        workspace = try home.open()
        var lines = ["id,email,zip,note"]
        for index in 0..<40 {
            let person = index / 4
            lines.append(
                "\(index),person\(person)@mail.example,7870\(person % 2),"
                    + "\"Visit on 2024-03-\(10 + index % 9): write to person\(person)@mail.example, "
                    + "ward zorblaxia\"")
        }
        let path = try home.write(lines.joined(separator: "\n") + "\n", "notes.csv")
        var options = IngestOptions()
        options.mapping = try FieldMapping("text=note", subject: ["email"], key: ["id"])
        _ = try Ingest(
            dataset: "notes", paths: [path], options: options, purposes: ["care"],
            legalBasis: "contract"
        ).run(in: workspace)
    }

    func redact(_ types: String, extra: String = "") throws -> Report {
        let path = try home.write(
            "name: p\n\(extra)\ndefault: {operator: replace, threshold: 0.3}\ntypes: {\(types)}\n",
            "p.yaml")
        return try Redact(version: "notes@1", policy: path).run(in: workspace)
    }

    func export(_ version: String) throws -> [String: JSONValue] {
        var bytes: [UInt8] = []
        _ = try ExportDataset(version: version, output: "-", purpose: "care").run(
            in: workspace, standardOutput: { bytes += $0 })
        return try Dictionary(
            uniqueKeysWithValues: bytes.split(separator: 0x0A).map {
                let json = try JSONParser.parse(Array($0))
                return (json["_rid"]?.stringValue ?? "", json)
            })
    }

    func items(_ version: String, findings: Int = 0, passages: Int = 0) throws -> [JSONValue] {
        try Review(workspace).next(version, findings: findings, passages: passages)
            .json["items"]?.arrayValue ?? []
    }

    func ids(_ items: [JSONValue], where condition: (JSONValue) -> Bool = { _ in true }) -> [String]
    {
        items.filter(condition).compactMap { $0["item"]?.stringValue }
    }

    @Test("decisions feed the next redaction, and its recipe says so") func lists() throws {
        _ = try redact("")
        let dates = ids(try items("notes@2", findings: 500)) {
            $0["type"] == "DATE_TIME" && $0["value"] == "2024-03-10"
        }
        let first = try #require(dates.first)
        _ = try Review(workspace).decide("notes@2", items: [first], verdict: .reject)
        let ward = ids(try items("notes@2", passages: 500)) {
            $0["text"]?.stringValue?.contains("zorblaxia") == true
        }
        _ = try Review(workspace).decide(
            "notes@2", items: [try #require(ward.first)], verdict: .add, text: "zorblaxia",
            type: "LOCATION")
        _ = try redact("")
        let texts = try export("notes@3").values.compactMap { $0["text"]?.stringValue }
        #expect(texts.allSatisfy { !$0.contains("zorblaxia") })
        #expect(texts.contains { $0.contains("2024-03-10") })
        #expect(texts.allSatisfy { !$0.contains("2024-03-11") })
        let manifest = try VersionManifest(
            json: JSONParser.parse(workspace.version("notes@3").manifest))
        #expect(manifest.recipe["reviewDecisions"] != nil)
    }

    @Test("no value of a decision stands in the catalog or in the log") func secrecy() throws {
        _ = try redact("")
        let ward = ids(try items("notes@2", passages: 500)) {
            $0["text"]?.stringValue?.contains("zorblaxia") == true
        }
        _ = try Review(workspace).decide(
            "notes@2", items: [try #require(ward.first)], verdict: .add, text: "zorblaxia",
            type: "LOCATION")
        for name in ["catalog.sqlite", "catalog.sqlite-wal", "keys/keys.sqlite"] {
            let path = home.settings.home + "/" + name
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            #expect(data.range(of: Data("zorblaxia".utf8)) == nil, "\(name)")
        }
    }

    @Test("the sample is the same whenever it is drawn, and goes on where it stopped")
    func sample() throws {
        _ = try redact("")
        let all = ids(try items("notes@2", passages: 30))
        #expect(all.count == 30 && Set(all).count == 30)
        #expect(ids(try items("notes@2", passages: 10)) == Array(all.prefix(10)))
        _ = try Review(workspace).decide(
            "notes@2", items: Array(all.prefix(10)), verdict: .accept)
        #expect(ids(try items("notes@2", passages: 20)) == Array(all.dropFirst(10)))
    }

    @Test("a policy's demands hold a release back until they are met") func evidence() throws {
        _ = try redact(
            "", extra: "release: {max-leak: 0.2, k: 2, quasi-identifiers: [zip]}")
        #expect(throws: WorkspaceError.self) {
            try Grants(workspace).release("notes", purpose: "care")
        }
        #expect(throws: WorkspaceError.self) { try Review(workspace).attest("notes@2") }
        let passages = ids(try items("notes@2", passages: 40))
        _ = try Review(workspace).decide("notes@2", items: passages, verdict: .accept)
        let attested = try Review(workspace).attest("notes@2").json["predicate"]
        let upper = try #require(attested?["residualLeak"]?["upper"]?.doubleValue)
        // Clopper–Pearson, no miss in 40: 1 − (0.025)^(1/40).
        #expect(abs(upper - 0.0880973) < 1e-6)
        #expect(throws: WorkspaceError.self) {
            try Grants(workspace).release("notes", purpose: "care")
        }
        _ = try Anonymity(
            version: "notes@2", quasiIdentifiers: ["zip"], isAttested: true
        ).run(in: workspace)
        #expect(try Grants(workspace).release("notes", purpose: "care").json["released"] == true)
        let quoted = try Attestations(workspace).valid(for: workspace.version("notes@2"))
        #expect(quoted.map(\.statement.kind) == [.review, .anonymity])
    }

    @Test("an attestation that was only put into the database counts for nothing")
    func plantedEvidence() throws {
        _ = try redact("", extra: "release: {max-leak: 0.05}")
        let version = try workspace.version("notes@2")
        let key = workspace.identity.signing
        let statement = AttestationStatement(
            .review, version: Hex.encode(version.id),
            predicate: ["residualLeak": ["upper": .double(0)]])
        let envelope = try statement.sign(publicKey: key.publicKey) { try key.signature(for: $0) }
        try workspace.catalog.commit(
            EventDraft("test", object: "workspace"), signer: workspace.session.signer
        ) { try $0.addAttestation(envelope.canonicalBytes(), to: version.id) }
        #expect(try Attestations(workspace).valid(for: version).isEmpty)
        #expect(throws: WorkspaceError.self) {
            try Grants(workspace).release("notes", purpose: "care")
        }
    }

    @Test("too few passages prove too little") func littleEvidence() throws {
        _ = try redact("", extra: "release: {max-leak: 0.05}")
        _ = try Review(workspace).decide(
            "notes@2", items: ids(try items("notes@2", passages: 5)), verdict: .accept)
        _ = try Review(workspace).attest("notes@2")
        #expect(throws: WorkspaceError.self) {
            try Grants(workspace).release("notes", purpose: "care")
        }
    }

    @Test("encrypted values are revealed byte for byte") func encryption() throws {
        _ = try redact(
            "EMAIL_ADDRESS: encrypt, DATE_TIME: encrypt, ZIP_CODE: encrypt, LOCATION: encrypt")
        let raw = try export("notes@1")
        var bytes: [UInt8] = []
        let report = try Reveal(version: "notes@2", rids: [], purpose: "care")
            .run(in: workspace) { bytes += $0 }
        #expect(report.json["unknown"] == 0)
        for line in bytes.split(separator: 0x0A) {
            let json = try JSONParser.parse(Array(line))
            let rid = try #require(json["_rid"]?.stringValue)
            #expect(json["text"] == raw[rid]?["text"])
        }
        #expect(throws: (any Error).self) {
            try Reveal(version: "notes@2", rids: [], purpose: "marketing").run(in: workspace) { _ in
            }
        }
    }

    @Test("tokens are the same over versions, and redacting again makes no new version")
    func tokens() throws {
        let types = "EMAIL_ADDRESS: token, DATE_TIME: keep"
        let first = try redact(types)
        #expect(try redact(types).json["new"] == false)
        let codes = { (version: String) in
            Set(
                try export(version).values.compactMap { $0["text"]?.stringValue }.flatMap { text in
                    text.split(separator: " ").filter { $0.contains("EMAIL_ADDRESS:") }
                })
        }
        let before = try codes("notes@2")
        #expect(before.count == 10)
        _ = try redact("EMAIL_ADDRESS: token, DATE_TIME: mask")
        #expect(try codes("notes@3") == before)
        #expect(first.json["new"] == true)
    }

    @Test("a date moves, and the days between two visits of a person stay") func dateShift() throws
    {
        _ = try redact("DATE_TIME: date-shift, EMAIL_ADDRESS: keep")
        let raw = try export("notes@1")
        var shifts: [String: Set<Int>] = [:]
        for (rid, json) in try export("notes@2") {
            let person = try #require(
                json["text"]?.stringValue?.split(separator: " ").first { $0.contains("@") })
            shifts[String(person), default: []].insert(
                try day(json["text"]) - day(raw[rid]?["text"]))
        }
        #expect(shifts.count == 10)
        #expect(shifts.values.allSatisfy { $0.count == 1 && $0 != [0] })
    }

    private func day(_ text: JSONValue?) throws -> Int {
        let word = try #require(
            text?.stringValue?.split(separator: " ").first { $0.split(separator: "-").count == 3 })
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = .withFullDate
        let date = try #require(formatter.date(from: String(word.filter { $0 != ":" })))
        return Int(date.timeIntervalSince1970) / 86_400
    }

    @Test("who may not confirm findings sees no item") func permission() throws {
        _ = try redact("")
        let team = try TemporaryWorkspace.make(solo: false)
        #expect(throws: (any Error).self) { try Review(team.open()).status("notes@2") }
        try home.add("viewer", by: workspace)
        _ = try Grants(workspace).grant(
            .viewer, to: "viewer", on: "notes", stage: nil, purpose: nil, until: nil)
        let viewer = try home.open(as: "viewer")
        #expect(throws: GovernanceError.self) {
            try Review(viewer).next("notes@2", findings: 1, passages: 1)
        }
        #expect(throws: GovernanceError.self) {
            try Reveal(version: "notes@2", rids: [], purpose: "care").run(in: viewer) { _ in }
        }
    }

    @Test(
        "verdicts that make no sense are refused",
        arguments: [ReviewVerdict.reject, .adjust, .add])
    func wrongVerdicts(_ verdict: ReviewVerdict) throws {
        _ = try redact("")
        let passage = try #require(ids(try items("notes@2", passages: 1)).first)
        #expect(throws: WorkspaceError.self) {
            try Review(workspace).decide("notes@2", items: [passage], verdict: verdict)
        }
        #expect(throws: WorkspaceError.self) {
            try Review(workspace).decide(
                "notes@2", items: [passage], verdict: .add, text: "stands nowhere", type: "PERSON")
        }
        #expect(throws: WorkspaceError.self) {
            try Review(workspace).decide("notes@2", items: ["f-000000000000"], verdict: .accept)
        }
    }

    @Test("a forged decision or attestation is a finding of the audit") func forgery() throws {
        _ = try redact("")
        _ = try Review(workspace).decide(
            "notes@2", items: ids(try items("notes@2", passages: 3)), verdict: .accept)
        _ = try Review(workspace).attest("notes@2")
        #expect(try AuditLog(workspace).verify(trustedKey: nil).verdict == .passed)
        for statement in [
            "UPDATE review_decisions SET verdict = 'add' WHERE id = 1",
            "DELETE FROM attestations",
        ] {
            try home.sqlite(statement)
            let report = try AuditLog(workspace).verify(trustedKey: nil)
            #expect(report.verdict == .integrityViolated)
            #expect(report.lines.joined().contains("notes@2"))
        }
    }
}
