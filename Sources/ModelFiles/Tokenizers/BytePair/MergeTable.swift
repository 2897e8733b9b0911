/// Which two symbols merge, in what order, and into what.
///
/// Open addressing; key and value lie side by side, so that a look-up that finds nothing (most do)
/// touches one cache line.
struct MergeTable: Sendable {
    private struct Slot {
        /// left ‖ right + 1, 0 where the slot is empty.
        var key: UInt64
        /// rank ‖ id: as a number it orders merges by their rank.
        var value: UInt64
    }

    private var slots: [Slot]
    private let mask: Int
    /// Above every merge: no merge.
    static let none = UInt64.max

    /// - Parameter merges: pairs of ids with rank and merged id. Of two for one pair the later wins.
    init(_ merges: [(left: Int32, right: Int32, rank: Int32, id: Int32)]) {
        var capacity = 16
        while capacity < merges.count * 2 { capacity *= 2 }
        mask = capacity - 1
        slots = [Slot](repeating: Slot(key: 0, value: Self.none), count: capacity)
        for merge in merges {
            let key = Self.key(merge.left, merge.right)
            var slot = Self.slot(key) & mask
            while slots[slot].key != 0, slots[slot].key != key { slot = (slot + 1) & mask }
            let value =
                UInt64(UInt32(bitPattern: merge.rank)) << 32 | UInt64(UInt32(bitPattern: merge.id))
            slots[slot] = Slot(key: key, value: value)
        }
    }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right) + 1)
    }

    @inline(__always)
    private static func slot(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }

    /// rank ‖ id of the merge of two symbols, or `none`.
    @inline(__always)
    subscript(left: Int32, right: Int32) -> UInt64 {
        let key = Self.key(left, right)
        var slot = Self.slot(key) & mask
        while true {
            let found = slots[slot]
            if found.key == key { return found.value }
            if found.key == 0 { return Self.none }
            slot = (slot + 1) & mask
        }
    }

    /// All merges in the order of their rank.
    var all: [(left: Int32, right: Int32, rank: Int32, id: Int32)] {
        slots.filter { $0.key != 0 }.sorted { $0.value < $1.value }.map { slot in
            (
                Int32(truncatingIfNeeded: slot.key >> 32),
                Int32(truncatingIfNeeded: slot.key) - 1,
                Int32(truncatingIfNeeded: slot.value >> 32), Self.id(slot.value)
            )
        }
    }

    static func id(_ value: UInt64) -> Int32 { Int32(truncatingIfNeeded: value) }
    static func rank(_ value: UInt64) -> UInt64 { value >> 32 }
}
