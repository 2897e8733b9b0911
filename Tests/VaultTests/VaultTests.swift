import Cryptography
import Foundation
import GRDB
import Records
import Testing

@testable @_spi(ChokePoint) import Vault

@Suite struct VaultTests {
    @Test("seal, pack, open, over a reopening") func roundTrip() throws {
        let fixture = try Fixture()
        let plain = (0..<50).map { noise($0 * 700, seed: UInt64($0 + 1)) }
        let objects = try fixture.vault.seal(plain, scope: fixture.scope)
        let places = try fixture.pack(objects, target: 100_000)
        #expect(Set(places.map(\.pack)).count > 1)
        let vault = try fixture.reopened()
        #expect(vault.workspace == fixture.vault.workspace)
        let placed = zip(objects, places).map { (object: $0.id, location: $1) }
        #expect(try vault.open(placed, scope: fixture.scope) == plain)
        for (index, (object, place)) in placed.enumerated() {
            #expect(try vault.open(place, object: object, scope: fixture.scope) == plain[index])
            try vault.verify(place, object: object, scope: fixture.scope)
            try vault.verify(objects[index].bytes, object: object, scope: fixture.scope)
        }
    }

    @Test("a session writes keys in batches, and on flush") func session() throws {
        let fixture = try Fixture()
        let session = fixture.vault.sealingSession(scope: fixture.scope)
        var objects: [SealedObject] = []
        for number in 0..<(SealingSession.batchCount + 5) {
            objects.append(try session.seal([UInt8(truncatingIfNeeded: number)]))
        }
        #expect(try fixture.vault.objectKeyCount() == SealingSession.batchCount)
        try session.flush()
        #expect(try fixture.vault.objectKeyCount() == objects.count)
        let last = try #require(objects.last)
        #expect(
            try fixture.vault.open(last.bytes, object: last.id, scope: fixture.scope) == [4])
    }

    @Test("streams go in and out in pieces") func stream() throws {
        let fixture = try Fixture()
        let scope = SealScope(.random(), .model)
        let plain = noise(3_000_000)
        var offset = 0
        let writer = try fixture.vault.packs.writer()
        try writer.beginObject()
        let id = try fixture.vault.seal(
            from: {
                guard offset < plain.count else { return nil }
                defer { offset += 100_000 }
                return Array(plain[offset..<offset + 100_000])
            }, into: { try writer.write($0) }, scope: scope)
        let place = try writer.endObject()
        try writer.finish()
        var opened: [UInt8] = []
        var largest = 0
        try fixture.vault.open(place, object: id, scope: scope) { piece in
            largest = max(largest, piece.count)
            opened += piece
        }
        #expect(opened == plain)
        #expect(largest <= 2 << 20)
        try fixture.vault.verify(place, object: id, scope: scope)
    }

    @Test("a source that fails leaves no key behind") func failingSource() throws {
        struct Broken: Error {}
        let fixture = try Fixture()
        #expect(throws: Broken.self) {
            _ = try fixture.vault.seal(
                from: { throw Broken() }, into: { _ in }, scope: fixture.scope)
        }
        #expect(try fixture.vault.objectKeyCount() == 0)
    }

    @Test("wrong scope, wrong stage, swapped objects, unknown objects") func misplaced() throws {
        let fixture = try Fixture()
        let vault = fixture.vault
        let a = try vault.seal([1], scope: fixture.scope)
        let b = try vault.seal([2], scope: fixture.scope)
        let raw = SealScope(fixture.scope.scope, .raw)
        let other = SealScope(.random(), .redacted)
        #expect(code { try vault.verify(a.bytes, object: a.id, scope: raw) } == .wrongStage)
        #expect(code { try vault.verify(a.bytes, object: a.id, scope: other) } == .wrongScope)
        #expect(
            code { try vault.verify(a.bytes, object: b.id, scope: fixture.scope) } == .objectSwapped
        )
        #expect(
            code { try vault.verify(a.bytes, object: .random(), scope: fixture.scope) }
                == .unknownObject)
        let elsewhere = try Fixture()
        #expect(
            code { try elsewhere.vault.verify(a.bytes, object: a.id, scope: fixture.scope) }
                == .unknownObject)
    }

    @Test("altered and cut packs") func damagedPacks() throws {
        let fixture = try Fixture()
        let objects = try fixture.vault.seal(
            [noise(1000), noise(2000)], scope: fixture.scope)
        let places = try fixture.pack(objects)
        let path = "\(fixture.workspaceFolder)/packs/\(places[0].pack.hex).pack"
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        func verify(_ index: Int, in bytes: Data) throws -> VaultError.Code? {
            try bytes.write(to: URL(fileURLWithPath: path))
            return code {
                try fixture.vault.verify(
                    places[index], object: objects[index].id, scope: fixture.scope)
            }
        }
        #expect(try verify(0, in: whole) == nil)
        #expect(try verify(1, in: whole) == nil)
        var flipped = whole
        flipped[Int(places[1].offset) + 200] ^= 1
        #expect(try verify(0, in: flipped) == nil)
        #expect(try verify(1, in: flipped) == .chunkAltered)
        #expect(try verify(1, in: whole.dropLast()) == .packTruncated)
        #expect(try verify(0, in: whole.dropLast()) == nil)
        #expect(
            code {
                try fixture.vault.verify(
                    places[1], object: objects[0].id, scope: fixture.scope)
            } == .packTruncated)
        #expect(try verify(1, in: whole) == nil)
        #expect(
            code {
                try fixture.vault.verify(places[1], object: objects[0].id, scope: fixture.scope)
            } == .objectSwapped)
        try FileManager.default.removeItem(atPath: path)
        #expect(
            code {
                try fixture.vault.verify(places[0], object: objects[0].id, scope: fixture.scope)
            } == .unknownPack)
    }

    @Test("an altered key row is noticed") func alteredRow() throws {
        let fixture = try Fixture()
        let object = try fixture.vault.seal([1, 2], scope: fixture.scope)
        try fixture.vault.keys.pool.write { db in
            try db.execute(sql: "UPDATE objectKey SET wrapped = zeroblob(40)")
        }
        #expect(
            code {
                try fixture.vault.verify(object.bytes, object: object.id, scope: fixture.scope)
            } == .keyDamaged)
    }

    @Test("a vault is made once and needs to be there") func once() throws {
        let fixture = try Fixture()
        #expect(
            code { _ = try Vault.create(in: fixture.workspaceFolder, root: fixture.root) }
                == .alreadyExists)
        #expect(code { _ = try Vault.open(in: fixture.folder.path, root: nil) } == .notAVault)
    }

    @Test("many threads at once") func threads() async throws {
        let fixture = try Fixture()
        let (vault, scope) = (fixture.vault, fixture.scope)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<20 {
                        let plain = noise(round * 31, seed: UInt64(task + 1))
                        let object = try vault.seal(plain, scope: scope)
                        #expect(
                            try vault.open(object.bytes, object: object.id, scope: scope) == plain)
                        _ = try vault.namedKey("n\(round)", scope: scope.scope)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try vault.objectKeyCount() == 160)
    }

    @Test("key files are for their owner only") func permissions() throws {
        let fixture = try Fixture()
        _ = try fixture.vault.seal([1], scope: fixture.scope)
        let keys = fixture.workspaceFolder + "/keys"
        for name in try FileManager.default.contentsOfDirectory(atPath: keys) {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(keys)/\(name)")
            let mode = try #require(attributes[.posixPermissions] as? Int)
            #expect(mode & 0o077 == 0, "\(name) is \(String(mode, radix: 8))")
        }
    }
}
