import Cryptography
import Records
import Testing
import Vault

@testable @_spi(ChokePoint) import Catalog
@testable import Governance

@Suite struct WorkflowTests {
    @Test func aTeamOfOneCanDoEverythingAndIsRecordedSo() throws {
        let f = try GovernanceFixture(solo: true)
        try f.addData(owner: "olga")
        let olga = f.session("olga")
        guard
            case .released(let release) = try f.authorizer.release(
                version: f.redacted, purpose: f.purpose, session: olga)
        else {
            Issue.record("a team of one cannot release")
            return
        }
        #expect(release.selfApproved)
        let lease = try f.authorizer.runLease(
            version: f.redacted, purpose: f.purpose, run: "r-1", session: olga)
        #expect(try f.read(lease) == 6)
        let raw = try f.authorizer.rawLease(
            version: f.raw, purpose: f.purpose, reason: "look", session: olga)
        #expect(try f.read(raw, as: "olga") == 6)
        let approvals = try f.catalog.read { try $0.events() }.filter {
            $0.action == "request.approve"
        }
        #expect(approvals.count == 2)
        #expect(approvals.allSatisfy { $0.facts["selfApproved"]?.boolValue == true })
        #expect(try f.catalog.read { try $0.requests() }.allSatisfy { $0.selfApproved })
        #expect(
            code {
                try f.authorizer.grant(
                    .viewer, to: "p-olga", on: .workspace, session: olga)
            } == .selfGrant)
        #expect(try f.audit().isIntact)
        // It can grow: the owner keeps principals until there is an admin.
        try f.add("ada", by: "olga")
        try f.appoint2(.admin, "ada", by: "olga")
        #expect(try f.decide(.managePrincipals, "olga", .workspace) == "denied")
        #expect(
            code { try f.authorizer.bootstrap(firstPrincipal: f.newPrincipal("x")) } == .conflict)
        #expect(try f.audit().isIntact)
    }

    @Test func aDenialIsAnEvent() throws {
        let f = try GovernanceFixture.team()
        let before = try f.catalog.read { try $0.logSize() }
        let error = #expect(throws: GovernanceError.self) {
            try f.authorizer.require(
                .readRaw, on: .version(f.raw), purpose: f.purpose, session: f.session("tom"))
        }
        #expect(error?.exitCode == 4)
        #expect(error?.reasons.isEmpty == false)
        let event = try #require(try f.lastEvents(1).first)
        #expect(event.index == before)
        #expect(event.outcome == .denied)
        #expect(event.actor == "p-tom")
        #expect(event.facts["permission"]?.stringValue == "read-raw")
    }

    @Test func aNameWithoutItsKeyIsWorthNothing() throws {
        let f = try GovernanceFixture.team()
        let thief = Session(
            actor: Actor(principal: "p-olga", signingKey: Ed25519.PrivateKey()))
        #expect(
            code {
                try f.authorizer.grant(
                    .viewer, to: "p-tom", on: .dataset(f.dataset), session: thief)
            } == .denied)
        let event = try #require(try f.lastEvents(1).first)
        #expect(event.actor == "p-custodian")
        #expect(try f.audit().isIntact)
        let lease = try f.authorizer.readLease(version: f.redacted, session: f.session("vera"))
        #expect(
            code {
                _ = try LeaseReader(
                    lease: lease, authorizer: f.authorizer, vault: f.vault,
                    session: Session(
                        actor: Actor(principal: "p-vera", signingKey: Ed25519.PrivateKey())))
            } == .denied)
    }

    @Test func aChangedLeaseRowOpensNothing() throws {
        let f = try GovernanceFixture.team()
        let lease = try f.authorizer.readLease(version: f.redacted, session: f.session("vera"))
        try f.tamper("UPDATE leases SET expires = '2999-01-01T00:00:00Z'")
        #expect(code { _ = try f.read(lease, as: "vera") } == .integrity)
    }

    @Test func aSampleEndsAtItsLimit() throws {
        let f = try GovernanceFixture.team()
        let made = try f.authorizer.sampleLease(version: f.redacted, session: f.session("tom"))
        #expect(made.sampleLimit == 100)
        #expect(try f.read(made, as: "tom") == 6)
        #expect(try f.read(Lease(made.row, sampleLimit: 3), as: "tom") == 3)
        let reader = try LeaseReader(
            lease: made, authorizer: f.authorizer, vault: f.vault, session: f.session("tom"))
        let first = try #require(try reader.segmentRows().first)
        #expect(code { _ = try reader.segment(first.object) } == .denied)
    }

    @Test func anEndedLeaseOpensNothing() throws {
        let f = try GovernanceFixture.team()
        let lease = try f.authorizer.readLease(version: f.redacted, session: f.session("vera"))
        #expect(code { try f.authorizer.end(lease, session: f.session("sam")) } == .denied)
        try f.authorizer.end(lease, session: f.session("vera"))
        #expect(code { _ = try f.read(lease, as: "vera") } == .expired)
        #expect(
            code { _ = try f.authorizer.readLease(version: f.raw, session: f.session("vera")) }
                == .denied)
    }

    @Test func aLeaseEndsNoLaterThanItsGrant() throws {
        let f = try GovernanceFixture.team()
        try f.add("eve", by: "ada")
        let end = f.clock.now.adding(seconds: 1800)
        try f.authorizer.grant(
            .viewer, to: "p-eve", on: .dataset(f.dataset), until: end, session: f.session("olga"))
        let lease = try f.authorizer.readLease(version: f.redacted, session: f.session("eve"))
        #expect(lease.expires == end)
    }

    @Test func aPurposeThatIsGoneEndsItsLeases() throws {
        let f = try GovernanceFixture.team()
        try f.release()
        let lease = try f.authorizer.runLease(
            version: f.redacted, purpose: f.purpose, run: "r-1", session: f.session("tom"))
        #expect(
            code {
                try f.authorizer.setPurposes(
                    ["support"], legalBasis: "consent", of: f.dataset, session: f.session("olga"))
            } == .denied)
        let result = try f.authorizer.setPurposes(
            ["support"], legalBasis: "consent", of: f.dataset, session: f.session("petra"))
        #expect(result.leases == [lease.id])
        #expect(code { _ = try f.read(lease) } == .expired)
        // A legal hold denies nobody access.
        try f.authorizer.setLegalHold(true, of: f.dataset, session: f.session("petra"))
        #expect(try f.catalog.read { try $0.dataset(f.dataset)?.legalHold } == true)
        #expect(try f.decide(.readRedacted, "vera", .version(f.redacted)) == "allowed")
        #expect(try f.audit().isIntact)
    }

    @Test func exportingRawNeedsWhatReadingItNeeds() throws {
        let f = try GovernanceFixture.team()
        let sam = f.session("sam")
        let lease = try f.authorizer.workLease(
            version: f.redacted, for: .exportDataset, purpose: f.purpose, session: sam)
        #expect(try f.read(lease, as: "sam") == 6)
        #expect(
            code {
                _ = try f.authorizer.workLease(
                    version: f.raw, for: .exportDataset, purpose: f.purpose, session: sam)
            } == .needsApproval)
        // An operation on raw data goes through the Custodian and shows nothing.
        let work = try f.authorizer.workLease(version: f.raw, for: .redact, session: sam)
        #expect(try f.read(work) == 6)
        #expect(
            code {
                _ = try f.authorizer.workLease(version: f.raw, for: .augment, session: sam)
            } == .denied)
    }

    @Test func appointmentsNeedTheNamedPrincipalsOwnKey() throws {
        let f = try GovernanceFixture.team()
        try f.add("eve", by: "ada")
        let request = try f.authorizer.proposeAppointment(
            .auditor, of: "p-eve", session: f.session("olga"))
        #expect(
            code { try f.authorizer.acceptAppointment(request.id, session: f.session("eve")) }
                == .needsApproval)
        try f.authorizer.approve(request.id, session: f.session("petra"))
        #expect(
            code { try f.authorizer.acceptAppointment(request.id, session: f.session("olga")) }
                == .denied)
        let grant = try f.authorizer.acceptAppointment(request.id, session: f.session("eve"))
        #expect(grant.until != nil)
        #expect(
            code { try f.authorizer.acceptAppointment(request.id, session: f.session("eve")) }
                == .conflict)
        // A privacy officer does not approve an appointment of their own.
        let own = try f.authorizer.proposeAppointment(
            .owner, of: "p-petra", session: f.session("olga"))
        #expect(
            code { try f.authorizer.approve(own.id, session: f.session("petra")) }
                == .selfApproval)
        #expect(try f.audit().isIntact)
    }

    @Test func standingReadersHoldASealedStageKey() throws {
        let f = try GovernanceFixture.team()
        let scope = SealScope(try ScopeID(bytes: f.dataset), .redacted)
        func holders() throws -> [String] {
            try f.vault.sealedKeyHolders(scope).map(\.principal).sorted()
        }
        #expect(try holders() == ["p-anna", "p-olga", "p-petra", "p-sam", "p-vera"])
        #expect(
            try f.vault.sealedKeyHolders(
                SealScope(try ScopeID(bytes: f.dataset), .raw)
            ).isEmpty)
        let before = try f.vault.stageKeyID(scope)
        try f.add("gus", by: "ada")
        try f.addGroup("readers", members: ["gus"])
        try f.authorizer.grant(
            .viewer, to: "p-readers", on: .dataset(f.dataset), session: f.session("olga"))
        #expect(try holders().contains("p-gus"))
        #expect(try holders().contains("p-readers") == false)
        #expect(try f.vault.stageKeyID(scope) == before)
        try f.authorizer.removeMember("p-gus", from: "p-readers", session: f.session("ada"))
        #expect(try holders() == ["p-anna", "p-olga", "p-petra", "p-sam", "p-vera"])
        #expect(try f.vault.stageKeyID(scope) != before)
        let lease = try f.authorizer.readLease(version: f.redacted, session: f.session("vera"))
        #expect(try f.read(lease, as: "vera") == 6)
        #expect(try f.audit().isIntact)
    }

    @Test func quarantineIsOpenedByThoseWhoIngest() throws {
        let f = try GovernanceFixture.team()
        let scope = SealScope(try ScopeID(bytes: f.dataset), .quarantine)
        let sealed = try f.vault.seal([1, 2, 3], scope: scope)
        let writer = try f.vault.packs.writer()
        let place = try writer.append(sealed)
        _ = try writer.finish()
        try f.catalog.commit(EventDraft("q.add", object: "q"), signer: f.custodian.signer) {
            try $0.add(
                ObjectRow(
                    id: sealed.id.bytes, kind: .quarantine, scope: f.dataset,
                    stageCode: SealStage.quarantine.rawValue, pack: place.pack.hex,
                    offset: Int(place.offset), length: Int(place.length)))
        }
        let lease = try f.authorizer.quarantineLease(
            dataset: f.dataset, session: f.session("sam"))
        let reader = try LeaseReader(
            lease: lease, authorizer: f.authorizer, vault: f.vault, session: f.custodianSession)
        #expect(try reader.object(sealed.id.bytes) == [1, 2, 3])
        let segment = try #require(try f.catalog.read { try $0.segments(of: f.raw).first })
        #expect(code { _ = try reader.object(segment.object) } == .denied)
        #expect(
            code {
                _ = try f.authorizer.quarantineLease(
                    dataset: f.dataset, session: f.session("vera"))
            } == .denied)
    }
}

extension GovernanceFixture {
    /// Appoints in a workspace of one, whose owner is the privacy officer too.
    func appoint2(_ role: Role, _ name: String, by owner: String) throws {
        let request = try authorizer.proposeAppointment(
            role, of: id(name), session: session(owner))
        try authorizer.approve(request.id, session: session(owner))
        try authorizer.acceptAppointment(request.id, session: session(name))
    }
}
