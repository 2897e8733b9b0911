import Foundation
import Testing

@testable @_spi(ChokePoint) import Vault

@Suite struct PackTests {
    let folder: TemporaryFolder
    let store: PackStore

    init() throws {
        folder = try TemporaryFolder()
        store = PackStore(folder: folder.file("packs"))
    }

    func object(_ count: Int, seed: UInt64 = 1) -> SealedObject {
        SealedObject(id: .random(), bytes: noise(count, seed: seed))
    }

    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: store.folder).sorted()
    }

    @Test("objects come back from their places", arguments: [1, 1000, 5000, 1 << 24])
    func roundTrip(_ target: Int) throws {
        let writer = try store.writer(targetByteCount: target)
        let objects = (1..<40).map { object($0 * 37, seed: UInt64($0)) }
        let places = try objects.map { try writer.append($0) }
        let packs = try writer.finish()
        #expect(try Set(packs) == Set(store.list()))
        #expect(Set(places.map(\.pack)) == Set(packs))
        for (object, place) in zip(objects, places) {
            #expect(try store.read(place) == object.bytes)
            var pieces: [UInt8] = []
            try store.read(place, pieceByteCount: 100) { pieces += $0 }
            #expect(pieces == object.bytes)
        }
        // Back to back: nothing but objects is in a pack.
        let total = try packs.reduce(0) { $0 + Int(try store.byteCount($1)) }
        #expect(total == objects.reduce(0) { $0 + $1.bytes.count })
        if target > 100_000 { #expect(packs.count == 1) }
        if target == 1 { #expect(packs.count == objects.count) }
    }

    @Test("before finish nothing is visible, after abort nothing is left") func abort() throws {
        let writer = try store.writer(targetByteCount: 1000)
        _ = try writer.append(object(300))
        #expect(try store.list().isEmpty)
        _ = try writer.append(object(800))
        _ = try writer.append(object(10))
        #expect(try store.list().count == 1)
        writer.abort()
        #expect(try names().isEmpty)
    }

    @Test("a writer that is dropped leaves nothing") func dropped() throws {
        do {
            let writer = try store.writer()
            _ = try writer.append(object(300))
            #expect(try names().count == 1)
        }
        #expect(try names().isEmpty)
    }

    @Test("an empty writer writes no pack") func empty() throws {
        #expect(try store.writer().finish().isEmpty)
        #expect(try names().isEmpty)
    }

    @Test("the sweep takes abandoned temporaries, not those being written") func sweep() throws {
        let writer = try store.writer()
        let place = try writer.append(object(300))
        let abandoned = store.temporaryPath(.random())
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: abandoned))
        #expect(try store.sweepTemporaries() == 1)
        #expect(!FileManager.default.fileExists(atPath: abandoned))
        try writer.finish()
        #expect(try store.read(place).count == 300)
        #expect(try store.sweepTemporaries() == 0)
    }

    @Test("packs that the catalog does not know are removed once old") func orphans() throws {
        let writer = try store.writer(targetByteCount: 1)
        let places = try (0..<3).map { _ in try writer.append(object(10)) }
        try writer.finish()
        let live: Set = [places[1].pack]
        #expect(try store.removePacks(notIn: live).isEmpty)
        #expect(try store.removePacks(notIn: live, graceSeconds: 0).count == 2)
        #expect(try store.list() == [places[1].pack])
        try store.remove(places[1].pack)
        try store.remove(places[1].pack)
        #expect(!store.exists(places[1].pack))
    }

    @Test("places outside of a pack") func outside() throws {
        let writer = try store.writer()
        let place = try writer.append(object(100))
        try writer.finish()
        func read(_ offset: UInt64, _ length: UInt64) -> VaultError.Code? {
            code {
                _ = try store.read(PackLocation(pack: place.pack, offset: offset, length: length))
            }
        }
        #expect(read(0, 100) == nil)
        #expect(read(100, 0) == nil)
        #expect(read(0, 101) == .packTruncated)
        #expect(read(101, 0) == .packTruncated)
        #expect(read(UInt64.max, 2) == .packTruncated)
        #expect(read(0, UInt64.max) == .packTruncated)
        #expect(
            code { _ = try store.read(PackLocation(pack: .random(), offset: 0, length: 1)) }
                == .unknownPack)
    }
}
