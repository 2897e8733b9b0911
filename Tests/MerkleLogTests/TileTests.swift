import MerkleLog
import Testing

@Suite struct TileTests {
    @Test(arguments: [
        (0, 0, 256, "tile/0/000"), (0, 0, 5, "tile/0/000.p/5"), (1, 999, 256, "tile/1/999"),
        (0, 1000, 256, "tile/0/x001/000"), (0, 1234, 5, "tile/0/x001/234.p/5"),
        (3, 1_234_067, 256, "tile/3/x001/x234/067"), (7, 0, 1, "tile/7/000.p/1"),
        (0, 255, 255, "tile/0/255.p/255"),
    ])
    func paths(level: Int, index: Int, width: Int, path: String) throws {
        let tile = try Tile(level: level, index: index, width: width)
        #expect(tile.path == path)
        #expect(try Tile(path: path) == tile)
    }

    @Test(arguments: [
        "", "tile", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/00/000",
        "tile/8/000", "tile/-1/000", "tile/x/000", "tile/0/x000/001", "tile/0/001/001",
        "tile/0/x001", "tile/0/000.p", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
        "tile/0/000.p/-1", "tile/0/000.p/+5", "tile/0/000/5", "/tile/0/000", "tile/0/000/",
        "tile/0/+01", "tile/entries/000", "data/0/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
    ])
    func badPaths(path: String) {
        #expect(code { try Tile(path: path) } == .malformedTile)
    }

    @Test func bundlePaths() throws {
        let bundle = try EntryBundle(path: "tile/entries/x001/234.p/7")
        #expect(bundle == (try EntryBundle(index: 1234, width: 7)))
        #expect(bundle.path == "tile/entries/x001/234.p/7")
        #expect(bundle.entries == 1234 * 256..<1234 * 256 + 7)
        #expect(code { try EntryBundle(path: "tile/0/000") } == .malformedTile)
    }

    /// The example of c2sp.org/tlog-tiles: 70,000 entries.
    @Test func publishedTileCounts() {
        let tiles = Tile.all(size: 70_000)
        #expect(tiles.filter { $0.level == 0 && $0.width == 256 }.count == 273)
        #expect(
            tiles.filter { $0.width < 256 || $0.level > 0 }.map(\.path) == [
                "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1",
            ])
        #expect(
            Tile.all(size: 256).map(\.path) == ["tile/0/000", "tile/1/000.p/1"])
        #expect(Tile.all(size: 0).isEmpty)
        #expect(EntryBundle.all(size: 0).isEmpty)
        #expect(EntryBundle.all(size: 513).map(\.path).last == "tile/entries/002.p/1")
    }

    @Test func growingWritesWhatIsNew() {
        var written: Set<Tile> = []
        for size in 1...1_100 {
            let new = Tile.new(from: size - 1, to: size)
            #expect(written.isDisjoint(with: new))
            written.formUnion(new)
            #expect(written.isSuperset(of: Tile.all(size: size)))
        }
        #expect(Tile.new(from: 7, to: 7).isEmpty)
    }

    @Test(arguments: [0, 1, 2, 255, 256, 257, 511, 512, 700])
    func tiledLogProvesAndVerifies(size: Int) throws {
        let log = LogFixture(size: size)
        let resources = try log.resources()
        let tiled = TiledLog(size: size) { resources[$0] ?? [] }
        try tiled.verify(root: log.frontier.root)
        #expect(try StoredHashes.root(size: size, reader: tiled.reader) == log.frontier.root)
        for index in stride(from: 0, to: size, by: 37) {
            #expect(
                try StoredHashes.inclusionPath(of: index, size: size, reader: tiled.reader)
                    == StoredHashes.inclusionPath(of: index, size: size, reader: log.read))
            #expect(
                try StoredHashes.consistencyPath(from: index, to: size, reader: tiled.reader)
                    == StoredHashes.consistencyPath(from: index, to: size, reader: log.read))
        }
    }

    /// Past 256² entries, where level 2 begins.
    @Test func threeLevelsOfTiles() throws {
        let size = 65_536 + 300
        let log = LogFixture(size: size)
        let resources = try log.resources()
        #expect(resources["tile/2/000.p/1"]?.count == 32)
        #expect(resources["tile/1/001.p/1"]?.count == 32)
        let tiled = TiledLog(size: size) { resources[$0] ?? [] }
        try tiled.verify(root: log.frontier.root)
        for index in [0, 255, 256, 40_000, 65_535, 65_536, 65_792, size - 1] {
            let path = try StoredHashes.inclusionPath(of: index, size: size, reader: tiled.reader)
            try MerkleTree.verifyInclusion(
                leafHash: log.leaves[index], index: index, size: size, path: path,
                root: log.frontier.root)
            try MerkleTree.verifyConsistency(
                oldSize: index,
                oldRoot: StoredHashes.root(size: index, reader: tiled.reader), newSize: size,
                newRoot: log.frontier.root,
                path: StoredHashes.consistencyPath(from: index, to: size, reader: tiled.reader))
        }
    }

    @Test func everyChangedResourceIsNoticed() throws {
        let log = LogFixture(size: 520)
        let resources = try log.resources()
        #expect(resources.count == 3 + 1 + 3)
        for (path, bytes) in resources {
            for place in [0, bytes.count / 2, bytes.count - 1] {
                var changed = resources
                changed[path]?[place] ^= 1
                let tiled = TiledLog(size: 520) { changed[$0] ?? [] }
                #expect(throws: MerkleLogError.self) { try tiled.verify(root: log.frontier.root) }
            }
            var missing = resources
            missing[path] = nil
            let tiled = TiledLog(size: 520) { missing[$0] ?? [] }
            #expect(throws: MerkleLogError.self) { try tiled.verify(root: log.frontier.root) }
        }
        let tiled = TiledLog(size: 520) { resources[$0] ?? [] }
        #expect(code { try tiled.verify(root: MerkleTree.emptyRoot) } == .rootMismatch)
    }

    @Test func bundles() throws {
        let entries: [[UInt8]] = [[], [1], Array(repeating: 7, count: 65_535)]
        let bytes = try EntryBundle.encode(entries)
        #expect(bytes.prefix(5) == [0, 0, 0, 1, 1])
        #expect(try EntryBundle.decode(bytes) == entries)
        #expect(try EntryBundle.decode([]).isEmpty)
        for length in 1..<8 where ![2, 5].contains(length) {
            #expect(code { try EntryBundle.decode(Array(bytes.prefix(length))) } == .malformedEntry)
        }
        #expect(
            code { try EntryBundle.encode([Array(repeating: 7, count: 65_536)]) } == .malformedEntry
        )
        #expect(code { try EntryBundle.encode([]) } == .malformedEntry)
        #expect(
            code { try EntryBundle.encode(Array(repeating: [], count: 257)) } == .malformedEntry)
        #expect(
            code { try EntryBundle.decode([UInt8](repeating: 0, count: 514)) } == .malformedEntry)
        #expect(code { try Tile.hashes([]) } == .malformedTile)
        #expect(code { try Tile.hashes([1]) } == .malformedTile)
        #expect(code { try Tile.hashes(Array(repeating: 1, count: 257 * 32)) } == .malformedTile)
    }
}
