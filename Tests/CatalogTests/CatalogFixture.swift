import Cryptography
import Foundation
import GRDB
import Records

@testable @_spi(ChokePoint) import Catalog

/// A workspace in a temporary folder, removed with the value.
final class CatalogFixture {
    let root: String
    var folder: String { root + "/workspace" }
    var state: String { root + "/state" }
    let custodianKey: Ed25519.PrivateKey
    let custodian: EventSigner
    let store: CatalogStore

    init(solo: Bool = false) throws {
        root = temporaryFolder + "tundish-catalog-" + Hex.encode(SecureRandom.bytes(8))
        let folder = root + "/workspace"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        custodianKey = Ed25519.PrivateKey()
        custodian = EventSigner(principal: "p-00000001", key: custodianKey)
        store = try CatalogStore.create(
            in: folder, workspaceID: Array(repeating: 7, count: 16), origin: "tundish.test/07",
            solo: solo,
            custodian: NewPrincipal(
                id: "p-00000001", kind: .service, name: "custodian",
                ed25519: custodianKey.publicKey.rawRepresentation,
                x25519: Array(repeating: 1, count: 32)),
            signer: custodian, stateFolder: root + "/state")
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func open() throws -> CatalogStore { try CatalogStore.open(in: folder, stateFolder: state) }

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

    /// A log of `count` events in all.
    func fill(to count: Int) throws {
        for index in Int(try store.read { try $0.logSize() })..<count {
            try store.record(
                EventDraft(
                    "test.event", object: "test:\(index)", facts: ["n": .integer(index)],
                    detail: ["who": .string("Ada \(index)")]), signer: custodian)
        }
    }
}

/// In memory where there is such a place: these tests are about rules, not about fsync.
private let temporaryFolder =
    FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
