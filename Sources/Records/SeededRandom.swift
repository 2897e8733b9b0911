import Cryptography

/// Randomness that is a pure function of a key and a tag: HMAC-SHA256 in counter mode.
///
/// Operations draw from `SeededRandom(key: seed, tag: operation, rid: rid)`, so what they do to a
/// record depends neither on the order of records nor on the number of threads or shards.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private let key: SymmetricKey
    private let tag: [UInt8]
    private var counter: UInt64 = 0
    private var block: [UInt8] = []
    private var used = 32

    /// Draws from a secret or seed of any length and a tag that names the use.
    public init(key: [UInt8], tag: String) {
        self.key = SymmetricKey(bytes: key)
        self.tag = Array(tag.utf8)
    }

    /// Draws for one record.
    public init(key: [UInt8], tag: String, rid: RecordID) {
        self.key = SymmetricKey(bytes: key)
        self.tag = Array(tag.utf8) + rid.bytes
    }

    /// Draws from a whole number.
    public init(seed: UInt64) {
        self.init(key: BigEndian.bytes(seed), tag: "seed")
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        if used + 8 > block.count {
            block = HMACSHA256.authenticate(tag + BigEndian.bytes(counter), key: key)
            counter += 1
            used = 0
        }
        var value: UInt64 = 0
        for index in used..<(used + 8) { value = value << 8 | UInt64(block[index]) }
        used += 8
        return value
    }

    /// A number in 0 ..< 1 with 53 random bits.
    public mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}
