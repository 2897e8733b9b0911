/// 128 bits of SHA-256 over a record's normalised content: equal content, equal digest.
public struct ContentDigest: Hashable, Comparable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// The first 16 bytes of `digest`, which has at least as many.
    init(prefixOf digest: [UInt8]) {
        high = digest[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Reads the 16 bytes of a digest; nil for another count.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.init(prefixOf: bytes)
    }

    /// The 16 bytes.
    public var bytes: [UInt8] {
        [high, low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
        }
    }

    /// 64 evenly spread bits of it.
    var word: UInt64 { high }

    /// The order of the bytes.
    public static func < (left: ContentDigest, right: ContentDigest) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
