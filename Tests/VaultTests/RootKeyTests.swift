import Cryptography
import Foundation
import Records
import Testing

@testable @_spi(ChokePoint) import Vault

@Suite struct RootKeyTests {
    @Test("a passphrase opens what it made, and nothing else does") func passphrase() throws {
        let folder = try TemporaryFolder()
        let root = try RootKey.create(passphrase: Array("one".utf8), cost: cheap)
        _ = try Vault.create(in: folder.path, root: root)
        #expect(try RootKey.kind(in: folder.path) == .passphrase)
        let json = try JSONParser.parse(
            [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.path + "/keys/root.json"))))
        #expect(json["scrypt"]?["n"]?.intValue == 1024)
        #expect(json["scrypt"]?["r"]?.intValue == 8)
        let opened = try RootKey.open(passphrase: Array("one".utf8), in: folder.path)
        #expect(opened.secret.isEqual(to: root.secret))
        _ = try Vault.open(in: folder.path, root: opened)
        #expect(
            code { _ = try RootKey.open(passphrase: Array("two".utf8), in: folder.path) }
                == .wrongPassphrase)
        #expect(
            code { _ = try RootKey.open(keyFile: "/nowhere", in: folder.path) } == .badArgument)
        #expect(code { _ = try RootKey.create(passphrase: [], cost: cheap) } == .badArgument)
        let stranger = try RootKey.create(passphrase: Array("one".utf8), cost: cheap)
        #expect(code { _ = try Vault.open(in: folder.path, root: stranger) } == .wrongRootKey)
    }

    @Test("the standard cost is the one of the format") func cost() {
        #expect(ScryptCost.standard == ScryptCost(n: 131_072, r: 8, p: 1))
    }

    @Test("a key file is 0600, made once, and refused when others may read it") func keyFile()
        throws
    {
        let fixture = try Fixture()
        let path = fixture.folder.file("root.key")
        #expect(code { _ = try RootKey.create(keyFile: path) } == .alreadyExists)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        for mode in [0o640, 0o604, 0o660, 0o644] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            do {
                _ = try fixture.reopened()
                Issue.record("a key file of mode \(String(mode, radix: 8)) was taken")
            } catch let error as VaultError {
                #expect(error.code == .loosePermissions)
                #expect(error.hint.contains("chmod 600"))
            }
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
        _ = try fixture.reopened()
    }

    @Test("another key file, a damaged one, none") func wrongKeyFile() throws {
        let fixture = try Fixture()
        let other = fixture.folder.file("other.key")
        _ = try RootKey.create(keyFile: other)
        func open(_ path: String) -> VaultError.Code? {
            code { _ = try RootKey.open(keyFile: path, in: fixture.workspaceFolder) }
        }
        #expect(open(other) == .wrongRootKey)
        try PrivateFile.write(Array("zz\n".utf8), to: other, replacing: true)
        #expect(open(other) == .keyDamaged)
        #expect(open(fixture.folder.file("none")) == .system)
    }

    @Test("a provider that keeps the root key to itself") func provider() throws {
        struct Remote: RootKeyProvider {
            let key = SymmetricKey.random()
            var parameters: JSONValue { ["kind": "remote", "address": "https://vault.example"] }
            var identifier: String { "remote-1" }
            func wrap(_ key: SymmetricKey, label: String) throws(VaultError) -> [UInt8] {
                Array(label.utf8) + key.bytes
            }
            func unwrap(_ wrapped: [UInt8], label: String) throws(VaultError) -> SymmetricKey {
                guard wrapped.starts(with: label.utf8) else {
                    throw VaultError(.keyDamaged, "label")
                }
                return SymmetricKey(bytes: Array(wrapped.dropFirst(label.utf8.count)))
            }
        }
        let folder = try TemporaryFolder()
        let scope = SealScope(.random(), .raw)
        let object = try Vault.create(in: folder.path, root: Remote()).seal([3], scope: scope)
        #expect(try RootKey.kind(in: folder.path) == nil)
        let vault = try Vault.open(in: folder.path, root: Remote())
        #expect(try vault.rotateEpoch() == 2)
        #expect(try vault.open(object.bytes, object: object.id, scope: scope) == [3])
    }
}
