import Cryptography
import Foundation
import GRDB
import Records
import Testing

@testable @_spi(ChokePoint) import Catalog
@testable import Governance

/// Datasets and versions that were changed behind the log's back.
@Suite struct AuditDataTests {
    private func messages(_ f: GovernanceFixture) throws -> [String] {
        try f.audit().findings.map(\.message)
    }

    /// Puts in a version of the redacted stage over the raw segments; with a number, or without.
    private func forge(_ f: GovernanceFixture, numbered: Bool) throws -> [UInt8] {
        let row = try #require(try f.catalog.read { try $0.version(f.raw) })
        let raw = try #require(try JSONParser.parse(row.manifest).objectValue)
        let manifest = CanonicalJSON.encode(
            .object(raw.merging(["stage": "redacted"]) { $1 }))
        let id = SHA256.hash(manifest)
        try f.tamper(
            """
            INSERT INTO versions SELECT ?, dataset, 'redacted', ?, count, created, actor
            FROM versions WHERE id = ?
            """, [Data(id), Data(manifest), Data(f.raw)])
        try f.tamper(
            """
            INSERT INTO version_segments SELECT ?, position, object FROM version_segments
            WHERE version = ?
            """, [Data(id), Data(f.raw)])
        if numbered {
            try f.tamper(
                "INSERT INTO numbers SELECT dataset, 9, ? FROM numbers LIMIT 1", [Data(id)])
        }
        return id
    }

    @Test(arguments: [false, true])
    func aForgedVersionIsNamedAlthoughARefusalNamesIt(_ numbered: Bool) throws {
        let f = try GovernanceFixture.team()
        let id = try forge(f, numbered: numbered)
        // Refused and done events that name the version do not make it.
        #expect(
            code {
                _ = try f.authorizer.readLease(version: id, session: f.session("audrey"))
            } == .denied)
        _ = try f.authorizer.readLease(version: id, session: f.session("vera"))
        let found = try messages(f)
        let label = numbered ? "reviews@9" : "version " + Hex.encode(id)
        #expect(found.contains("no event of the log made \(label)"))
        #expect(
            found.contains("segment 1 of \(label) is of another stage or dataset: it is raw"))
        #expect(found.contains { $0.hasSuffix("has no number in its dataset") } != numbered)
    }

    @Test(arguments: [
        "SELECT 1",
        "UPDATE segments SET stage = 'redacted'",
        "UPDATE segments SET stage = 'redacted'; UPDATE objects SET kind = 'origins'",
    ])
    func aForgedVersionOpensNoRawSegment(_ sql: String) throws {
        let f = try GovernanceFixture.team()
        let id = try forge(f, numbered: true)
        try f.tamper(sql)
        let lease = try f.authorizer.readLease(version: id, session: f.session("vera"))
        #expect(code { _ = try f.read(lease) } == .denied)
        let reader = try LeaseReader(
            lease: lease, authorizer: f.authorizer, vault: f.vault, session: f.session("vera"))
        let object = try #require(try reader.segmentRows().first).object
        #expect(code { _ = try reader.segment(object) } == .denied)
        try f.tamper(
            "INSERT INTO version_objects VALUES (?, 'origins', 0, ?)", [Data(id), Data(object)])
        #expect(code { _ = try reader.object(object) } == .denied)
        #expect(
            try messages(f).contains(
                "the origins object of reviews@9 is of another kind, stage or dataset"))
    }

    @Test func aDeniedMakingMakesNothing() throws {
        let f = try GovernanceFixture.team()
        let id = try forge(f, numbered: true)
        for outcome in [Outcome.denied, .failed] {
            try f.catalog.record(
                EventDraft(
                    "dataset.redact", object: "version:" + Hex.encode(id), outcome: outcome),
                signer: f.custodian.signer)
        }
        #expect(try messages(f).contains("no event of the log made reviews@9"))
    }

    @Test func aDeletedVersionIsNamed() throws {
        let f = try GovernanceFixture.team()
        for table in ["numbers", "version_segments", "version_parents"] {
            try f.tamper("DELETE FROM \(table) WHERE version = ?", [Data(f.redacted)])
        }
        try f.tamper("DELETE FROM versions WHERE id = ?", [Data(f.redacted)])
        #expect(try messages(f) == ["version \(Hex.encode(f.redacted)) is gone"])
    }

    @Test(arguments: [
        ("DELETE FROM version_parents", "the parents of reviews@2 are not"),
        ("UPDATE version_parents SET parent = version", "the parents of reviews@2 are not"),
        ("DELETE FROM numbers WHERE number = 2", "has no number in its dataset"),
        (
            "UPDATE objects SET stage = 2 WHERE id IN (SELECT object FROM segments "
                + "WHERE stage = 'raw')",
            "the object of segment 1 of reviews@1 is of another kind, stage or dataset"
        ),
        ("UPDATE versions SET dataset = zeroblob(16)", "differs from its manifest"),
        ("UPDATE datasets SET purposes = '[\"ads\"]'", "purposes is [\"ads\"], but the log says"),
        ("UPDATE datasets SET legal_hold = 1", "hold is true, but the log says false"),
        (
            "INSERT INTO datasets SELECT zeroblob(16), 'other', purposes, legal_basis, owner, "
                + "created, 0 FROM datasets",
            "dataset 00000000000000000000000000000000 was put in: no event made it"
        ),
        ("DELETE FROM datasets", "dataset d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5 is gone"),
    ])
    func aChangedRowIsNamed(_ sql: String, _ words: String) throws {
        let f = try GovernanceFixture.team()
        try f.tamper(sql)
        let found = try messages(f)
        #expect(found.contains { $0.contains(words) }, "\(found)")
    }

    @Test func changedPurposesAreReplayed() throws {
        let f = try GovernanceFixture.team()
        let petra = f.session("petra")
        try f.authorizer.setPurposes(
            ["ads"], legalBasis: "contract", of: f.dataset, session: petra)
        try f.authorizer.setLegalHold(true, of: f.dataset, session: petra)
        #expect(try messages(f) == [])
        try f.tamper("UPDATE datasets SET legal_basis = 'none', legal_hold = 0")
        let found = try messages(f)
        #expect(found.contains { $0.contains("legalBasis is none, but the log says contract") })
        #expect(found.contains { $0.contains("hold is false, but the log says true") })
    }

    @Test func aMissingKeyIsAFindingOfItsSegment() throws {
        let f = try GovernanceFixture.team()
        let segment = try #require(try f.catalog.read { try $0.segments(of: f.redacted) }.last)
        let report = try AuditVerifier(
            catalog: f.catalog, vault: f.vault, trustedKey: try f.catalog.verifierKey(),
            leafHashes: { row, bytes in
                guard row.object != segment.object else {
                    throw GovernanceError(.integrity, "the key of a data subject is missing")
                }
                return try GovernanceFixture.leafHashes(row, bytes)
            }
        ).verify()
        let finding = try #require(report.findings.first)
        #expect(report.findings.count == 1)
        #expect(finding.kind == .unreadableSegment)
        #expect(finding.subject == Hex.encode(segment.object))
        #expect(
            finding.message
                == "segment 3 of reviews@2 cannot be checked: the key of a data subject is missing")
        #expect(report.versions == 1)
    }
}
