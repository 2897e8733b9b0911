import MerkleLog
import Testing

@Suite struct StoredHashesTests {
    @Test func numberingIsDenseAndInvertible() {
        // The drawing in the documentation.
        #expect(StoredHashes.index(level: 0, position: 2) == 3)
        #expect(StoredHashes.index(level: 1, position: 1) == 5)
        #expect(StoredHashes.index(level: 2, position: 0) == 6)
        #expect(StoredHashes.index(level: 1, position: 2) == 9)
        var expected = 0
        for leaf in 0..<300 {
            #expect(StoredHashes.count(leaves: leaf) == expected)
            for level in 0...(~leaf).trailingZeroBitCount {
                let position = leaf >> level
                #expect(StoredHashes.index(level: level, position: position) == expected)
                let location = StoredHashes.location(of: expected)
                #expect(location.level == level && location.position == position)
                expected += 1
            }
        }
    }

    @Test func hugeIndexes() {
        for (level, position) in [(0, 1 << 60), (40, 12_345), (59, 2), (7, 1 << 50 | 1)] {
            let index = StoredHashes.index(level: level, position: position)
            let location = StoredHashes.location(of: index)
            #expect(location.level == level && location.position == position)
        }
    }

    @Test func aProofReadsOneSmallBatch() throws {
        let log = LogFixture(size: 1_000)
        var batches: [Int] = []
        _ = try StoredHashes.inclusionPath(of: 517, size: 1_000) { indexes in
            batches.append(indexes.count)
            return log.read(indexes)
        }
        _ = try StoredHashes.consistencyPath(from: 517, to: 1_000) { indexes in
            batches.append(indexes.count)
            return log.read(indexes)
        }
        #expect(batches.count == 2)
        #expect(batches.allSatisfy { $0 <= 20 })
    }

    @Test func missingHashesAndBadRanges() {
        let log = LogFixture(size: 10)
        #expect(code { try StoredHashes.root(size: 10) { _ in [] } } == .missingHash)
        #expect(code { try StoredHashes.root(size: -1, reader: log.read) } == .outOfRange)
        #expect(
            code { try StoredHashes.inclusionPath(of: 10, size: 10, reader: log.read) }
                == .outOfRange)
        #expect(
            code { try StoredHashes.inclusionPath(of: 0, size: 0, reader: log.read) }
                == .outOfRange)
        #expect(
            code { try StoredHashes.consistencyPath(from: 5, to: 4, reader: log.read) }
                == .outOfRange)
        #expect(
            code { try StoredHashes.root(size: 1) { _ in [[1, 2, 3]] } } == .malformedHash)
    }
}
