internal import Glibc
public import Records

/// How much personal data is left, estimated from a random sample of texts that people read.
///
/// The share of texts that still hold some is a binomial proportion; its interval is the exact one of
/// Clopper and Pearson ("The use of confidence or fiducial limits illustrated in the case of the
/// binomial", Biometrika 26, 1934), which never promises more than the sample shows.
public struct LeakEstimate: Sendable, Hashable {
    /// How many texts there are to draw from.
    public let population: Int
    /// How many of them people read.
    public let sampleCount: Int
    /// In how many of those they found personal data.
    public let missCount: Int
    /// 0…1, 0.95 as a rule.
    public let confidence: Double

    /// Makes an estimate.
    public init(population: Int, sampleCount: Int, missCount: Int, confidence: Double = 0.95) {
        self.population = population
        self.sampleCount = sampleCount
        self.missCount = missCount
        self.confidence = confidence
    }

    /// The share of sampled texts with a miss; nil without a sample.
    public var share: Double? {
        sampleCount == 0 ? nil : Double(missCount) / Double(sampleCount)
    }

    /// The lower end of the interval.
    public var lower: Double {
        if isCensus { return share ?? 0 }
        guard missCount > 0 else { return 0 }
        let tail = (1 - confidence) / 2
        return Self.root { Self.upperTail(missCount, of: sampleCount, at: $0) - tail }
    }

    /// Whether everything was read, so that nothing is estimated.
    public var isCensus: Bool { sampleCount > 0 && sampleCount >= population }

    /// The upper end of the interval: 1 without a sample.
    public var upper: Double {
        if isCensus { return share ?? 1 }
        guard missCount < sampleCount else { return 1 }
        let tail = (1 - confidence) / 2
        return Self.root { tail - (1 - Self.upperTail(missCount + 1, of: sampleCount, at: $0)) }
    }

    /// The estimate as JSON.
    public var json: JSONValue {
        [
            "method": "Clopper-Pearson", "confidence": .double(confidence),
            "population": .integer(population), "sample": .integer(sampleCount),
            "misses": .integer(missCount), "share": share.map { .double($0) } ?? .null,
            "lower": .double(lower), "upper": .double(upper),
        ]
    }

    /// P(X ≥ k) for X binomial with n trials at p, summed in logarithms.
    private static func upperTail(_ k: Int, of n: Int, at p: Double) -> Double {
        guard p > 0 else { return k == 0 ? 1 : 0 }
        guard p < 1 else { return 1 }
        var sum = 0.0
        for i in k...max(k, n) where i <= n {
            let choose = lgamma(Double(n + 1)) - lgamma(Double(i + 1)) - lgamma(Double(n - i + 1))
            sum += exp(choose + Double(i) * log(p) + Double(n - i) * log1p(-p))
        }
        return min(1, sum)
    }

    /// Where an increasing function crosses zero in 0…1, by bisection to 2⁻⁶⁰.
    private static func root(_ f: (Double) -> Double) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if f(middle) < 0 { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
