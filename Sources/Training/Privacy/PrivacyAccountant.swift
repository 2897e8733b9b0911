import Glibc

/// What a run of DP-SGD reveals, by Rényi differential privacy of the sampled Gaussian mechanism
/// (Mironov, Talwar and Zhang 2019), converted to (ε, δ) as Balle et al. 2020 do.
public struct PrivacyAccountant: Sendable {
    /// q: probability with which an example is in a step.
    public let samplingRate: Double
    /// Optimiser steps.
    public let steps: Int

    /// An accountant of a run.
    public init(samplingRate: Double, steps: Int) {
        precondition(samplingRate >= 0 && samplingRate <= 1 && steps >= 0)
        self.samplingRate = samplingRate
        self.steps = steps
    }

    /// Orders α that are tried; the smallest ε of any holds.
    static let orders: [Double] =
        (1..<100).map { 1 + Double($0) / 10 } + (12..<64).map(Double.init)

    /// ε at this δ under noise of deviation σ · C; infinite without noise.
    public func epsilon(noiseMultiplier sigma: Double, delta: Double) -> Double {
        guard samplingRate > 0, steps > 0 else { return 0 }
        guard sigma > 0 else { return .infinity }
        let bounds = Self.orders.map { order in
            Double(steps) * Self.renyiDivergence(samplingRate, sigma, order)
                - (log(delta) + log(order)) / (order - 1) + log((order - 1) / order)
        }
        return max(0, bounds.min() ?? .infinity)
    }

    /// The smallest σ, to three digits, that spends at most ε at δ; nil if none up to 10,000 does.
    public func noiseMultiplier(epsilon: Double, delta: Double) -> Double? {
        var low = 0.0
        var high = 1.0
        while self.epsilon(noiseMultiplier: high, delta: delta) > epsilon {
            low = high
            high *= 2
            guard high < 10_000 else { return nil }
        }
        while high - low > 1e-3 * high {
            let middle = (low + high) / 2
            if self.epsilon(noiseMultiplier: middle, delta: delta) > epsilon {
                low = middle
            } else {
                high = middle
            }
        }
        return high
    }

    /// The Rényi divergence of order α of one step.
    static func renyiDivergence(_ q: Double, _ sigma: Double, _ order: Double) -> Double {
        if q == 1 { return order / (2 * sigma * sigma) }
        let moment =
            order == order.rounded()
            ? integerMoment(q, sigma, Int(order)) : fractionalMoment(q, sigma, order)
        return moment / (order - 1)
    }

    /// log A_α for whole α: log Σₖ C(α, k) (1 − q)^(α−k) q^k exp((k² − k) / 2σ²).
    private static func integerMoment(_ q: Double, _ sigma: Double, _ order: Int) -> Double {
        (0...order).reduce(-Double.infinity) { sum, k in
            let terms = Double(k)
            return logAdd(
                sum,
                logBinomial(Double(order), k) + terms * log(q) + Double(order - k) * log1p(-q)
                    + (terms * terms - terms) / (2 * sigma * sigma))
        }
    }

    /// log A_α for any α: the two series of section 3.3 of the paper.
    private static func fractionalMoment(_ q: Double, _ sigma: Double, _ order: Double) -> Double {
        var positive = -Double.infinity
        var negative = -Double.infinity
        let edge = sigma * sigma * log(1 / q - 1) + 0.5
        let half = log(0.5), root = 2.0.squareRoot() * sigma
        // log |C(α, i)| and its sign, from α (α − 1) … (α − i + 1) / i!
        var coefficient = 0.0
        var isPositive = true
        for index in 0..<10_000 {
            let i = Double(index), j = order - i
            let first =
                coefficient + i * log(q) + j * log1p(-q) + (i * i - i) / (2 * sigma * sigma)
                + half + logErfc((i - edge) / root)
            let second =
                coefficient + j * log(q) + i * log1p(-q) + (j * j - j) / (2 * sigma * sigma)
                + half + logErfc((edge - j) / root)
            if isPositive {
                positive = logAdd(positive, logAdd(first, second))
            } else {
                negative = logAdd(negative, logAdd(first, second))
            }
            if max(first, second) < -30 { break }
            let factor = j / (i + 1)
            coefficient += log(abs(factor))
            if factor < 0 { isPositive.toggle() }
        }
        return positive + log1p(-exp(min(negative - positive, -1e-300)))
    }

    private static func logAdd(_ a: Double, _ b: Double) -> Double {
        let larger = max(a, b), smaller = min(a, b)
        return smaller == -.infinity ? larger : larger + log1p(exp(smaller - larger))
    }

    private static func logBinomial(_ n: Double, _ k: Int) -> Double {
        lgamma(n + 1) - lgamma(Double(k) + 1) - lgamma(n - Double(k) + 1)
    }

    /// log erfc(x), also where erfc(x) is too small for a Double (Abramowitz and Stegun 7.1.23).
    private static func logErfc(_ x: Double) -> Double {
        let value = erfc(x)
        guard value == 0 else { return log(value) }
        let square = x * x
        return -log(.pi) / 2 - log(x) - square - 0.5 / square + 0.625 / (square * square)
    }
}
