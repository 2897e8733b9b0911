import GRDB
import Records
import Testing
import Vault

@testable @_spi(ChokePoint) import Catalog
@testable import Governance

/// The invariants about what ends, what stays, and what must be written down first.
extension InvariantTests {
    @Test(arguments: [false, true])
    func revokingKillsLeasesAndRuns(_ throughGroup: Bool) throws {
        let f = try GovernanceFixture.team()
        try f.release()
        let name: String
        if throughGroup {
            try f.add("gus", by: "ada")
            try f.addGroup("team", members: ["gus"])
            try f.authorizer.grant(
                .trainer, to: "p-team", on: .dataset(f.dataset), session: f.session("olga"))
            name = "gus"
        } else {
            name = "tom"
        }
        let lease = try f.authorizer.runLease(
            version: f.redacted, purpose: f.purpose, run: "r-1", session: f.session(name))
        let run = try f.addRun(lease, by: name)
        try f.tamper("UPDATE leases SET run = ? WHERE id = ?", [run, lease.id])
        let reader = try f.read(
            Lease(try #require(try f.catalog.read { try $0.lease(lease.id) })))
        #expect(reader == 6)
        let result =
            throughGroup
            ? try f.authorizer.removeMember(
                "p-gus", from: "p-team", session: f.session("ada"))
            : try f.authorizer.revoke(
                .trainer, from: "p-tom", on: .dataset(f.dataset), session: f.session("olga"))
        #expect(result.leases == [lease.id])
        #expect(result.runs == [run])
        #expect(try f.catalog.read { try $0.run(run)?.state } == .stopping)
        #expect(
            code {
                _ = try f.read(
                    Lease(try #require(try f.catalog.read { try $0.lease(lease.id) })))
            } == .expired)
    }

    @Test func aLeaseThatEndsWhileReadingStopsTheReading() throws {
        let f = try GovernanceFixture.team()
        let lease = try f.authorizer.readLease(version: f.redacted, session: f.session("vera"))
        let reader = try LeaseReader(
            lease: lease, authorizer: f.authorizer, vault: f.vault, session: f.session("vera"))
        var seen = 0
        let stopped = code {
            try reader.segments { _, _ in
                seen += 1
                try f.authorizer.revoke(
                    .viewer, from: "p-vera", on: .dataset(f.dataset), session: f.session("olga"))
            }
        }
        #expect(stopped == .expired)
        #expect(seen == 1)
    }

    @Test func breakGlassIsShortHasAReasonAndIsReviewed() throws {
        let f = try GovernanceFixture.team()
        let sam = f.session("sam")
        #expect(
            code {
                _ = try f.authorizer.breakGlass(
                    version: f.raw, purpose: f.purpose, reason: "  ", session: sam)
            } == .invalid)
        for name in ["ada", "audrey", "tom", "vera"] {
            #expect(
                code {
                    _ = try f.authorizer.breakGlass(
                        version: f.raw, purpose: f.purpose, reason: "fire",
                        session: f.session(name))
                } == .denied)
        }
        let (lease, review) = try f.authorizer.breakGlass(
            version: f.raw, purpose: f.purpose, reason: "fire", session: sam)
        #expect(lease.expires <= f.clock.now.adding(seconds: 3600))
        #expect(try f.read(lease, as: "sam") == 6)
        f.clock.advance(hours: 2)
        #expect(code { _ = try f.read(lease, as: "sam") } == .expired)
        f.clock.advance(hours: 71)
        #expect(try f.decide(.readMetadata, "sam", .workspace) == "denied")
        #expect(code { try f.authorizer.approve(review.id, session: sam) } == .selfApproval)
        try f.authorizer.approve(review.id, session: f.session("petra"))
        #expect(try f.decide(.readMetadata, "sam", .workspace) == "allowed")
    }

    @Test func theLastOwnerAndPrivacyOfficerStay() throws {
        let f = try GovernanceFixture.team()
        let olga = f.session("olga")
        #expect(
            code {
                try f.authorizer.revoke(.owner, from: "p-olga", on: .workspace, session: olga)
            } == .lastHolder)
        #expect(
            code {
                try f.authorizer.revoke(
                    .privacyOfficer, from: "p-petra", on: .workspace, session: olga)
            } == .lastHolder)
        #expect(
            code {
                try f.authorizer.disablePrincipal("p-petra", session: f.session("ada"))
            } == .lastHolder)
        try f.add("nina", by: "ada")
        try f.appoint(.privacyOfficer, "nina")
        try f.authorizer.revoke(.privacyOfficer, from: "p-petra", on: .workspace, session: olga)
        #expect(
            code {
                try f.authorizer.disablePrincipal("p-nina", session: f.session("ada"))
            } == .lastHolder)
        #expect(
            code {
                try f.authorizer.disablePrincipal("p-olga", session: f.session("ada"))
            } == .lastHolder)
    }

    @Test func noAuditRowNoBytes() throws {
        let f = try GovernanceFixture.team()
        let lease = try f.authorizer.readLease(version: f.redacted, session: f.session("vera"))
        try f.tamper(
            """
            CREATE TRIGGER full BEFORE INSERT ON log_entries
            BEGIN SELECT RAISE(ABORT, 'disk full'); END
            """)
        #expect(throws: GovernanceError.self) { _ = try f.read(lease, as: "vera") }
        #expect(throws: GovernanceError.self) {
            try f.authorizer.grant(
                .viewer, to: "p-tom", on: .dataset(f.dataset), session: f.session("olga"))
        }
        #expect(try f.catalog.read { try $0.grants(of: "p-tom").count } == 1)
        try f.tamper("DROP TRIGGER full")
        #expect(try f.read(lease, as: "vera") == 6)
        let last = try #require(try f.lastEvents(1).first)
        #expect(last.action == "data.read")
        #expect(last.actor == "p-vera")
    }

    @Test func aDenyWinsDirectlyAndThroughGroups() throws {
        let f = try GovernanceFixture.team()
        let olga = f.session("olga")
        let deny = try f.authorizer.deny(
            .readRedacted, to: "p-vera", on: .dataset(f.dataset), session: olga)
        #expect(try f.decide(.readRedacted, "vera", .version(f.redacted)) == "denied")
        #expect(try f.decide(.readMetadata, "vera", .version(f.redacted)) == "allowed")
        try f.authorizer.liftDeny(deny.id, session: olga)
        #expect(try f.decide(.readRedacted, "vera", .version(f.redacted)) == "allowed")
        try f.addGroup("suspended", members: ["vera"])
        try f.authorizer.deny(nil, to: "p-suspended", on: .workspace, session: olga)
        #expect(try f.decide(.readMetadata, "vera", .workspace) == "denied")
    }
}
