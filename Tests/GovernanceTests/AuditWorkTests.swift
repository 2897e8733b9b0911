import Cryptography
import Foundation
import GRDB
import Records
import Testing
import Vault

@testable @_spi(ChokePoint) import Catalog
@testable import Governance

/// Engines, runs and models that were changed behind the log's back.
@Suite struct AuditWorkTests {
    private static let base: [UInt8] = Array(repeating: 0xB0, count: 16)
    private static let tuned: [UInt8] = Array(repeating: 0xF1, count: 16)

    /// A workspace with an engine, an imported model, and a run that made another.
    private func working() throws -> GovernanceFixture {
        let f = try GovernanceFixture.team()
        for digest in [1, 2] {
            let digest = [UInt8](repeating: UInt8(digest), count: 32)
            try f.catalog.commit(
                EventDraft(
                    "engine.register", object: "engine:bundled",
                    facts: ["digest": .string(Hex.encode(digest))]), signer: f.custodian.signer
            ) {
                try $0.add(
                    EngineRow(
                        name: "bundled", path: "/engine", digest: digest,
                        actor: f.custodian.principal))
            }
        }
        try importModel(f)
        try f.release()
        let lease = try f.authorizer.runLease(
            version: f.redacted, purpose: f.purpose, run: "r-1", session: f.session("tom"))
        let id = try f.addRun(lease, by: "tom")
        var run = try #require(try f.catalog.read { try $0.run(id) })
        let envelope = SHA256.hash(Array("envelope".utf8))
        run.state = .finished
        run.statementDigest = envelope
        let done = run
        try f.catalog.commit(
            EventDraft(
                "run.finish", object: "run:" + run.id,
                facts: [
                    "envelope": .string(Hex.encode(envelope)),
                    "model": .string(Hex.encode(Self.tuned)),
                ]), signer: f.custodian.signer
        ) {
            try $0.update(done)
            try $0.add(
                ModelRow(
                    id: Self.tuned, name: "tuned", kind: .finetuned, run: done.id,
                    base: Self.base, actor: f.custodian.principal))
        }
        return f
    }

    private func importModel(_ f: GovernanceFixture) throws {
        let sealed = try f.vault.seal(
            [1, 2, 3], scope: SealScope(try ScopeID(bytes: Self.base), .model))
        let writer = try f.vault.packs.writer()
        let place = try writer.append(sealed)
        _ = try writer.finish()
        let digest = SHA256.hash([1, 2, 3])
        try f.catalog.commit(
            EventDraft(
                "model.import", object: "model:" + Hex.encode(Self.base),
                facts: ["files": ["config.json": .string(Hex.encode(digest))]]),
            signer: f.custodian.signer
        ) { change in
            try change.add(
                ModelRow(
                    id: Self.base, name: "base", kind: .base, actor: f.custodian.principal))
            try change.add(
                ObjectRow(
                    id: sealed.id.bytes, kind: .model, scope: Self.base,
                    stageCode: SealStage.model.rawValue, pack: place.pack.hex,
                    offset: Int(place.offset), length: Int(place.length)))
            try change.add(
                ArtifactRow(
                    model: Self.base, name: "config.json", object: sealed.id.bytes,
                    sha256: digest, size: 3))
        }
    }

    @Test func anUntouchedWorkspaceIsIntact() throws {
        #expect(try working().audit().findings == [])
    }

    @Test(arguments: [
        ("UPDATE engines SET digest = zeroblob(32)", "engine bundled was changed: digest is 0000"),
        ("UPDATE engines SET name = 'mine'", "engine mine was put in: no event registered it"),
        ("DELETE FROM engines", "engine bundled is gone"),
        ("UPDATE runs SET request = x'5b5d'", "was changed: request is"),
        ("UPDATE runs SET version = zeroblob(32)", "was changed: version is 0000"),
        ("UPDATE runs SET purpose = 'ads'", "was changed: purpose is ads"),
        ("UPDATE runs SET statement_digest = zeroblob(32)", "was changed: statement is 0000"),
        ("UPDATE runs SET statement_digest = NULL", "was changed: statement is null"),
        ("UPDATE runs SET id = 'r-new'", "run r-new was put in: no event started it"),
        ("DELETE FROM runs", "is gone"),
        (
            "UPDATE model_artifacts SET sha256 = zeroblob(32)",
            "was changed: config.json is 0000"
        ),
        (
            "INSERT INTO model_artifacts SELECT model, 'extra', object, sha256, size "
                + "FROM model_artifacts",
            "but the log says missing"
        ),
        ("DELETE FROM model_artifacts", "was changed: config.json is missing"),
        ("UPDATE models SET run = 'r-other' WHERE name = 'tuned'", "was changed: run is r-other"),
        ("UPDATE models SET id = zeroblob(16) WHERE name = 'base'", "was put in: no event made it"),
        (
            "DELETE FROM models WHERE name = 'tuned'",
            "model f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1 is gone"
        ),
    ])
    func aChangedRowIsNamed(_ sql: String, _ words: String) throws {
        let f = try working()
        try f.tamper(sql)
        let found = try f.audit().findings.map(\.message)
        #expect(found.contains { $0.contains(words) }, "\(found)")
    }
}
