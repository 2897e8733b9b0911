import Cryptography
import Foundation
import GRDB
import Records
import Testing

@testable @_spi(ChokePoint) import Vault

@Suite struct RotationTests {
    @Test("a sealed stage key opens its stage's objects, without the root key") func standing()
        throws
    {
        let fixture = try Fixture()
        let object = try fixture.vault.seal(noise(5000), scope: fixture.scope)
        let place = try fixture.pack([object])[0]
        let reader = Identity.create(principal: "p-reader")
        let kek = try fixture.vault.sealStageKey(
            to: reader.publicKeys.opening, principal: "p-reader", scope: fixture.scope)
        let view = try Vault.open(in: fixture.workspaceFolder, root: nil)
        let key = try view.openStageKey(fixture.scope, principal: "p-reader", identity: reader)
        #expect(key.id == kek)
        #expect(try view.open(object.bytes, object: object.id, stageKey: key) == noise(5000))
        #expect(try view.open(place, object: object.id, stageKey: key) == noise(5000))
        #expect(try view.sealedKeyHolders(fixture.scope).map(\.principal) == ["p-reader"])
        #expect(try view.sealedScopes(principal: "p-reader") == [fixture.scope])

        let other = SealScope(.random(), .redacted)
        let elsewhere = try fixture.vault.seal([1], scope: other)
        #expect(
            code { _ = try view.open(elsewhere.bytes, object: elsewhere.id, stageKey: key) }
                == .wrongScope)
        #expect(
            code { _ = try view.openStageKey(other, principal: "p-reader", identity: reader) }
                == .notARecipient)
        let stranger = Identity.create(principal: "p-reader")
        #expect(
            code {
                _ = try view.openStageKey(
                    fixture.scope, principal: "p-reader", identity: stranger)
            } == .notARecipient)
    }

    @Test("HPKE's info is as the format says") func info() throws {
        let fixture = try Fixture()
        let reader = Identity.create(principal: "p-1")
        let kek = try fixture.vault.sealStageKey(
            to: reader.publicKeys.opening, principal: "p-1", scope: fixture.scope)
        let sealed = try #require(
            try fixture.vault.keys.pool.read { try KeyDatabase.sealed($0, kek, principal: "p-1") })
        let info =
            Array("tundish/seal".utf8) + fixture.vault.workspace.bytes
            + fixture.scope.scope.bytes + [2] + kek.bytes
        #expect(info.count == 61)
        #expect(try HPKE.open(sealed, with: reader.opening, info: info).count == 32)
    }

    @Test("only redacted and synthetic keys are sealed", arguments: SealStage.allCases)
    func sharable(_ stage: SealStage) throws {
        let fixture = try Fixture()
        let scope = SealScope(.random(), stage)
        let refusal = code {
            try fixture.vault.sealStageKey(
                to: X25519.PrivateKey().publicKey, principal: "p", scope: scope)
        }
        #expect(refusal == (stage == .redacted || stage == .synthetic ? nil : .badArgument))
    }

    @Test("revoking removes copies") func revoke() throws {
        let fixture = try Fixture()
        let reader = Identity.create(principal: "p-1")
        let second = SealScope(.random(), .synthetic)
        for scope in [fixture.scope, second] {
            try fixture.vault.sealStageKey(
                to: reader.publicKeys.opening, principal: "p-1", scope: scope)
            try fixture.vault.sealStageKey(
                to: reader.publicKeys.opening, principal: "p-2", scope: scope)
        }
        #expect(try fixture.vault.revokeSealedKey(principal: "p-1", scope: second) == 1)
        #expect(try fixture.vault.sealedScopes(principal: "p-1") == [fixture.scope])
        #expect(try fixture.vault.revokeSealedKey(principal: "p-1") == 1)
        #expect(try fixture.vault.revokeSealedKey(principal: "p-1") == 0)
        #expect(try fixture.vault.sealedKeyHolders(second).map(\.principal) == ["p-2"])
    }

    @Test("rotating a stage key rewraps, reseals and destroys") func stage() throws {
        let fixture = try Fixture()
        let vault = fixture.vault
        let staying = Identity.create(principal: "p-stay")
        let leaving = Identity.create(principal: "p-leave")
        let objects = try vault.seal((0..<20).map { noise($0) }, scope: fixture.scope)
        let bystander = try vault.seal([9], scope: SealScope(fixture.scope.scope, .raw))
        for reader in [staying, leaving] {
            try vault.sealStageKey(
                to: reader.publicKeys.opening, principal: reader.principal, scope: fixture.scope)
        }
        let kept = try vault.openStageKey(
            fixture.scope, principal: "p-leave", identity: leaving)
        let before = try vault.keys.pool.read { db in
            try Data.fetchAll(db, sql: "SELECT wrapped FROM objectKey")
                + Data.fetchAll(db, sql: "SELECT wrapped FROM stageKey WHERE stage = 2")
                + Data.fetchAll(db, sql: "SELECT sealed FROM sealedStageKey")
        }
        try vault.destroyKeys([objects[0].id])
        let rotation = try vault.rotateStageKEK(
            fixture.scope,
            recipients: [
                StageKeyRecipient(principal: "p-stay", key: staying.publicKeys.opening)
            ])
        #expect(rotation.old == kept.id)
        #expect(rotation.rewrapped == 19)
        #expect(rotation.resealed == 1)
        #expect(rotation.destroyedCopies == 2)
        #expect(try vault.stageKeyID(fixture.scope) == rotation.new)

        // Both the vault that rotated and one that knew only the old key go on.
        for reader in [vault, try fixture.reopened()] {
            for (index, object) in objects.enumerated().dropFirst() {
                #expect(
                    try reader.open(object.bytes, object: object.id, scope: fixture.scope)
                        == noise(index))
            }
            try reader.verify(
                bystander.bytes, object: bystander.id,
                scope: SealScope(fixture.scope.scope, .raw))
        }
        #expect(
            code { _ = try vault.open(objects[1].bytes, object: objects[1].id, stageKey: kept) }
                == .notARecipient)
        #expect(
            code {
                _ = try vault.openStageKey(
                    fixture.scope, principal: "p-leave", identity: leaving)
            } == .notARecipient)
        let fresh = try vault.openStageKey(
            fixture.scope, principal: "p-stay", identity: staying)
        #expect(
            try vault.open(objects[7].bytes, object: objects[7].id, stageKey: fresh) == noise(7))
        // Nothing of the old rows is left, in the database or its log; the bystander's is.
        let keys = fixture.workspaceFolder + "/keys/keys.sqlite"
        for suffix in ["", "-wal"] {
            let file = try Data(contentsOf: URL(fileURLWithPath: keys + suffix))
            let left = before.filter { file.range(of: $0) != nil }
            #expect(left.count == (suffix.isEmpty ? 1 : 0))
        }
    }

    @Test("rotating a stage that has no key makes one") func emptyStage() throws {
        let fixture = try Fixture()
        let rotation = try fixture.vault.rotateStageKEK(fixture.scope, recipients: [])
        #expect(rotation.old == nil)
        #expect(rotation.rewrapped == 0)
        #expect(try fixture.vault.stageKeyID(fixture.scope) == rotation.new)
    }

    @Test("a rotation by another process is noticed") func concurrentRotation() throws {
        let fixture = try Fixture()
        let first = try fixture.vault.seal([1], scope: fixture.scope)
        let other = try fixture.reopened()
        try other.rotateStageKEK(fixture.scope, recipients: [])
        try other.rotateEpoch()
        let second = try fixture.vault.seal([2], scope: fixture.scope)
        for vault in [fixture.vault, other] {
            #expect(try vault.open(first.bytes, object: first.id, scope: fixture.scope) == [1])
            #expect(try vault.open(second.bytes, object: second.id, scope: fixture.scope) == [2])
        }
    }

    @Test("rotating the epoch rewraps everything and removes the old file") func epoch() throws {
        let fixture = try Fixture()
        let vault = fixture.vault
        let object = try vault.seal([5, 6], scope: fixture.scope)
        let subject = try SubjectID(bytes: noise(16))
        let subjectKey = try vault.subjectKeys([subject])[subject]?.bytes
        let named = try vault.namedKey("rid", scope: fixture.scope.scope).bytes
        let custodian = try vault.custodian
        let before = try vault.keys.pool.read { db in
            try Data.fetchAll(
                db,
                sql: """
                    SELECT wrapped FROM stageKey UNION ALL SELECT wrapped FROM subjectKey
                    UNION ALL SELECT wrapped FROM namedKey
                    """)
        }
        #expect(before.count == 6)
        #expect(try vault.rotateEpoch() == 2)
        #expect(try vault.rotateEpoch() == 3)
        let names = try FileManager.default.contentsOfDirectory(
            atPath: fixture.workspaceFolder + "/keys")
        #expect(names.filter { $0.hasPrefix("epoch-") } == ["epoch-3"])
        for reader in [vault, try fixture.reopened()] {
            #expect(
                try reader.open(object.bytes, object: object.id, scope: fixture.scope) == [5, 6])
            #expect(try reader.existingSubjectKeys([subject])[subject]?.bytes == subjectKey)
            #expect(try reader.namedKey("rid", scope: fixture.scope.scope).bytes == named)
            #expect(custodian.signing.isValidSignature(try reader.sign([1]), for: [1]))
            #expect(custodian.model.isValidSignature(try reader.signModel([1]), for: [1]))
        }
        let database = try Data(
            contentsOf: URL(fileURLWithPath: fixture.workspaceFolder + "/keys/keys.sqlite"))
        for row in before { #expect(database.range(of: row) == nil) }
    }

    @Test("a leftover epoch file of a crash is removed or replaced") func epochCrash() throws {
        let fixture = try Fixture()
        let object = try fixture.vault.seal([5], scope: fixture.scope)
        let keys = fixture.workspaceFolder + "/keys"
        // A crash before the commit left the next epoch's file.
        try FileManager.default.copyItem(atPath: keys + "/epoch-1", toPath: keys + "/epoch-2")
        #expect(try fixture.reopened().rotateEpoch() == 2)
        // A crash after the commit left the old epoch's file.
        try FileManager.default.copyItem(atPath: keys + "/epoch-2", toPath: keys + "/epoch-1")
        let vault = try fixture.reopened()
        #expect(!FileManager.default.fileExists(atPath: keys + "/epoch-1"))
        try vault.verify(object.bytes, object: object.id, scope: fixture.scope)
    }

    @Test("the root key can be changed") func changeRoot() throws {
        let fixture = try Fixture()
        let object = try fixture.vault.seal([5], scope: fixture.scope)
        let passphrase = Array("correct horse".utf8)
        try fixture.vault.changeRoot(to: RootKey.create(passphrase: passphrase, cost: cheap))
        try fixture.vault.verify(object.bytes, object: object.id, scope: fixture.scope)
        #expect(try RootKey.kind(in: fixture.workspaceFolder) == .passphrase)
        #expect(code { _ = try fixture.reopened() } == .badArgument)
        #expect(
            code { _ = try Vault.open(in: fixture.workspaceFolder, root: fixture.root) }
                == .wrongRootKey)
        func opened() throws -> Vault {
            try Vault.open(
                in: fixture.workspaceFolder,
                root: RootKey.open(passphrase: passphrase, in: fixture.workspaceFolder))
        }
        try opened().verify(object.bytes, object: object.id, scope: fixture.scope)
        // The vault that changed it goes on with the new one.
        #expect(try fixture.vault.rotateEpoch() == 2)
        try opened().verify(object.bytes, object: object.id, scope: fixture.scope)
    }

    @Test("a vault whose root key was changed elsewhere cannot lock everyone out")
    func staleRoot() throws {
        let fixture = try Fixture()
        let object = try fixture.vault.seal([5], scope: fixture.scope)
        let stale = try fixture.reopened()
        let new = try RootKey.create(keyFile: fixture.folder.file("new.key"))
        try fixture.vault.changeRoot(to: new)
        #expect(code { _ = try stale.rotateEpoch() } == .wrongRootKey)
        let other = try RootKey.create(keyFile: fixture.folder.file("other.key"))
        #expect(code { try stale.changeRoot(to: other) } == .wrongRootKey)
        try Vault.open(in: fixture.workspaceFolder, root: new)
            .verify(object.bytes, object: object.id, scope: fixture.scope)
    }
}
