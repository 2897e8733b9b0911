/// How well two lists of numbers agree about an order.
enum RankCorrelation {
    /// Spearman's ρ: Pearson's correlation of the ranks, equal numbers sharing their mean rank. 0 if
    /// one of the lists is constant.
    static func spearman(_ a: [Double], _ b: [Double]) -> Double {
        precondition(a.count == b.count, "the lists differ in length")
        let x = ranks(a), y = ranks(b)
        let mean = Double(a.count + 1) / 2
        var products = 0.0, squaresX = 0.0, squaresY = 0.0
        for (p, q) in zip(x, y) {
            products += (p - mean) * (q - mean)
            squaresX += (p - mean) * (p - mean)
            squaresY += (q - mean) * (q - mean)
        }
        let scale = (squaresX * squaresY).squareRoot()
        return scale > 0 ? products / scale : 0
    }

    /// Ranks from 1, ties sharing the mean of theirs.
    private static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for index in order[start..<end] { ranks[index] = Double(start + 1 + end) / 2 }
            start = end
        }
        return ranks
    }
}
