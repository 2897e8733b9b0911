/// The tokens of a vocabulary as a tree of bytes, for all tokens that start at one place of a text.
///
/// Children are found in one open-addressing table keyed by node and byte.
struct ByteTrie: Sendable {
    private struct Slot {
        /// node ‖ byte + 1 (node in the upper 23 bits), 0 where the slot is empty.
        var key: UInt32
        var child: UInt32
    }

    private var slots: [Slot]
    private var mask: Int
    /// The token that ends at a node, -1 where none does.
    private var tokens: [Int32] = [-1]

    /// More nodes do not fit into a key.
    static let nodeLimit = 1 << 23

    /// Tokens by id; empty ones are left out. nil if there are too many bytes in them.
    init?(_ tokens: [[UInt8]]) {
        let total = tokens.reduce(1) { $0 + $1.count }
        guard total < Self.nodeLimit else { return nil }
        var capacity = 16
        while capacity < total * 2 { capacity *= 2 }
        slots = [Slot](repeating: Slot(key: 0, child: 0), count: capacity)
        mask = capacity - 1
        for (id, token) in tokens.enumerated() where !token.isEmpty {
            var node = 0
            for byte in token { node = child(node, byte) ?? add(node, byte) }
            self.tokens[node] = Int32(id)
        }
    }

    @inline(__always)
    private static func key(_ node: Int, _ byte: UInt8) -> UInt32 {
        (UInt32(truncatingIfNeeded: node) << 9) | (UInt32(byte) + 1)
    }

    @inline(__always)
    private static func slot(_ key: UInt32) -> Int {
        Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }

    /// The node behind a byte, nil if no token goes on that way. The root is node 0.
    @inline(__always)
    func child(_ node: Int, _ byte: UInt8) -> Int? {
        let key = Self.key(node, byte)
        var slot = Self.slot(key) & mask
        while slots[slot].key != 0 {
            if slots[slot].key == key { return Int(slots[slot].child) }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The token that ends at a node, or -1.
    @inline(__always)
    func token(_ node: Int) -> Int32 { tokens[node] }

    private mutating func add(_ node: Int, _ byte: UInt8) -> Int {
        let key = Self.key(node, byte)
        var slot = Self.slot(key) & mask
        while slots[slot].key != 0 { slot = (slot + 1) & mask }
        slots[slot] = Slot(key: key, child: UInt32(tokens.count))
        tokens.append(-1)
        return tokens.count - 1
    }
}
