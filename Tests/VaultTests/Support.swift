import Cryptography
import Foundation
import Records
import Testing

@testable @_spi(ChokePoint) import Vault

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "tundish-vault-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// A vault in a folder of its own, with a key file as root.
struct Fixture {
    let folder = try! TemporaryFolder()
    let root: RootKey
    let vault: Vault
    let scope = SealScope(.random(), .redacted)

    init() throws {
        root = try RootKey.create(keyFile: folder.file("root.key"))
        vault = try Vault.create(in: folder.file("workspace"), root: root)
    }

    var workspaceFolder: String { folder.file("workspace") }

    func reopened() throws -> Vault {
        try Vault.open(
            in: workspaceFolder,
            root: RootKey.open(keyFile: folder.file("root.key"), in: workspaceFolder))
    }

    /// Writes objects into packs and gives their places.
    func pack(_ objects: [SealedObject], target: Int = 16 << 20) throws -> [PackLocation] {
        let writer = try vault.packs.writer(targetByteCount: target)
        let places = try objects.map { try writer.append($0) }
        try writer.finish()
        return places
    }
}

/// Repeatable bytes that do not compress.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    let key = SymmetricKey(bytes: SHA256.hash(BigEndian.bytes(seed)))
    let zeros = [UInt8](repeating: 0, count: count)
    let nonce = [UInt8](repeating: 0, count: AES256GCM.nonceByteCount)
    return Array(try! AES256GCM.seal(zeros, key: key, nonce: nonce).prefix(count))
}

/// The code of the vault error that `body` throws; nil when it throws none.
func code(_ body: () throws -> Void) -> VaultError.Code? {
    do {
        try body()
        return nil
    } catch let error as VaultError {
        return error.code
    } catch {
        Issue.record("not a VaultError: \(error)")
        return nil
    }
}

let cheap = ScryptCost(n: 1 << 10)
