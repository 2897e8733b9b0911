/// A tile of a log's tree: up to 256 hashes of one level, side by side (C2SP tlog-tiles).
///
/// Tile n of level l holds the subtrees of 256^l leaves with positions n·256 …< n·256 + width. A tile
/// with fewer than 256 is *partial*; a full one never changes.
///
/// ```swift
/// for tile in Tile.new(from: oldSize, to: newSize) {
///     write(try tile.bytes(reader: reader), to: folder + "/" + tile.path)
/// }
/// ```
public struct Tile: Sendable, Hashable, CustomStringConvertible {
    /// The height of a tile: 2^8 hashes.
    static let height = 8
    /// The highest level whose subtrees a 63-bit size can count.
    static let maximumLevel = 7

    /// 0 for leaf hashes; one more for each factor of 256.
    public let level: Int
    /// The number of the tile within its level, from 0.
    public let index: Int
    /// The number of hashes, 1…256.
    public let width: Int

    /// A tile by its numbers.
    public init(level: Int, index: Int, width: Int = 256) throws(MerkleLogError) {
        guard (0...Self.maximumLevel).contains(level), (1...TilePath.width).contains(width),
            // Its last leaf must have a number.
            index >= 0, index <= Int.max / TilePath.width - 1,
            index * TilePath.width + width <= Int.max >> (Self.height * level)
        else {
            throw MerkleLogError(
                .malformedTile,
                "there is no tile with level \(level), index \(index), width \(width)",
                hint: "levels are 0…7, widths 1…256, indexes counted from 0")
        }
        self.init(unchecked: level, index, width)
    }

    private init(unchecked level: Int, _ index: Int, _ width: Int) {
        self.level = level
        self.index = index
        self.width = width
    }

    /// A tile by its path, such as `tile/0/x001/234.p/5`.
    public init(path: String) throws(MerkleLogError) {
        let parts = try TilePath.parse(path)
        guard let level = Int(parts.kind), String(level) == parts.kind else {
            throw TilePath.malformed(path)
        }
        try self.init(level: level, index: parts.index, width: parts.width)
    }

    /// The path below the log's folder or URL.
    public var path: String {
        TilePath.format(kind: String(level), index: index, width: width)
    }

    /// The path.
    public var description: String { path }

    /// The tiles that a tree of `newSize` leaves has and a tree of `oldSize` had not, lowest level
    /// first.
    public static func new(from oldSize: Int, to newSize: Int) -> [Tile] {
        var tiles: [Tile] = []
        for level in 0...maximumLevel {
            let shift = height * level
            tiles += TilePath.new(from: oldSize >> shift, to: newSize >> shift)
                .map { Tile(unchecked: level, $0.index, $0.width) }
        }
        return tiles
    }

    /// All tiles of a tree of `size` leaves.
    public static func all(size: Int) -> [Tile] { new(from: 0, to: size) }

    /// The places of the tile's hashes in ``StoredHashes``.
    public var storedIndexes: [Int] {
        (0..<width).map {
            StoredHashes.index(
                level: Self.height * level, position: index * TilePath.width + $0)
        }
    }

    /// The content of the tile: `width` × 32 bytes.
    public func bytes(reader: StoredHashes.Reader) throws -> [UInt8] {
        let hashes = try reader(storedIndexes)
        guard hashes.count == width else {
            throw MerkleLogError(
                .missingHash, "\(hashes.count) of \(width) hashes of \(path) were found",
                hint: "the store of hashes is incomplete; rebuild it from the entries")
        }
        for hash in hashes { try MerkleLogError.checkHash(hash) }
        return Array(hashes.joined())
    }

    /// The hashes that a tile's content consists of.
    public static func hashes(_ bytes: [UInt8]) throws(MerkleLogError) -> [[UInt8]] {
        let size = MerkleTree.hashByteCount
        guard bytes.count % size == 0, (1...TilePath.width).contains(bytes.count / size) else {
            throw MerkleLogError(
                .malformedTile, "a tile of \(bytes.count) bytes",
                hint: "a tile holds 1…256 hashes of 32 bytes")
        }
        return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<$0 + size]) }
    }
}
