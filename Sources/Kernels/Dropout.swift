/// Where a dropout mask comes from: a key for each row, the place in the network, the probability.
///
/// The mask of an element is a pure function of (row key, site, column), so it is recomputed in the
/// backward pass and never stored, and does not depend on how rows are packed into batches.
public struct Dropout: Sendable {
    /// A key for each row, see ``rowKey(seed:step:example:position:)``.
    public let keys: [UInt32]
    /// The probability with which an element is dropped, 0 ..< 1.
    public let probability: Float

    /// Dropout with a key for each row of what it is applied to.
    public init(keys: [UInt32], probability: Float) {
        precondition(probability >= 0 && probability < 1, "not a probability of dropping")
        self.keys = keys
        self.probability = probability
    }

    /// The key of the token at `position` of the `example`-th example of optimiser step `step`.
    public static func rowKey(seed: UInt64, step: Int, example: Int, position: Int) -> UInt32 {
        var state = seed ^ 0x9E37_79B9_7F4A_7C15
        for value in [step, example, position] {
            state = mixed(state &+ UInt64(truncatingIfNeeded: value) &+ 0x9E37_79B9_7F4A_7C15)
        }
        return UInt32(truncatingIfNeeded: state >> 32)
    }

    /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
