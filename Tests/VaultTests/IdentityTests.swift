import Cryptography
import Foundation
import Records
import Testing

@testable import Vault

@Suite struct IdentityTests {
    @Test("saves and loads", arguments: [nil, "a passphrase"])
    func roundTrip(_ passphrase: String?) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("me.json")
        let identity = Identity.create(principal: "p-0011aabb")
        let secret = passphrase.map { Array($0.utf8) }
        try identity.save(to: path, passphrase: secret, cost: cheap)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let loaded = try Identity.load(from: path, passphrase: secret)
        #expect(loaded.principal == "p-0011aabb")
        #expect(loaded.publicKeys == identity.publicKeys)
        #expect(loaded.signing.rawRepresentation == identity.signing.rawRepresentation)
        #expect(loaded.opening.rawRepresentation == identity.opening.rawRepresentation)
        #expect(try Identity.needsPassphrase(at: path) == (passphrase != nil))
        let shown = try Identity.publicKeys(at: path)
        #expect(shown.principal == identity.principal)
        #expect(shown.keys == identity.publicKeys)
        let signature = try loaded.sign([1, 2])
        #expect(identity.publicKeys.signing.isValidSignature(signature, for: [1, 2]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["me.json"])
    }

    @Test("a file that is there is kept unless replacing") func replacing() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("me.json")
        let first = Identity.create(principal: "p-1")
        let second = Identity.create(principal: "p-1")
        try first.save(to: path, passphrase: nil)
        #expect(code { try second.save(to: path, passphrase: nil) } == .alreadyExists)
        #expect(try Identity.load(from: path, passphrase: nil).publicKeys == first.publicKeys)
        try second.save(to: path, passphrase: nil, replacing: true)
        #expect(try Identity.load(from: path, passphrase: nil).publicKeys == second.publicKeys)
    }

    @Test("wrong, missing and empty passphrases") func passphrases() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("me.json")
        let identity = Identity.create(principal: "p-1")
        #expect(code { try identity.save(to: path, passphrase: [], cost: cheap) } == .badArgument)
        try identity.save(to: path, passphrase: [1], cost: cheap)
        #expect(code { _ = try Identity.load(from: path, passphrase: [2]) } == .wrongPassphrase)
        #expect(code { _ = try Identity.load(from: path, passphrase: nil) } == .wrongPassphrase)
    }

    @Test("a changed public part is noticed", arguments: [nil, "secret"])
    func changed(_ passphrase: String?) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("me.json")
        let secret = passphrase.map { Array($0.utf8) }
        try Identity.create(principal: "p-1").save(to: path, passphrase: secret, cost: cheap)
        let json = try JSONParser.parse([UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
        var members = try #require(json.objectValue)
        members["keys"] = Identity.create(principal: "p-2").publicKeys.json
        try PrivateFile.write(
            CanonicalJSON.encode(.object(members)), to: path, replacing: true)
        #expect(
            code { _ = try Identity.load(from: path, passphrase: secret) }
                == (passphrase == nil ? .identityDamaged : .wrongPassphrase))
        members["keys"] = json["keys"]
        members["principal"] = "p-other"
        try PrivateFile.write(
            CanonicalJSON.encode(.object(members)), to: path, replacing: true)
        if passphrase != nil {
            #expect(
                code { _ = try Identity.load(from: path, passphrase: secret) } == .wrongPassphrase)
        }
    }

    @Test(
        "files that are not identities",
        arguments: ["", "{}", "[]", "{\"format\":\"tundish-identity-1\"}", "no json"])
    func damaged(_ text: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("me.json")
        try PrivateFile.write(Array(text.utf8), to: path, replacing: false)
        #expect(code { _ = try Identity.load(from: path, passphrase: nil) } == .identityDamaged)
    }

    @Test("a file that others may read is refused") func loose() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("me.json")
        try Identity.create(principal: "p-1").save(to: path, passphrase: nil)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(code { _ = try Identity.load(from: path, passphrase: nil) } == .loosePermissions)
    }

    @Test("public keys go through JSON") func publicKeys() throws {
        let keys = Identity.create(principal: "p-1").publicKeys
        #expect(try PrincipalKeys(json: keys.json) == keys)
        #expect(keys.fingerprint.utf8.count == 32)
        #expect(code { _ = try PrincipalKeys(json: [:]) } == .badArgument)
        #expect(code { _ = try PrincipalKeys(signing: [1], opening: [2]) } == .badArgument)
    }
}
