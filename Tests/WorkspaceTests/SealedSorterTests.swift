import Foundation
import Records
import Testing

@testable import Workspace

@Suite("Sealed sorter")
struct SealedSorterTests {
    /// Limits from "spills after every entry" to "never spills".
    @Test("order is that of a stable sort in memory", arguments: [1, 100, 1_000, 10_000, 1 << 20])
    func order(memoryLimit: Int) throws {
        let sorter = SealedSorter(
            folder: FileManager.default.temporaryDirectory.path, memoryLimit: memoryLimit)
        var random = SeededRandom(seed: 3)
        var entries: [(key: [UInt8], payload: [UInt8])] = []
        for index in 0..<300 {
            let length = Int.random(in: 0..<12, using: &random)
            // Few values and common prefixes, so that equal keys and prefixes of keys occur.
            let key = (0..<length).map { _ in UInt8.random(in: 0..<2, using: &random) }
            entries.append((key, BigEndian.bytes(UInt32(index))))
            try sorter.append(key: key, payload: BigEndian.bytes(UInt32(index)))
        }
        let expected = entries.enumerated().sorted { left, right in
            left.element.key == right.element.key
                ? left.offset < right.offset
                : left.element.key.lexicographicallyPrecedes(right.element.key)
        }.map(\.element)
        for _ in 0..<2 {
            var got: [(key: [UInt8], payload: [UInt8])] = []
            try sorter.forEach { got.append((Array($0.key), Array($0.payload))) }
            #expect(got.map(\.key) == expected.map(\.key))
            #expect(got.map(\.payload) == expected.map(\.payload))
        }
    }

    @Test("an empty sorter gives nothing") func empty() throws {
        let sorter = SealedSorter(folder: FileManager.default.temporaryDirectory.path)
        var cursor = try sorter.cursor()
        let first = try cursor.next()
        #expect(first?.key == nil)
    }
}
