/// The hashes that name words, phrases and features. Changing one invalidates every trained model.
package enum TaggerHash {
    /// The start of a word's hash: FNV-1a, 64 bits.
    package static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Adds one byte (FNV-1a).
    @inline(__always)
    package static func add(_ byte: UInt8, to hash: UInt64) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    /// Joins two hashes in order; spreads every input bit over the output (the finaliser of
    /// MurmurHash3, public domain by Austin Appleby).
    @inline(__always)
    package static func join(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var mixed = (left &* 0x9e37_79b9_7f4a_7c15) ^ right
        mixed ^= mixed >> 33
        mixed = mixed &* 0xff51_afd7_ed55_8ccd
        mixed ^= mixed >> 33
        return mixed
    }

    /// The hash of a lower-cased phrase given as text; for building lexicons, not for hot paths.
    package static func phrase(_ text: String) -> [UInt64] {
        let bytes = Array(text.utf8)
        return TaggerTokenizer.tokens(of: bytes).map(\.word)
    }
}
