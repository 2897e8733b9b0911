extension Oracle {
    /// Attention of one head of one sequence, with a mask of factors over the probabilities. If
    /// causal, the last query sees all keys, the one before it all but one, and so on.
    static func attention(
        q: [[Double]], k: [[Double]], v: [[Double]], factors: [[Double]], isCausal: Bool
    ) -> [[Double]] {
        let shares = attentionShares(q: q, k: k, isCausal: isCausal)
        return q.indices.map { i in
            v[0].indices.map { d in
                v.indices.reduce(0) { $0 + shares[i][$1] * factors[i][$1] * v[$1][d] }
            }
        }
    }

    /// The gradients of one head's queries, and the sums of those of keys and values.
    struct AttentionGradient {
        var queries: [[Double]] = []
        var keys: [[Double]]
        var values: [[Double]]

        init(keys count: Int, width: Int) {
            let zeros = [Double](repeating: 0, count: width)
            keys = [[Double]](repeating: zeros, count: count)
            values = keys
        }
    }

    /// The gradient of ``attention(q:k:v:factors:isCausal:)``; those of keys and values are added.
    static func attentionBackward(
        _ dy: [[Double]], q: [[Double]], k: [[Double]], v: [[Double]], factors: [[Double]],
        isCausal: Bool, into gradient: inout AttentionGradient
    ) {
        let shares = attentionShares(q: q, k: k, isCausal: isCausal)
        let scale = 1 / Double(k[0].count).squareRoot()
        gradient.queries = q.map { $0.map { _ in 0 } }
        for i in q.indices {
            let slopes = k.indices.map { j in
                factors[i][j] * zip(dy[i], v[j]).reduce(0) { $0 + $1.0 * $1.1 }
            }
            let mean = zip(slopes, shares[i]).reduce(0) { $0 + $1.0 * $1.1 }
            for j in k.indices {
                let score = shares[i][j] * (slopes[j] - mean) * scale
                for d in q[i].indices {
                    gradient.queries[i][d] += score * k[j][d]
                    gradient.keys[j][d] += score * q[i][d]
                    gradient.values[j][d] += shares[i][j] * factors[i][j] * dy[i][d]
                }
            }
        }
    }

    private static func attentionShares(
        q: [[Double]], k: [[Double]], isCausal: Bool
    ) -> [[Double]] {
        let scale = 1 / Double(k[0].count).squareRoot()
        return q.indices.map { i in
            softmax(
                k.indices.map { j in
                    isCausal && j > k.count - q.count + i
                        ? -Double.infinity
                        : scale * zip(q[i], k[j]).reduce(0) { $0 + $1.0 * $1.1 }
                })
        }
    }
}
