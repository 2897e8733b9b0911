import Cryptography
import Foundation
import GRDB
import Records
import Testing

@testable @_spi(ChokePoint) import Vault

@Suite struct KeyTests {
    @Test("named keys stay the same and differ from one another") func named() throws {
        let fixture = try Fixture()
        let (vault, dataset) = (fixture.vault, fixture.scope.scope)
        let rid = try vault.namedKey("rid", scope: dataset)
        #expect(rid.byteCount == 32)
        let again = try fixture.reopened()
        #expect(try again.namedKey("rid", scope: dataset).isEqual(to: rid))
        #expect(try !vault.namedKey("pseudonym", scope: dataset).isEqual(to: rid))
        #expect(try !vault.namedKey("rid", scope: .random()).isEqual(to: rid))
        let index = try vault.workspaceKey("subject-index")
        #expect(try again.workspaceKey("subject-index").isEqual(to: index))
        #expect(try vault.destroyNamedKeys(scope: dataset) == 2)
        #expect(try !vault.namedKey("rid", scope: dataset).isEqual(to: rid))
        #expect(try vault.workspaceKey("subject-index").isEqual(to: index))
    }

    @Test("the Custodian's and the workspace's keys are out of reach of named keys")
    func reserved() throws {
        let fixture = try Fixture()
        let workspace = try ScopeID(bytes: fixture.vault.workspace.bytes)
        #expect(
            code { _ = try fixture.vault.workspaceKey("custodian/ed25519") } == .badArgument)
        #expect(
            code { _ = try fixture.vault.namedKey("custodian/ed25519", scope: workspace) }
                == .badArgument)
        #expect(code { try fixture.vault.destroyNamedKeys(scope: workspace) } == .badArgument)
        #expect(code { _ = try fixture.vault.namedKey("", scope: .random()) } == .badArgument)
    }

    @Test("subject keys are made once and can be destroyed") func subjects() throws {
        let fixture = try Fixture()
        let ids = try (0..<30).map { try SubjectID(bytes: noise(16, seed: UInt64($0 + 1))) }
        #expect(try fixture.vault.existingSubjectKeys(ids).isEmpty)
        let keys = try fixture.vault.subjectKeys(ids + ids)
        #expect(keys.count == 30)
        let again = try fixture.reopened().subjectKeys(ids)
        for id in ids { #expect(again[id]?.bytes == keys[id]?.bytes) }
        #expect(Set(keys.values.map(\.bytes)).count == 30)
        #expect(try fixture.vault.destroySubjectKeys(Array(ids[..<3])) == 3)
        #expect(try fixture.vault.existingSubjectKeys(ids).count == 27)
        #expect(try fixture.vault.subjectKeys([ids[0]])[ids[0]]?.bytes != keys[ids[0]]?.bytes)
    }

    @Test("destroyed keys are gone from rows, database and write-ahead log") func destroyed() throws
    {
        let fixture = try Fixture()
        let vault = fixture.vault
        let objects = try vault.seal([[1], [2], [3]], scope: fixture.scope)
        let wrapped = try vault.keys.pool.read { db in
            try Data.fetchAll(db, sql: "SELECT wrapped FROM objectKey")
        }
        func files() throws -> [Data] {
            let keys = fixture.workspaceFolder + "/keys/keys.sqlite"
            return ["", "-wal"].compactMap {
                try? Data(contentsOf: URL(fileURLWithPath: keys + $0))
            }
        }
        for key in wrapped {
            #expect(try files().contains { $0.range(of: key) != nil })
        }
        #expect(try vault.destroyKeys(objects.map(\.id)) == 3)
        #expect(try vault.destroyKeys(objects.map(\.id)) == 0)
        for key in wrapped {
            #expect(try !files().contains { $0.range(of: key) != nil })
        }
        for object in objects {
            #expect(
                code { try vault.verify(object.bytes, object: object.id, scope: fixture.scope) }
                    == .unknownObject)
        }
    }

    @Test("orphaned keys are swept, young ones kept") func orphans() throws {
        let fixture = try Fixture()
        let objects = try fixture.vault.seal([[1], [2], [3], [4]], scope: fixture.scope)
        let live = Set(objects[..<2].map(\.id))
        #expect(try fixture.vault.sweepOrphanKeys(live: live).isEmpty)
        let swept = try fixture.vault.sweepOrphanKeys(live: live, graceSeconds: 0)
        #expect(Set(swept) == Set(objects[2...].map(\.id)))
        #expect(try fixture.vault.objectKeyCount() == 2)
        for object in objects[..<2] {
            try fixture.vault.verify(object.bytes, object: object.id, scope: fixture.scope)
        }
    }

    @Test("the Custodian signs") func custodian() throws {
        let fixture = try Fixture()
        let message = Array("checkpoint".utf8)
        let view = try Vault.open(in: fixture.workspaceFolder, root: nil)
        let keys = try view.custodian
        #expect(try fixture.vault.custodian == keys)
        #expect(try fixture.reopened().custodian == keys)
        #expect(keys.signing.isValidSignature(try fixture.vault.sign(message), for: message))
        #expect(keys.model.isValidSignature(try fixture.vault.signModel(message), for: message))
        let sealed = try HPKE.seal(message, to: keys.opening, info: [1])
        #expect(try fixture.vault.openAsCustodian(sealed, info: [1]) == message)
        #expect(code { _ = try view.sign(message) } == .locked)
    }

    @Test("without the root key nothing of the Custodian's works") func locked() throws {
        let fixture = try Fixture()
        let object = try fixture.vault.seal([1], scope: fixture.scope)
        let view = try Vault.open(in: fixture.workspaceFolder, root: nil)
        #expect(!view.isUnlocked)
        let subject = try SubjectID(bytes: noise(16))
        let attempts: [() throws -> Void] = [
            { _ = try view.seal([1], scope: fixture.scope) },
            { _ = try view.open(object.bytes, object: object.id, scope: fixture.scope) },
            { try view.verify(object.bytes, object: object.id, scope: fixture.scope) },
            { _ = try view.namedKey("rid", scope: .random()) },
            { _ = try view.subjectKeys([subject]) },
            { _ = try view.rotateEpoch() },
            { _ = try view.rotateStageKEK(fixture.scope, recipients: []) },
            {
                _ = try view.sealStageKey(
                    to: X25519.PrivateKey().publicKey, principal: "p", scope: fixture.scope)
            },
        ]
        for attempt in attempts { #expect(code(attempt) == .locked) }
    }

    @Test("nothing of a key is in any description or mirror") func silence() throws {
        let secret = SymmetricKey(bytes: [UInt8](repeating: 0xA7, count: 32))
        let context = SealContext(workspace: .random(), scope: SealScope(.random(), .raw))
        let fixture = try Fixture()
        let identity = Identity.create(principal: "p-1")
        try fixture.vault.sealStageKey(
            to: identity.opening.publicKey, principal: "p-1", scope: fixture.scope)
        let stageKey = try fixture.vault.openStageKey(
            fixture.scope, principal: "p-1", identity: identity)
        let rootBytes = fixture.root.secret.bytes
        let secrets =
            [
                secret.bytes, rootBytes, stageKey.secret.bytes, identity.signing.rawRepresentation,
                identity.opening.rawRepresentation,
            ]
        let values: [Any] = [
            secret, try ObjectKey(object: .random(), context: context, secret: secret),
            fixture.root, stageKey, identity, fixture.vault, fixture.vault.ring,
        ]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            let texts = [
                String(describing: value), String(reflecting: value), "\(value)", dumped,
            ]
            for text in texts {
                for bytes in secrets {
                    #expect(!text.contains(Hex.encode(Array(bytes[..<4]))))
                    #expect(!text.contains(Base64.encode(Array(bytes[..<6]))))
                    let decimals = bytes[..<4].map(String.init)
                    #expect(!text.contains(decimals.joined(separator: ", ")))
                    #expect(
                        !text.contains(decimals.map { "- \($0)" }.joined(separator: "\n")))
                }
            }
        }
    }
}
