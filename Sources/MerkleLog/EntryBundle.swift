/// Up to 256 entries of a log in one resource (C2SP tlog-tiles, "Log entries").
///
/// ```text
/// (u16 big-endian length ‖ entry) …
/// ```
/// Bundle n holds the entries n·256 …< n·256 + width, those of the level-0 tile of the same number.
public struct EntryBundle: Sendable, Hashable, CustomStringConvertible {
    /// The longest entry in bytes: what 16 bits can count.
    public static let maximumEntryByteCount = 65_535

    /// The number of the bundle, from 0.
    public let index: Int
    /// The number of entries, 1…256.
    public let width: Int

    /// A bundle by its numbers.
    public init(index: Int, width: Int = 256) throws(MerkleLogError) {
        let tile = try Tile(level: 0, index: index, width: width)
        self.index = tile.index
        self.width = tile.width
    }

    /// A bundle by its path, such as `tile/entries/000.p/5`.
    public init(path: String) throws(MerkleLogError) {
        let parts = try TilePath.parse(path)
        guard parts.kind == "entries" else { throw TilePath.malformed(path) }
        try self.init(index: parts.index, width: parts.width)
    }

    private init(unchecked index: Int, _ width: Int) {
        self.index = index
        self.width = width
    }

    /// The path below the log's folder or URL.
    public var path: String { TilePath.format(kind: "entries", index: index, width: width) }

    /// The path.
    public var description: String { path }

    /// The numbers of the entries inside.
    public var entries: Range<Int> {
        index * TilePath.width..<index * TilePath.width + width
    }

    /// The bundles that a log of `newSize` entries has and a log of `oldSize` had not.
    public static func new(from oldSize: Int, to newSize: Int) -> [EntryBundle] {
        TilePath.new(from: oldSize, to: newSize).map { EntryBundle(unchecked: $0.index, $0.width) }
    }

    /// All bundles of a log of `size` entries.
    public static func all(size: Int) -> [EntryBundle] { new(from: 0, to: size) }

    /// The bytes of a bundle with these entries.
    public static func encode(_ entries: [[UInt8]]) throws(MerkleLogError) -> [UInt8] {
        guard (1...TilePath.width).contains(entries.count) else {
            throw MerkleLogError(
                .malformedEntry, "a bundle of \(entries.count) entries",
                hint: "a bundle holds 1…256 entries")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.reduce(0) { $0 + $1.count + 2 })
        for entry in entries {
            guard let length = UInt16(exactly: entry.count) else {
                throw MerkleLogError(
                    .malformedEntry, "an entry of \(entry.count) bytes",
                    hint: "an entry has at most 65,535 bytes; keep the detail outside of the log")
            }
            bytes.append(UInt8(length >> 8))
            bytes.append(UInt8(length & 0xff))
            bytes += entry
        }
        return bytes
    }

    /// The entries of a bundle.
    public static func decode(_ bytes: [UInt8]) throws(MerkleLogError) -> [[UInt8]] {
        var entries: [[UInt8]] = []
        var offset = 0
        while offset < bytes.count {
            let start = offset + 2
            guard start <= bytes.count else { throw truncated(bytes) }
            let end = start + (Int(bytes[offset]) << 8 | Int(bytes[offset + 1]))
            guard end <= bytes.count, entries.count < TilePath.width else { throw truncated(bytes) }
            entries.append(Array(bytes[start..<end]))
            offset = end
        }
        return entries
    }

    private static func truncated(_ bytes: [UInt8]) -> MerkleLogError {
        MerkleLogError(
            .malformedEntry,
            "an entry bundle of \(bytes.count) bytes was cut off or holds too many",
            hint: "a bundle holds at most 256 entries, each after its 16-bit length")
    }
}
