import Cryptography
import MerkleLog

/// RFC 6962 §2.1 word for word, as the oracle: slow, recursive, sharing no code with the room.
enum NaiveTree {
    static func leaf(_ entry: [UInt8]) -> [UInt8] { SHA256.hash([0x00] + entry) }

    static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
        if leaves.isEmpty { return SHA256.hash([]) }
        if leaves.count == 1 { return leaves.first! }
        let k = split(leaves.count)
        return SHA256.hash([0x01] + root(leaves.prefix(k)) + root(leaves.dropFirst(k)))
    }

    static func path(_ m: Int, _ leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
        if leaves.count == 1 { return [] }
        let k = split(leaves.count)
        return m < k
            ? path(m, leaves.prefix(k)) + [root(leaves.dropFirst(k))]
            : path(m - k, leaves.dropFirst(k)) + [root(leaves.prefix(k))]
    }

    static func proof(_ m: Int, _ leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
        m == 0 ? [] : subproof(m, leaves, true)
    }

    private static func subproof(
        _ m: Int, _ leaves: ArraySlice<[UInt8]>, _ b: Bool
    ) -> [[UInt8]] {
        if m == leaves.count { return b ? [] : [root(leaves)] }
        let k = split(leaves.count)
        return m <= k
            ? subproof(m, leaves.prefix(k), b) + [root(leaves.dropFirst(k))]
            : subproof(m - k, leaves.dropFirst(k), false) + [root(leaves.prefix(k))]
    }

    private static func split(_ n: Int) -> Int {
        var k = 1
        while k * 2 < n { k *= 2 }
        return k
    }
}

/// A small log in memory: entries, their hashes, and the stored hashes as a database would keep them.
struct LogFixture {
    var entries: [[UInt8]] = []
    var leaves: [[UInt8]] = []
    var stored: [[UInt8]] = []
    var frontier = MerkleFrontier()

    init(size: Int) {
        for index in 0..<size { append(Array("entry \(index)".utf8)) }
    }

    mutating func append(_ entry: [UInt8]) {
        entries.append(entry)
        let leaf = MerkleTree.leafHash(entry)
        leaves.append(leaf)
        stored += frontier.append(leafHash: leaf)
    }

    func read(_ indexes: [Int]) -> [[UInt8]] { indexes.map { stored[$0] } }

    /// Every resource of the log by its path.
    func resources() throws -> [String: [UInt8]] {
        var resources: [String: [UInt8]] = [:]
        for tile in Tile.all(size: entries.count) {
            resources[tile.path] = try tile.bytes(reader: read)
        }
        for bundle in EntryBundle.all(size: entries.count) {
            resources[bundle.path] = try EntryBundle.encode(Array(entries[bundle.entries]))
        }
        return resources
    }
}

/// The code of the error that `body` throws, or nil.
func code(_ body: () throws -> some Any) -> MerkleLogError.Code? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? MerkleLogError)?.code
    }
}
