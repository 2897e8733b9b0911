import GRDB
import Records
import Testing
import Vault

@testable @_spi(ChokePoint) import Catalog
@testable import Governance

/// The invariants of the access rules, each directly and, where it can differ, through groups.
@Suite struct InvariantTests {
    @Test func aTrainerTrainsWithoutAnyWayToReadRaw() throws {
        let f = try GovernanceFixture.team()
        let tom = f.session("tom")
        // Not released yet.
        #expect(
            code {
                _ = try f.authorizer.runLease(
                    version: f.redacted, purpose: f.purpose, run: "r-1", session: tom)
            } == .denied)
        try f.release()
        let lease = try f.authorizer.runLease(
            version: f.redacted, purpose: f.purpose, run: "r-1", session: tom)
        #expect(lease.run == "r-1")
        #expect(try f.read(lease) == 6)
        // The lease opens one version and no other object.
        let reader = try LeaseReader(
            lease: lease, authorizer: f.authorizer, vault: f.vault, session: f.custodianSession)
        let foreign = try #require(try f.catalog.read { try $0.segments(of: f.raw).first })
        #expect(code { _ = try reader.segment(foreign.object) } == .denied)
        // Another purpose is another release.
        #expect(
            code {
                _ = try f.authorizer.runLease(
                    version: f.redacted, purpose: "support", run: "r-2", session: tom)
            } == .denied)
        #expect(try f.decide(.readRaw, "tom", .version(f.raw), f.purpose) == "denied")
        #expect(try f.decide(.reidentify, "tom", .version(f.redacted), f.purpose) == "denied")
        #expect(try f.decide(.readRedacted, "tom", .version(f.redacted)) == "denied")
        #expect(
            code {
                _ = try f.authorizer.rawLease(version: f.raw, purpose: f.purpose, session: tom)
            } == .denied)
        #expect(
            code {
                _ = try f.authorizer.workLease(
                    version: f.raw, for: .exportDataset, session: tom)
            } == .denied)
        #expect(
            try f.vault.sealedKeyHolders(
                SealScope(try ScopeID(bytes: f.dataset), .redacted)
            ).contains { $0.principal == "p-tom" } == false)
    }

    @Test func aTrainingGroupTrainsToo() throws {
        let f = try GovernanceFixture.team()
        try f.release()
        try f.addGroup("team", members: ["anna"])
        try f.authorizer.grant(
            .trainer, to: "p-team", on: .dataset(f.dataset), session: f.session("olga"))
        let lease = try f.authorizer.runLease(
            version: f.redacted, purpose: f.purpose, run: "r-9", session: f.session("anna"))
        #expect(try f.read(lease) == 6)
    }

    @Test func rawAccessIsAShortLeaseThatAnotherPersonApproved() throws {
        let f = try GovernanceFixture.team()
        let sam = f.session("sam")
        #expect(
            code {
                _ = try f.authorizer.rawLease(version: f.raw, purpose: f.purpose, session: sam)
            } == .needsApproval)
        let request = try f.authorizer.request(
            .readRaw, on: .version(f.raw), purpose: f.purpose, reason: "bad rows", session: sam)
        #expect(code { try f.authorizer.approve(request.id, session: sam) } == .selfApproval)
        #expect(
            code { try f.authorizer.approve(request.id, session: f.session("vera")) } == .denied)
        try f.authorizer.approve(request.id, session: f.session("petra"))
        #expect(
            code {
                _ = try f.authorizer.rawLease(
                    version: f.raw, purpose: f.purpose, hours: 9, session: sam)
            } == .invalid)
        let lease = try f.authorizer.rawLease(version: f.raw, purpose: f.purpose, session: sam)
        #expect(lease.expires <= f.clock.now.adding(seconds: 8 * 3600))
        #expect(try f.read(lease, as: "sam") == 6)
        #expect(code { _ = try f.read(lease, as: "vera") } == .denied)
        // Another purpose was not approved; a purpose the dataset does not have never can be.
        #expect(
            code {
                _ = try f.authorizer.rawLease(version: f.raw, purpose: "support", session: sam)
            } == .needsApproval)
        #expect(
            code {
                _ = try f.authorizer.request(
                    .readRaw, on: .version(f.raw), purpose: "profit", session: sam)
            } == .denied)
        f.clock.advance(hours: 9)
        #expect(code { _ = try f.read(lease, as: "sam") } == .expired)
        #expect(
            code {
                _ = try f.authorizer.rawLease(version: f.raw, purpose: f.purpose, session: sam)
            } == .needsApproval)
    }

    @Test func aPurposeOfTheDatasetAndALegalBasisAreNeeded() throws {
        let f = try GovernanceFixture.team()
        try f.release()
        #expect(try f.decide(.train, "tom", .version(f.redacted), f.purpose) == "allowed")
        #expect(try f.decide(.train, "tom", .version(f.redacted)) == "denied")
        try f.catalog.commit(
            EventDraft("purpose.set", object: "dataset:x"), signer: f.custodian.signer
        ) { try $0.setPurposes(["sentiment"], legalBasis: "", of: f.dataset) }
        #expect(try f.decide(.train, "tom", .version(f.redacted), f.purpose) == "denied")
    }

    @Test(arguments: [(Role.admin, Role.auditor), (.admin, .privacyOfficer)])
    func officesAreKeptApart(_ one: Role, _ other: Role) throws {
        let f = try GovernanceFixture.team()
        try f.add("eve", by: "ada")
        try f.appoint(one, "eve")
        #expect(code { try f.appoint(other, "eve") } == .separationOfDuties)
        // Two proposals side by side: the second cannot be accepted.
        try f.add("bob", by: "ada")
        let olga = f.session("olga")
        let first = try f.authorizer.proposeAppointment(one, of: "p-bob", session: olga)
        let second = try f.authorizer.proposeAppointment(other, of: "p-bob", session: olga)
        for request in [first, second] {
            try f.authorizer.approve(request.id, session: f.session("petra"))
        }
        try f.authorizer.acceptAppointment(first.id, session: f.session("bob"))
        #expect(
            code { try f.authorizer.acceptAppointment(second.id, session: f.session("bob")) }
                == .separationOfDuties)
    }

    @Test func officesAreKeptApartInGroupsToo() throws {
        let f = try GovernanceFixture.team()
        try f.addGroup("office")
        try f.addGroup("outer", members: ["office"])
        // Nobody can appoint a group; one that holds an office all the same spoils its members.
        #expect(
            code {
                try f.authorizer.proposeAppointment(
                    .auditor, of: "p-office", session: f.session("olga"))
            } == .invalid)
        try f.catalog.commit(
            EventDraft("grant.create", object: "grant:g-x"), signer: f.custodian.signer
        ) { change in
            try change.add(
                GrantRow(
                    id: "g-x", role: "auditor", principal: "p-outer", scope: .workspace,
                    from: f.clock.now, until: f.clock.now.adding(seconds: 999_999),
                    grantedBy: "p-custodian"))
        }
        try f.add("mia", by: "ada")
        try f.appoint(.admin, "mia")
        #expect(
            code { try f.authorizer.addMember("p-mia", to: "p-office", session: f.session("ada")) }
                == .separationOfDuties)
        try f.authorizer.addMember("p-vera", to: "p-office", session: f.session("ada"))
        #expect(try f.decide(.readAudit, "vera", .workspace) == "allowed")
        // Put in behind the catalog's back, both offices are worth nothing.
        try f.tamper("INSERT INTO group_members (grp, member) VALUES ('p-office', 'p-mia')")
        #expect(try f.decide(.managePrincipals, "mia", .workspace) == "denied")
        #expect(try f.decide(.readAudit, "mia", .workspace) == "denied")
    }

    @Test func nobodyGrantsToThemselves() throws {
        let f = try GovernanceFixture.team()
        let olga = f.session("olga")
        #expect(
            code {
                try f.authorizer.grant(
                    .trainer, to: "p-olga", on: .dataset(f.dataset), session: olga)
            } == .selfGrant)
        try f.addGroup("inner", members: ["olga"])
        try f.addGroup("outer", members: ["inner"])
        #expect(
            code {
                try f.authorizer.grant(
                    .trainer, to: "p-outer", on: .dataset(f.dataset), session: olga)
            } == .selfGrant)
        #expect(
            code { try f.authorizer.proposeAppointment(.admin, of: "p-olga", session: olga) }
                == .selfGrant)
        #expect(
            code {
                try f.authorizer.addMember("p-ada", to: "p-inner", session: f.session("ada"))
            } == .selfGrant)
        try f.addGroup("admins")
        try f.tamper("INSERT INTO group_members (grp, member) VALUES ('p-admins', 'p-ada')")
        #expect(
            code {
                try f.authorizer.addMember("p-admins", to: "p-inner", session: f.session("ada"))
            } == .selfGrant)
    }

    @Test func nobodyApprovesForThemselves() throws {
        let f = try GovernanceFixture.team()
        // The privacy officer asks for raw data and cannot approve it.
        let petra = f.session("petra")
        let request = try f.authorizer.request(
            .readRaw, on: .version(f.raw), purpose: f.purpose, session: petra)
        #expect(code { try f.authorizer.approve(request.id, session: petra) } == .selfApproval)
        try f.authorizer.approve(request.id, session: f.session("olga"))
        #expect(try f.decide(.readRaw, "petra", .version(f.raw), f.purpose) == "allowed")
        // An owner proposes a release and holds no office that approves it.
        guard
            case .proposed(let release) = try f.authorizer.release(
                version: f.redacted, purpose: f.purpose, session: f.session("olga"))
        else {
            Issue.record("released without a second person")
            return
        }
        #expect(
            code { try f.authorizer.approve(release.id, session: f.session("olga")) }
                == .selfApproval)
        #expect(
            code { try f.authorizer.approve(release.id, session: f.session("sam")) } == .denied)
        try f.authorizer.approve(release.id, session: petra)
        #expect(
            try f.catalog.read { try $0.release(of: f.redacted, purpose: f.purpose) } != nil)
        #expect(code { try f.authorizer.approve(release.id, session: petra) } != nil)
    }

    @Test(arguments: Role.allCases)
    func anOwnerGrantsTheFixedListAndNobodyElseAnything(_ role: Role) throws {
        let f = try GovernanceFixture.team()
        try f.add("eve", by: "ada")
        let made = code {
            try f.authorizer.grant(
                role, to: "p-eve", on: .dataset(f.dataset), session: f.session("olga"))
        }
        #expect(made == (role.isGrantedByOwner ? nil : .denied))
        for name in ["ada", "petra", "audrey", "sam", "tom", "vera", "anna"] {
            #expect(
                code {
                    try f.authorizer.grant(
                        role, to: "p-eve", on: .dataset(f.dataset), session: f.session(name))
                } == .denied)
        }
    }

    @Test func everyGrantButAnOwnersExpiresAndExpiryIsJudgedThen() throws {
        let f = try GovernanceFixture.team()
        for grant in try f.catalog.read({ try $0.grants() }) {
            #expect((grant.until == nil) == (grant.role == "owner"))
        }
        try f.addGroup("guests", members: ["petra"])
        try f.authorizer.grant(
            .viewer, to: "p-guests", on: .dataset(f.dataset),
            until: f.clock.now.adding(seconds: 2 * 3600), session: f.session("olga"))
        #expect(try f.decide(.readRedacted, "vera", .version(f.redacted)) == "allowed")
        f.clock.advance(hours: 24 * 89)
        #expect(try f.decide(.readRedacted, "vera", .version(f.redacted)) == "allowed")
        f.clock.advance(hours: 25)
        #expect(try f.decide(.readRedacted, "vera", .version(f.redacted)) == "denied")
        #expect(try f.decide(.readRedacted, "olga", .version(f.redacted)) == "allowed")
        #expect(
            code {
                try f.authorizer.grant(
                    .viewer, to: "p-vera", on: .dataset(f.dataset), until: .now,
                    session: f.session("olga"))
            } == .invalid)
    }
}
