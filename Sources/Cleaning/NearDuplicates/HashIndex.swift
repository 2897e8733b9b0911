/// Evenly spread hashes numbered in ascending order, found in one or two steps: an open-addressing
/// table of at most half its slots filled. Memory: 16 to 40 bytes a hash.
struct HashIndex: Sendable {
    /// The hashes, ascending, each once.
    let hashes: [UInt64]
    private var slots: [UInt32]
    private let mask: Int

    /// Numbers the hashes of a sorted list without repetitions.
    init(sorted hashes: [UInt64]) {
        self.hashes = hashes
        var size = 16
        while size < hashes.count * 2 { size *= 2 }
        mask = size - 1
        slots = [UInt32](repeating: .max, count: size)
        for (number, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != .max { slot = (slot + 1) & mask }
            slots[slot] = UInt32(number)
        }
    }

    /// The number of a hash.
    func number(of hash: UInt64) -> Int? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != .max {
            let number = Int(slots[slot])
            if hashes[number] == hash { return number }
            slot = (slot + 1) & mask
        }
        return nil
    }
}
