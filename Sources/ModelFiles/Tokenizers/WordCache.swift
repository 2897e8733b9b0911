/// The ids of words seen before: words come again and again, and a look-up is cheaper than merging.
///
/// Open addressing over two growing blobs; emptied when it is full.
struct WordCache {
    private var slots = [UInt32](repeating: 0, count: slotCount)
    private var entries: [Entry] = []
    private var words: [UInt8] = []
    private var ids: [Int32] = []

    private struct Entry {
        let hash: UInt64
        let word: Int
        let ids: Int
        let wordCount: UInt16
        let idCount: UInt16
    }

    private static let slotCount = 1 << 15
    private static let capacity = 1 << 14
    /// Longer words are not kept.
    static let longestWord = 64

    @inline(__always)
    static func hash(_ text: [UInt8], _ range: Range<Int>) -> UInt64 {
        var hash = TokenTable.hashSeed
        for index in range { hash = TokenTable.hash(hash, adding: text[index]) }
        return hash
    }

    /// Appends the ids of a word that is known, or says that it is not.
    func appendIDs(
        of text: [UInt8], _ range: Range<Int>, hash: UInt64, to result: inout [Int32]
    ) -> Bool {
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (Self.slotCount - 1)
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot]) - 1]
            if entry.hash == hash, entry.wordCount == range.count, matches(entry, text, range) {
                for index in entry.ids..<entry.ids + Int(entry.idCount) {
                    result.append(ids[index])
                }
                return true
            }
            slot = (slot + 1) & (Self.slotCount - 1)
        }
        return false
    }

    @inline(__always)
    private func matches(_ entry: Entry, _ text: [UInt8], _ range: Range<Int>) -> Bool {
        var index = entry.word
        for position in range {
            if words[index] != text[position] { return false }
            index += 1
        }
        return true
    }

    /// Keeps the ids of a word that is not known yet.
    mutating func insert(
        _ text: [UInt8], _ range: Range<Int>, hash: UInt64, ids found: ArraySlice<Int32>
    ) {
        guard range.count <= Self.longestWord else { return }
        if entries.count == Self.capacity { removeAll() }
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (Self.slotCount - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (Self.slotCount - 1) }
        entries.append(
            Entry(
                hash: hash, word: words.count, ids: ids.count, wordCount: UInt16(range.count),
                idCount: UInt16(found.count)))
        slots[slot] = UInt32(entries.count)
        words.append(contentsOf: text[range])
        ids.append(contentsOf: found)
    }

    private mutating func removeAll() {
        for slot in slots.indices { slots[slot] = 0 }
        entries.removeAll(keepingCapacity: true)
        words.removeAll(keepingCapacity: true)
        ids.removeAll(keepingCapacity: true)
    }
}
