import Records

/// The middle 95 % of a score over resamplings.
public struct Interval: Sendable, Hashable {
    /// 2.5 % lie below.
    public let lower: Double
    /// 2.5 % lie above.
    public let upper: Double

    init(_ scores: [Double]) {
        let sorted = scores.sorted()
        let last = Double(max(0, sorted.count - 1))
        lower = sorted.isEmpty ? .nan : sorted[Int((0.025 * last).rounded(.down))]
        upper = sorted.isEmpty ? .nan : sorted[Int((0.975 * last).rounded(.up))]
    }
}

/// Resamplings of a set with replacement (Efron 1979), the same for every set of that size, so that
/// two models are compared on the same draws.
struct Bootstrap {
    private let count: Int
    private let resamplings: Int

    /// Nil where there is nothing to resample.
    init?(count: Int, resamplings: Int) {
        guard count > 1, resamplings > 0 else { return nil }
        self.count = count
        self.resamplings = resamplings
    }

    /// `score` of each resampling, given as rows of the set.
    func map<Score>(_ score: ([Int]) -> Score) -> [Score] {
        var state: UInt64 = 0x5DEE_CE66_D158_3A21
        var rows = [Int](repeating: 0, count: count)
        return (0..<resamplings).map { _ in
            for index in rows.indices {
                // SplitMix64 (Steele, Lea and Flood 2014), and Lemire's reduction to 0 ..< count
                state &+= 0x9E37_79B9_7F4A_7C15
                var z = state
                z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
                z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
                rows[index] = Int((z ^ (z >> 31)).multipliedFullWidth(by: UInt64(count)).high)
            }
            return score(rows)
        }
    }
}
