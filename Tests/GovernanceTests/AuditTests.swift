import Cryptography
import Foundation
import GRDB
import Records
import Testing
import Vault

@testable @_spi(ChokePoint) import Catalog
@testable import Governance

@Suite struct AuditTests {
    /// A workspace in which everything that is replayed has happened.
    static func busy() throws -> GovernanceFixture {
        try GovernanceFixture(copying: busyTemplate.get())
    }

    nonisolated(unsafe) private static let busyTemplate = GovernanceFixture.template(makeBusy)

    private static func makeBusy() throws -> GovernanceFixture {
        let f = try GovernanceFixture.team()
        try f.release()
        let olga = f.session("olga")
        try f.addGroup("team", members: ["vera", "tom"])
        try f.authorizer.removeMember("p-tom", from: "p-team", session: f.session("ada"))
        let deny = try f.authorizer.deny(
            .exportDataset, to: "p-sam", on: .dataset(f.dataset), session: olga)
        try f.authorizer.liftDeny(deny.id, session: olga)
        try f.authorizer.deny(.clean, to: "p-sam", on: .workspace, session: olga)
        let request = try f.authorizer.request(
            .readRaw, on: .version(f.raw), purpose: f.purpose, session: f.session("sam"))
        try f.authorizer.reject(request.id, session: f.session("petra"))
        try f.authorizer.request(
            .readRaw, on: .version(f.raw), purpose: f.purpose, session: f.session("anna"))
        _ = try f.authorizer.breakGlass(
            version: f.raw, purpose: f.purpose, reason: "fire", session: f.session("sam"))
        try f.authorizer.revoke(
            .annotator, from: "p-anna", on: .dataset(f.dataset), session: olga)
        try f.authorizer.disablePrincipal("p-anna", session: f.session("ada"))
        return f
    }

    @Test func anUntouchedWorkspaceIsIntact() throws {
        let f = try Self.busy()
        let report = try f.audit()
        #expect(report.log.findings == [])
        #expect(report.findings == [])
        #expect(report.isIntact)
        #expect(report.log.signer == .trusted)
        #expect(report.objects == 6)
        #expect(report.versions == 2)
        #expect(report.rows > 25)
        // Withdrawing, and erasing a detail, keep it so.
        try f.authorizer.withdrawRelease(
            version: f.redacted, purpose: f.purpose, session: f.session("petra"))
        try f.catalog.commit(
            EventDraft("audit.erase", object: "event:4"), signer: f.custodian.signer
        ) { try $0.eraseDetail(ofEvent: 4) }
        #expect(try f.audit().isIntact)
    }

    @Test(arguments: [
        ("UPDATE grants SET role = 'owner' WHERE principal = 'p-vera'", "role is owner"),
        ("UPDATE grants SET valid_until = NULL WHERE principal = 'p-vera'", "until is null"),
        ("UPDATE grants SET scope = 'workspace' WHERE principal = 'p-vera'", "scope is workspace"),
        ("UPDATE grants SET purpose = 'x' WHERE principal = 'p-tom'", "purpose is x"),
        ("UPDATE grants SET revoked = NULL WHERE principal = 'p-anna'", "it is not revoked"),
        ("DELETE FROM grants WHERE principal = 'p-tom'", "is gone"),
        ("UPDATE grants SET event = 3 WHERE principal = 'p-tom'", "it names event 3"),
        (
            "INSERT INTO grants SELECT 'g-new', role, 'p-tom', scope, stage, purpose, valid_from, "
                + "valid_until, granted_by, event, revoked FROM grants WHERE role = 'steward'",
            "grant g-new was put in"
        ),
        ("UPDATE principals SET ed25519 = zeroblob(32) WHERE id = 'p-tom'", "ed25519 is 0000"),
        ("UPDATE principals SET disabled = NULL WHERE id = 'p-anna'", "it is not disabled"),
        (
            "INSERT INTO group_members (grp, member) VALUES ('p-team', 'p-tom')",
            "was put into group"
        ),
        ("DELETE FROM group_members", "is gone from group"),
        ("DELETE FROM denies WHERE lifted IS NULL", "is gone"),
        ("UPDATE denies SET lifted = NULL WHERE lifted IS NOT NULL", "it is not lifted"),
        ("UPDATE requests SET state = 'approved' WHERE state = 'rejected'", "it is approved"),
        (
            "UPDATE requests SET state = 'approved', approver = 'p-petra' WHERE state = 'pending'",
            "it is approved"
        ),
        ("UPDATE releases SET purpose = 'support'", "was put in or changed"),
        ("DELETE FROM releases", "is gone or changed"),
        ("UPDATE workspace SET solo = 1", "solo is true"),
        ("UPDATE versions SET count = 7 WHERE stage = 'raw'", "differs from its manifest"),
        ("UPDATE versions SET manifest = x'7b7d' WHERE stage = 'raw'", "not the one its id names"),
        ("DELETE FROM version_segments WHERE position = 1", "do not have its record root"),
        ("UPDATE segments SET root = zeroblob(32)", "other records than its root says"),
        ("UPDATE objects SET offset = offset + 1", "is damaged"),
        ("UPDATE objects SET pack = 'nonsense'", "is damaged"),
    ])
    func aChangedRowIsNamed(_ sql: String, _ words: String) throws {
        let f = try Self.busy()
        try f.tamper(sql)
        let report = try f.audit()
        #expect(!report.isIntact)
        #expect(
            report.findings.contains { $0.message.contains(words) },
            "\(report.findings.map(\.message))")
    }

    @Test func aFlippedByteInASegmentIsNamed() throws {
        let f = try GovernanceFixture.team()
        let rows = try f.catalog.read { try $0.segments(of: f.redacted) }
        let object = try #require(try f.catalog.read { try $0.object(rows[1].object) })
        let pack = try #require(
            FileManager.default.enumerator(atPath: f.folder + "/packs")?
                .compactMap { $0 as? String }.first { $0.contains(object.pack) })
        let path = f.folder + "/packs/" + pack
        var bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
        bytes[object.offset + object.length - 3] ^= 1
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let report = try f.audit()
        #expect(report.findings.count == 1)
        let finding = try #require(report.findings.first)
        #expect(finding.kind == .damagedObject)
        #expect(finding.message.contains("segment 2 of reviews@2"))
        #expect(finding.subject == Hex.encode(rows[1].object))
    }

    @Test func aDroppedEventIsNamed() throws {
        let f = try Self.busy()
        try f.tamper("DELETE FROM log_details WHERE idx = 5")
        try f.tamper("DELETE FROM log_entries WHERE idx = 5")
        let report = try f.audit()
        #expect(report.log.findings.contains { $0.kind == .droppedEvent && $0.index == 5 })
        #expect(!report.isIntact)
    }

    @Test func aVersionWithoutAnEventIsNamed() throws {
        let f = try GovernanceFixture.team()
        let manifest = Array("{\"count\":0,\"stage\":\"raw\"}".utf8)
        try f.tamper(
            """
            INSERT INTO versions SELECT ?, dataset, 'raw', ?, 0, created, actor FROM versions LIMIT 1
            """, [Data(SHA256.hash(manifest)), Data(manifest)])
        try f.tamper(
            "INSERT INTO numbers SELECT dataset, 9, ? FROM numbers LIMIT 1",
            [Data(SHA256.hash(manifest))])
        #expect(
            try f.audit().findings.contains { $0.message == "no event of the log made reviews@9" })
    }
}
