internal import Glibc

/// How likely a text is, byte by byte, after the three before: counts of runs of one to four bytes,
/// each order leaning on the next shorter one (Dirichlet smoothing: D. MacKay, L. Peto, A
/// hierarchical Dirichlet language model, 1995).
///
/// Letters are in lower case and digits are all one, so that names and numbers do not decide.
/// Memory: 5.5 MB. Counts add up, so it does not matter in which order texts come.
struct CharacterModel: Sendable {
    /// Slots of the table of each order; the first two are exact, the others hashed.
    private static let bits: [UInt64] = [8, 16, 18, 20]
    /// How many observations the shorter order is worth.
    private static let weight = 4.0

    private var counts: [[UInt32]] = bits.map { [UInt32](repeating: 0, count: 1 << Int($0)) }
    private var total: UInt64 = 0

    /// Whether it has seen nothing.
    var isEmpty: Bool { total == 0 }

    /// Adds one text.
    mutating func add(_ text: [UInt8]) { change(text, by: 1) }

    /// Takes a text out that was added before.
    mutating func remove(_ text: [UInt8]) { change(text, by: UInt32.max) }

    /// Adds what another part of the data has.
    mutating func merge(_ other: CharacterModel) {
        total += other.total
        for order in counts.indices {
            for slot in counts[order].indices { counts[order][slot] &+= other.counts[order][slot] }
        }
    }

    /// Bits for each byte of a text. `isOwn` says that the text is among those added: then its own
    /// runs do not speak for it. The counts are the same after as before.
    mutating func bits(of text: [UInt8], isOwn: Bool) -> Double {
        guard !text.isEmpty else { return 0 }
        if isOwn { remove(text) }
        defer { if isOwn { add(text) } }
        var bits = 0.0
        var history: UInt64 = 0
        for byte in text {
            let shorter = history
            history = history << 8 | UInt64(Self.folded(byte))
            // The chance of the byte by itself, then after one, two and three bytes.
            var chance = 1.0 / 256
            var seen = Double(total)
            for order in 0..<4 {
                let count = Double(counts[order][Self.slot(history, order)])
                chance = (count + Self.weight * chance) / (seen + Self.weight)
                if order < 3 { seen = Double(counts[order][Self.slot(shorter, order)]) }
            }
            // Two texts can share a slot, so that a run may seem more frequent than its beginning.
            bits -= log2(min(1, chance))
        }
        return bits / Double(text.count)
    }

    private mutating func change(_ text: [UInt8], by step: UInt32) {
        var history: UInt64 = 0
        for byte in text {
            history = history << 8 | UInt64(Self.folded(byte))
            for order in 0..<4 { counts[order][Self.slot(history, order)] &+= step }
        }
        if step == 1 { total += UInt64(text.count) } else { total -= UInt64(text.count) }
    }

    /// The slot of the last `order + 1` bytes.
    private static func slot(_ history: UInt64, _ order: Int) -> Int {
        let run = history & (1 << (8 * UInt64(order + 1)) - 1)
        if order < 2 { return Int(run) }
        return Int((run &* 0x9E37_79B9_7F4A_7C15) >> (64 - bits[order]))
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x41...0x5A: byte | 0x20
        case 0x30...0x39: 0x30
        default: byte
        }
    }
}
