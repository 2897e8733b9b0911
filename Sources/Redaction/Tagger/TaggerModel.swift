/// A trained tagger: a lexicon, one row of 16 weights for each hashed feature, and the scores of
/// one label after another. Weights are whole numbers; `unit` of them make one nat.
package final class TaggerModel: Sendable {
    /// log2 of the number of rows.
    package let bits: Int
    /// Weights per nat (natural logarithm of odds).
    package let unit: Float
    /// What words are known to be.
    package let lexicon: TaggerLexicon
    /// `transitions[from * lanes + to]`, in units; forbidden ones are very low.
    package let transitions: [Int32]
    /// `weights[row * lanes + label]`.
    package let weights: [Int8]

    /// Makes a model; `weights` has 16 << bits entries and `transitions` 256.
    package init(
        bits: Int, unit: Float, lexicon: TaggerLexicon, transitions: [Int32], weights: [Int8]
    ) {
        precondition(weights.count == TaggerLabel.lanes << bits)
        precondition(transitions.count == TaggerLabel.lanes * TaggerLabel.lanes)
        self.bits = bits
        self.unit = unit
        self.lexicon = lexicon
        self.transitions = transitions
        self.weights = weights
    }

    /// The score of a transition that may not happen.
    package static let forbidden: Int32 = -1_000_000

    /// The scores of each label for each token: one SIMD value a token, 32-bit units.
    func emissions(_ features: TaggerFeatures, count: Int) -> [SIMD16<Int32>] {
        var sums = [SIMD16<Int32>](repeating: .zero, count: count)
        let stride = TaggerFeatures.stride
        unsafe weights.withUnsafeBytes { table in
            unsafe features.rows.withUnsafeBufferPointer { rows in
                for token in 0..<count {
                    var sum = SIMD16<Int16>.zero
                    for slot in (token * stride)..<((token + 1) * stride) {
                        let row = unsafe table.loadUnaligned(
                            fromByteOffset: Int(unsafe rows[slot]) * TaggerLabel.lanes,
                            as: SIMD16<Int8>.self)
                        // 67 features of at most ±127 stay far inside 16 bits.
                        sum &+= SIMD16<Int16>(truncatingIfNeeded: row)
                    }
                    sums[token] = SIMD16<Int32>(truncatingIfNeeded: sum)
                }
            }
        }
        return sums
    }

    /// The most likely labels of `tokens` (marked), with `outsideBias` units added to the score of
    /// every token that is outside: below zero finds more.
    ///
    /// - Complexity: O(tokens).
    package func labels(
        _ tokens: [TaggerToken], outsideBias: Int32
    ) -> (labels: [UInt8], margins: [Float]) {
        guard !tokens.isEmpty else { return ([], []) }
        var features = TaggerFeatures(bits: bits)
        features.extract(tokens)
        var scores = emissions(features, count: tokens.count)
        var margins = [Float](repeating: 0, count: tokens.count)
        for index in scores.indices {
            scores[index][TaggerLabel.outside] += outsideBias
            var inside = scores[index]
            inside[0] = .min
            inside[15] = .min
            margins[index] = Float(inside.max() &- scores[index][0]) / unit
        }
        return (TaggerViterbi.best(scores, transitions: transitions), margins)
    }
}
