/// Tokens by their bytes: an open-addressing table over one blob of token bytes.
///
/// Bytes are the keys and equality is byte equality. Hashes are FNV-1a (64 bit), which can be
/// continued byte by byte: a longest-match search hashes every prefix of a word in one pass.
///
/// - Complexity: lookup is O(length of the token); building is O(total bytes).
struct TokenTable: Sendable {
    private var blob: [UInt8] = []
    /// Token i is blob[starts[i]..<starts[i + 1]].
    private var starts: [UInt32] = [0]
    /// Id + 1 of the token in a slot, 0 where it is empty. A power of two in size.
    private var slots: [Int32] = []

    static let hashSeed: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always)
    static func hash(_ hash: UInt64, adding byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    /// The number of tokens, with the holes that the source left between its ids.
    var count: Int { starts.count - 1 }

    /// Tokens in the order of their ids. An empty token is a hole: it has an id and is never found.
    /// Of two equal tokens the later one wins, as it does when Python fills a dict.
    init(_ tokens: [[UInt8]]) {
        blob.reserveCapacity(tokens.reduce(0) { $0 + $1.count })
        for token in tokens {
            blob.append(contentsOf: token)
            starts.append(UInt32(blob.count))
        }
        var capacity = 16
        while capacity < tokens.count * 2 { capacity *= 2 }
        slots = [Int32](repeating: 0, count: capacity)
        for (id, token) in tokens.enumerated() where !token.isEmpty {
            var slot = Int(truncatingIfNeeded: Self.hash(of: token)) & (capacity - 1)
            while slots[slot] != 0, bytes(of: slots[slot] - 1) != token[...] {
                slot = (slot + 1) & (capacity - 1)
            }
            slots[slot] = Int32(id) + 1
        }
    }

    static func hash(of bytes: [UInt8]) -> UInt64 { bytes.reduce(hashSeed, hash(_:adding:)) }

    /// The bytes of token `id` (which must be in 0..<count).
    func bytes(of id: Int32) -> ArraySlice<UInt8> {
        blob[Int(starts[Int(id)])..<Int(starts[Int(id) + 1])]
    }

    /// The id of `prefix ‖ word[range]`, whose hash the caller already has.
    func id(prefix: [UInt8], word: [UInt8], range: Range<Int>, hash: UInt64) -> Int32? {
        let length = prefix.count + range.count
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let id = slots[slot] - 1
            let start = Int(starts[Int(id)])
            if Int(starts[Int(id) + 1]) - start == length,
                matches(prefix, 0..<prefix.count, at: start),
                matches(word, range, at: start + prefix.count)
            {
                return id
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    func id(of token: [UInt8]) -> Int32? {
        guard !token.isEmpty else { return nil }
        return id(prefix: [], word: token, range: 0..<token.count, hash: Self.hash(of: token))
    }

    @inline(__always)
    private func matches(_ bytes: [UInt8], _ range: Range<Int>, at start: Int) -> Bool {
        var offset = start
        for index in range {
            if bytes[index] != blob[offset] { return false }
            offset += 1
        }
        return true
    }
}
