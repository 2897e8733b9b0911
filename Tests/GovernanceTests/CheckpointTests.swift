import Cryptography
import Records
import Testing
import Vault

@testable @_spi(ChokePoint) import Catalog
@testable import Governance

/// Checkpoints of runs: who opens them, and what the log says of them.
@Suite struct CheckpointTests {
    private static let model: [UInt8] = Array(repeating: 0xC1, count: 16)

    let f: GovernanceFixture
    let lease: Lease

    /// A run of tom's with one checkpoint of one file.
    init() throws {
        f = try GovernanceFixture.team()
        try f.release()
        lease = try f.authorizer.runLease(
            version: f.redacted, purpose: f.purpose, run: "r-1", session: f.session("tom"))
        try addRun("r-1")
        try addCheckpoint(7, "state", of: "r-1")
    }

    private func addRun(_ id: String) throws {
        let run = RunRow(
            id: id, name: id, state: .failed, request: Array("{}".utf8), actor: f.id("tom"),
            version: f.redacted, purpose: f.purpose, lease: lease.id)
        try f.catalog.commit(
            EventDraft(
                "run.start", object: "run:" + id,
                facts: [
                    "purpose": .string(f.purpose), "version": .string(Hex.encode(f.redacted)),
                    "request": .string(Hex.encode(SHA256.hash(run.request))),
                ]), signer: f.custodian.signer
        ) { try $0.add(run) }
    }

    private func addCheckpoint(
        _ step: Int, _ text: String, of run: String, dropping: [Int] = []
    ) throws {
        let scope = SealScope(try ScopeID(bytes: Self.model), .checkpoint)
        let sealed = try f.vault.seal(Array(text.utf8), scope: scope)
        let writer = try f.vault.packs.writer()
        let place = try writer.append(sealed)
        _ = try writer.finish()
        let file = CheckpointFileRow(
            run: run, step: step, position: 0, name: "state.json", object: sealed.id.bytes,
            sha256: SHA256.hash(Array(text.utf8)), size: text.utf8.count)
        try f.catalog.commit(
            EventDraft(
                "run.checkpoint", object: "run:" + run,
                facts: [
                    "step": .integer(step),
                    "digest": .string(Hex.encode(CheckpointFileRow.digest(of: [file]))),
                    "dropped": .array(dropping.map { .integer($0) }),
                ]), signer: f.custodian.signer
        ) { change in
            for step in dropping { try change.removeCheckpoint(step, of: run) }
            try change.add(
                ObjectRow(
                    id: sealed.id.bytes, kind: .checkpoint, scope: Self.model,
                    stageCode: SealStage.checkpoint.rawValue, pack: place.pack.hex,
                    offset: Int(place.offset), length: Int(place.length)))
            try change.add(file)
        }
    }

    private func open(_ lease: Lease, step: Int = 7, file: String = "state.json") throws -> String {
        let reader = try LeaseReader(
            lease: lease, authorizer: f.authorizer, vault: f.vault, session: f.custodianSession)
        var bytes: [UInt8] = []
        try reader.checkpoint(step: step, file: file) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func code(_ body: () throws -> Void) -> GovernanceError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? GovernanceError)?.code
        }
    }

    @Test func aRunOpensItsOwnCheckpoints() throws {
        #expect(try open(lease) == "state")
        #expect(code { _ = try open(lease, step: 8) } == .notFound)
        #expect(code { _ = try open(lease, file: "other") } == .notFound)
    }

    @Test func nobodyElseDoes() throws {
        try addRun("r-2")
        try addCheckpoint(7, "of another", of: "r-2")
        #expect(try open(lease) == "state")
        let other = try f.authorizer.runLease(
            version: f.redacted, purpose: f.purpose, run: "r-3", session: f.session("tom"))
        #expect(code { _ = try open(other) } == .denied)
        let read = try f.authorizer.readLease(version: f.redacted, session: f.session("sam"))
        #expect(code { _ = try open(read) } == .denied)
        try f.authorizer.end(lease, session: f.session("tom"))
        #expect(code { _ = try open(lease) } == .expired)
    }

    @Test func theLogSaysWhatThereIs() throws {
        #expect(try f.audit().findings == [])
        try addCheckpoint(8, "later", of: "r-1", dropping: [7])
        #expect(try f.audit().findings == [])
        try f.catalog.commit(
            EventDraft("run.discard", object: "run:r-1"), signer: f.custodian.signer
        ) { try $0.removeCheckpoint(8, of: "r-1") }
        #expect(try f.audit().findings == [])
    }

    @Test(arguments: [
        ("UPDATE checkpoints SET sha256 = zeroblob(32)", "checkpoint 7 of run r-1 was changed"),
        ("UPDATE checkpoints SET size = 9", "checkpoint 7 of run r-1 was changed"),
        ("UPDATE checkpoints SET step = 9", "checkpoint 9 of run r-1 was put in"),
        ("UPDATE checkpoints SET step = 9", "checkpoint 7 of run r-1 is gone"),
        ("DELETE FROM checkpoints", "checkpoint 7 of run r-1 is gone"),
    ])
    func aChangedRowIsNamed(_ sql: String, _ words: String) throws {
        try f.tamper(sql)
        let found = try f.audit().findings.map(\.message)
        #expect(found.contains { $0.contains(words) }, "\(found)")
    }
}
