/// What words and phrases are known to be: a table from 32-bit hashes to flags, four bytes an entry.
///
/// Entries are grouped by the hash's upper 16 bits; the group stores the lower 16 bits and the
/// flags. A strange word is taken for a known one about once in 2^32 / entries.
package struct TaggerLexicon: Sendable {
    /// `starts[g]..<starts[g + 1]` are the entries of group `g`.
    private let starts: [UInt32]
    /// The lower 16 bits of the hash and, above them, the flags.
    private let entries: [UInt32]

    /// Makes the table from hash → flags.
    package init(_ flags: [UInt32: TaggerFlags]) {
        let sorted = flags.sorted { $0.key < $1.key }
        var counts = [UInt8](repeating: 0, count: 1 << 16)
        var packed: [UInt32] = []
        packed.reserveCapacity(sorted.count)
        for (hash, flag) in sorted where counts[Int(hash >> 16)] < 255 {
            counts[Int(hash >> 16)] += 1
            packed.append(hash & 0xffff | UInt32(flag.rawValue) << 16)
        }
        self.init(counts: counts, entries: packed)
    }

    init(counts: [UInt8], entries: [UInt32]) {
        var starts = [UInt32](repeating: 0, count: counts.count + 1)
        for group in counts.indices { starts[group + 1] = starts[group] + UInt32(counts[group]) }
        self.starts = starts
        self.entries = entries
    }

    /// The number of words and phrases.
    package var count: Int { entries.count }
    /// The entries in each of the 65,536 groups, and all entries in order.
    package var parts: (counts: [UInt8], entries: [UInt32]) {
        ((0..<(1 << 16)).map { UInt8(starts[$0 + 1] - starts[$0]) }, entries)
    }

    /// The key of a word or phrase hash.
    @inline(__always)
    package static func key(_ hash: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: TaggerHash.join(hash, 0x7467) >> 32)
    }

    /// The flags of the word or phrase, empty when unknown.
    @inline(__always)
    package func flags(_ hash: UInt64) -> TaggerFlags {
        let key = Self.key(hash)
        let low = key & 0xffff
        var at = Int(starts[Int(key >> 16)])
        let end = Int(starts[Int(key >> 16) + 1])
        while at < end {
            if entries[at] & 0xffff == low {
                return TaggerFlags(rawValue: UInt16(entries[at] >> 16))
            }
            at += 1
        }
        return []
    }

    /// The most words that a phrase may have.
    package static let longestPhrase = 4

    /// Looks up every token and every phrase; the longest phrase wins, then the leftmost.
    package func mark(_ tokens: inout [TaggerToken]) {
        for index in tokens.indices where tokens[index].shape != .sign {
            tokens[index].flags = flags(tokens[index].word)
        }
        var index = 0
        while index < tokens.count {
            guard tokens[index].flags.contains(.phraseStart) else {
                index += 1
                continue
            }
            var best = 0
            var bestFlags: TaggerFlags = []
            var hash = tokens[index].word
            let last = min(index + Self.longestPhrase, tokens.count)
            for next in (index + 1)..<max(last, index + 1) {
                if tokens[next].gap == .blankLine { break }
                hash = TaggerHash.join(hash, tokens[next].word)
                let found = flags(hash)
                if !found.isEmpty {
                    best = next - index + 1
                    bestFlags = found
                }
            }
            for offset in 0..<best {
                tokens[index + offset].phraseFlags = bestFlags
                tokens[index + offset].startsPhrase = offset == 0
            }
            index += max(1, best)
        }
    }
}
