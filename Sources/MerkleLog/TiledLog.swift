/// A log as its readers see it: nothing but tiles and entry bundles, fetched by path.
///
/// Fetched bytes are not trusted: ``verify(root:)`` checks all of them against a root out of a signed
/// checkpoint, and a single proof made with ``reader`` is checked by its verifier.
public struct TiledLog {
    /// The number of entries.
    public let size: Int
    private let fetch: (_ path: String) throws -> [UInt8]

    /// A log of `size` entries.
    ///
    /// - Parameter fetch: gives the bytes at a path such as `tile/0/000.p/5`.
    public init(size: Int, fetch: @escaping (_ path: String) throws -> [UInt8]) {
        self.size = size
        self.fetch = fetch
    }

    /// Reads stored hashes out of tiles; each call fetches a tile once at most.
    public var reader: StoredHashes.Reader {
        { indexes in
            var tiles: [Tile: [[UInt8]]] = [:]
            return try indexes.map { index in
                let (level, position) = StoredHashes.location(of: index)
                let inner = level % Tile.height
                // The subtree's place among the hashes of the tile's own level.
                let first = position << inner
                let tile = try tile(level: level / Tile.height, index: first / TilePath.width)
                let hashes = try tiles[tile] ?? self.hashes(of: tile)
                tiles[tile] = hashes
                let start = first % TilePath.width
                guard start + (1 << inner) <= hashes.count else {
                    throw MerkleLogError(
                        .outOfRange,
                        "the tree of \(size) leaves has no subtree \(level)/\(position)",
                        hint: "ask for subtrees inside of the log")
                }
                return MerkleTree.root(leafHashes: hashes[start..<start + (1 << inner)])
            }
        }
    }

    /// The entries of `bundle`.
    public func entries(of bundle: EntryBundle) throws -> [[UInt8]] {
        let entries = try EntryBundle.decode(fetch(bundle.path))
        guard entries.count == bundle.width else {
            throw MerkleLogError(
                .malformedEntry, "\(bundle.path) holds \(entries.count) entries",
                hint: "\(bundle.width) are wanted; fetch it again")
        }
        return entries
    }

    /// Checks every tile and every entry against `root`.
    ///
    /// - Complexity: O(n), one bundle or two tiles in memory at a time.
    public func verify(root: [UInt8]) throws {
        var frontier = MerkleFrontier()
        for bundle in EntryBundle.all(size: size) {
            let leaves = try entries(of: bundle).map(MerkleTree.leafHash)
            for leaf in leaves { frontier.append(leafHash: leaf) }
            let tile = try Tile(level: 0, index: bundle.index, width: bundle.width)
            guard try hashes(of: tile) == leaves else { throw mismatch(tile) }
        }
        guard frontier.root == root else {
            throw MerkleLogError(
                .rootMismatch, "the entries do not lead to the root of size \(size)",
                hint: "entries were changed, or the checkpoint belongs to another log")
        }
        // Level 0 is right now; each level above must follow from the one below.
        for tile in Tile.all(size: size) where tile.level > 0 {
            let hashes = try hashes(of: tile)
            for (offset, hash) in hashes.enumerated() {
                let below = try Tile(
                    level: tile.level - 1, index: tile.index * TilePath.width + offset)
                guard try MerkleTree.root(leafHashes: self.hashes(of: below)) == hash else {
                    throw mismatch(tile)
                }
            }
        }
    }

    /// The tile at this place, as wide as the tree makes it.
    private func tile(level: Int, index: Int) throws(MerkleLogError) -> Tile {
        let count = size >> (Tile.height * level)
        return try Tile(
            level: level, index: index,
            width: max(0, min(TilePath.width, count - index * TilePath.width)))
    }

    private func hashes(of tile: Tile) throws -> [[UInt8]] {
        let hashes = try Tile.hashes(fetch(tile.path))
        guard hashes.count == tile.width else {
            throw MerkleLogError(
                .malformedTile, "\(tile.path) holds \(hashes.count) hashes",
                hint: "\(tile.width) are wanted; fetch it again")
        }
        return hashes
    }

    private func mismatch(_ tile: Tile) -> MerkleLogError {
        MerkleLogError(
            .rootMismatch, "\(tile.path) does not fit the level below it",
            hint: "the tile was changed; write it again from the entries")
    }
}
