import Cryptography
import Foundation
import GRDB
import MerkleLog
import Records
import Synchronization
import Vault

@testable @_spi(ChokePoint) import Catalog
@testable import Governance

/// A clock that tests move.
final class Clock: Sendable {
    private let offset = Mutex<Int64>(0)
    var now: Timestamp { Timestamp.now.adding(seconds: offset.withLock { $0 }) }
    func advance(hours: Int64) { offset.withLock { $0 += hours * 3600 } }
}

/// A workspace with people, a dataset, and a raw and a redacted version of three segments each.
final class GovernanceFixture {
    let root: String
    var folder: String { root + "/workspace" }
    var state: String { root + "/state" }
    let clock = Clock()
    let vault: Vault
    let catalog: CatalogStore
    let authorizer: Authorizer
    let custodian: Actor
    private(set) var identities: [String: Identity] = [:]
    let dataset: [UInt8] = Array(repeating: 0xD5, count: 16)
    private(set) var raw: [UInt8] = []
    private(set) var redacted: [UInt8] = []
    let purpose = "sentiment"

    init(solo: Bool = false) throws {
        root = temporaryFolder + "tundish-gov-" + Hex.encode(SecureRandom.bytes(8))
        let folder = root + "/workspace"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let key = try RootKey.create(keyFile: root + "/root.key")
        vault = try Vault.create(in: folder, root: key)
        custodian = try Actor(custodianOf: vault, principal: "p-custodian")
        let keys = try vault.custodian
        catalog = try CatalogStore.create(
            in: folder, workspaceID: vault.workspace.bytes, origin: "tundish.test/gov",
            solo: solo,
            custodian: NewPrincipal(
                id: "p-custodian", kind: .service, name: "custodian",
                ed25519: keys.signing.rawRepresentation, x25519: keys.opening.rawRepresentation),
            signer: custodian.signer, stateFolder: root + "/state")
        let clock = clock
        authorizer = Authorizer(
            catalog: catalog, custodian: custodian, vault: vault, now: { clock.now })
        try authorizer.bootstrap(firstPrincipal: newPrincipal("olga"))
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// A copy of a workspace that nobody writes to, which is much faster than making it again.
    init(copying other: GovernanceFixture) throws {
        root = temporaryFolder + "tundish-gov-" + Hex.encode(SecureRandom.bytes(8))
        try FileManager.default.copyItem(atPath: other.root, toPath: root)
        let folder = root + "/workspace"
        vault = try Vault.open(
            in: folder, root: try RootKey.open(keyFile: root + "/root.key", in: folder))
        custodian = try Actor(custodianOf: vault, principal: "p-custodian")
        catalog = try CatalogStore.open(in: folder, stateFolder: root + "/state")
        catalog.useCheckpointSigner(custodian.signer)
        let clock = clock
        authorizer = Authorizer(
            catalog: catalog, custodian: custodian, vault: vault, now: { clock.now })
        identities = other.identities
        raw = other.raw
        redacted = other.redacted
    }

    /// Makes a workspace that is only ever copied, and removed when the tests end.
    static func template(_ make: () throws -> GovernanceFixture) -> Result<
        GovernanceFixture, any Error
    > {
        let result = Result { try make() }
        if let root = try? result.get().root { templateRoots.withLock { $0.append(root) } }
        atexit {
            for root in GovernanceFixture.templateRoots.withLock({ $0 }) {
                try? FileManager.default.removeItem(atPath: root)
            }
        }
        return result
    }

    private static let templateRoots = Mutex<[String]>([])
    nonisolated(unsafe) private static let teamTemplate = template(makeTeam)

    /// A team with its offices filled: olga owner, ada admin, petra privacy officer, audrey auditor.
    static func team() throws -> GovernanceFixture {
        try GovernanceFixture(copying: teamTemplate.get())
    }

    private static func makeTeam() throws -> GovernanceFixture {
        let fixture = try GovernanceFixture()
        for name in ["ada", "petra", "audrey", "sam", "tom", "vera", "anna"] {
            try fixture.add(name, by: "olga")
        }
        try fixture.appoint(.privacyOfficer, "petra")
        try fixture.appoint(.admin, "ada")
        try fixture.appoint(.auditor, "audrey")
        try fixture.addData(owner: "olga")
        for (role, name) in [
            (Role.steward, "sam"), (.trainer, "tom"), (.viewer, "vera"), (.annotator, "anna"),
        ] {
            try fixture.authorizer.grant(
                role, to: fixture.id(name), on: .dataset(fixture.dataset),
                session: fixture.session("olga"))
        }
        return fixture
    }

    func id(_ name: String) -> String { "p-" + name }

    func newPrincipal(_ name: String) -> NewPrincipal {
        let identity = Identity.create(principal: id(name))
        identities[name] = identity
        return NewPrincipal(
            id: id(name), kind: .person, name: name,
            ed25519: identity.publicKeys.signing.rawRepresentation,
            x25519: identity.publicKeys.opening.rawRepresentation)
    }

    func session(_ name: String) -> Session {
        Session(actor: Actor(identities[name]!))
    }

    var custodianSession: Session { Session(actor: custodian) }

    func add(_ name: String, by keeper: String) throws {
        try authorizer.addPrincipal(newPrincipal(name), session: session(keeper))
    }

    func addGroup(_ name: String, members: [String] = [], by keeper: String = "ada") throws {
        try authorizer.addPrincipal(
            NewPrincipal(id: id(name), kind: .group, name: name), session: session(keeper))
        for member in members {
            try authorizer.addMember(id(member), to: id(name), session: session(keeper))
        }
    }

    @discardableResult
    func appoint(_ role: Role, _ name: String) throws -> GrantRow {
        let request = try authorizer.proposeAppointment(
            role, of: id(name), session: session("olga"))
        let hasOfficer =
            try catalog.read {
                try Decision(reader: $0, now: clock.now).holders(of: .privacyOfficer)
            }.isEmpty == false
        if hasOfficer { try authorizer.approve(request.id, session: session("petra")) }
        return try authorizer.acceptAppointment(request.id, session: session(name))
    }

    func addData(owner: String) throws {
        try catalog.commit(
            EventDraft(
                "dataset.create", object: "dataset:" + Hex.encode(dataset),
                facts: ["purposes": [.string(purpose), "support"]]),
            signer: custodian.signer
        ) { change in
            try change.add(
                DatasetRow(
                    id: dataset, name: "reviews", purposes: [purpose, "support"],
                    legalBasis: "consent", owner: id(owner)))
        }
        raw = try addVersion(.raw)
        redacted = try addVersion(.redacted)
        try authorizer.reconcileStageKeys()
    }

    static func leafHashes(_ row: SegmentRow, _ bytes: [UInt8]) throws -> [[UInt8]] {
        try Segment.decode(bytes).map { record in
            Leaf.hash(
                rid: record.rid,
                commitment: Leaf.commitment(salt: [1, 2, 3], canonical: record.canonical))
        }
    }

    /// Three segments of two records each.
    private func addVersion(_ stage: Stage) throws -> [UInt8] {
        let scope = SealScope(
            try ScopeID(bytes: dataset), stage == .raw ? .raw : .redacted)
        let writer = try vault.packs.writer()
        var segments: [(SegmentRow, SealedObject, PackLocation)] = []
        var leaves: [[UInt8]] = []
        for part in 0..<3 {
            let records = try (0..<2).map { index in
                EncodedRecord(
                    rid: try RecordID(
                        bytes: Array(repeating: UInt8(part * 2 + index), count: 16)),
                    canonical: Array("\(stage.rawValue) text \(part) \(index)".utf8))
            }
            let bytes = Segment.encode(records)
            let sealed = try vault.seal(bytes, scope: scope)
            let location = try writer.append(sealed)
            var row = SegmentRow(
                object: sealed.id.bytes, dataset: dataset, stage: stage, root: [], count: 2,
                firstRID: records[0].rid.bytes, lastRID: records[1].rid.bytes)
            let hashes = try Self.leafHashes(row, bytes)
            row.root = MerkleTree.root(leafHashes: hashes)
            leaves += hashes
            segments.append((row, sealed, location))
        }
        _ = try writer.finish()
        let manifest = CanonicalJSON.encode([
            "count": 6, "dataset": .string(Hex.encode(dataset)), "stage": .string(stage.rawValue),
            "parents": .array(stage == .raw ? [] : [.string(Hex.encode(raw))]),
            "recordRoot": .string(Hex.encode(MerkleTree.root(leafHashes: leaves))),
        ])
        let version = SHA256.hash(manifest)
        try catalog.commit(
            EventDraft(
                stage == .raw ? "dataset.ingest" : "dataset.redact",
                object: "version:" + Hex.encode(version)),
            signer: custodian.signer
        ) { change in
            for (row, sealed, location) in segments {
                try change.add(
                    ObjectRow(
                        id: sealed.id.bytes, kind: .segment, scope: dataset,
                        stageCode: scope.stage.rawValue, pack: location.pack.hex,
                        offset: Int(location.offset), length: Int(location.length)))
                try change.add(row)
            }
            try change.add(
                VersionRow(
                    id: version, dataset: dataset, stage: stage, manifest: manifest, count: 6,
                    actor: custodian.principal), parents: stage == .raw ? [] : [raw],
                segments: segments.map { $0.0.object })
        }
        return version
    }

    func release() throws {
        guard
            case .proposed(let request) = try authorizer.release(
                version: redacted, purpose: purpose, session: session("sam"))
        else { return }
        try authorizer.approve(request.id, session: session("petra"))
    }

    func addRun(_ lease: Lease, by name: String) throws -> String {
        let run = RunRow(
            name: "first", state: .running, request: Array("{}".utf8), actor: id(name),
            version: redacted, purpose: purpose, lease: lease.id)
        try catalog.commit(
            EventDraft(
                "run.start", object: "run:" + run.id,
                facts: [
                    "purpose": .string(purpose), "version": .string(Hex.encode(redacted)),
                    "request": .string(Hex.encode(SHA256.hash(run.request))),
                ]), signer: custodian.signer
        ) { try $0.add(run) }
        return run.id
    }

    /// Reads a version whole; returns the number of records.
    func read(_ lease: Lease, as name: String? = nil) throws -> Int {
        let reader = try LeaseReader(
            lease: lease, authorizer: authorizer, vault: vault,
            session: name.map(session) ?? custodianSession)
        var count = 0
        try reader.segments { _, bytes in count += try Segment.decode(bytes).count }
        return count
    }

    func lastEvents(_ count: Int) throws -> [LoggedEvent] {
        try catalog.read { Array(try $0.events().suffix(count)) }
    }

    func decide(
        _ permission: Permission, _ name: String, _ resource: Resource, _ purpose: String? = nil
    ) throws -> String {
        try authorizer.decide(
            permission, principal: id(name), on: resource, purpose: purpose
        ).word
    }

    /// Changes the database behind the catalog's back.
    func tamper(_ sql: String, _ arguments: StatementArguments = []) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(
            path: CatalogStore.path(in: folder), configuration: configuration)
        try queue.write { db in try db.execute(sql: sql, arguments: arguments) }
        try queue.close()
    }

    func audit() throws -> AuditReport {
        try AuditVerifier(
            catalog: catalog, vault: vault, trustedKey: try catalog.verifierKey(),
            leafHashes: Self.leafHashes
        ).verify()
    }
}

/// The code of the error that a body throws.
func code(_ body: () throws -> Void) -> GovernanceError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? GovernanceError)?.code
    }
}

/// In memory where there is such a place: these tests are about rules, not about fsync.
private let temporaryFolder =
    FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
