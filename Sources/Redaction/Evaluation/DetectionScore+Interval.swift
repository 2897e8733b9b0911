extension DetectionScore {
    /// 95 % confidence intervals of leak and over-redaction: percentile bootstrap over texts (Efron
    /// 1979), so that a text in which everything leaks counts as one event.
    ///
    /// - Parameters:
    ///   - samples: how many times the texts are drawn anew.
    ///   - seed: the same seed gives the same interval.
    public func intervals(
        samples: Int = 1000, seed: UInt64 = 20_261_123
    ) -> (leak: ClosedRange<Double>, over: ClosedRange<Double>) {
        guard !rows.isEmpty, samples > 0 else { return (0...0, 0...0) }
        // SplitMix64 (Steele, Lea, Flood 2014).
        var state = seed
        func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
        var leaks: [Double] = []
        var overs: [Double] = []
        for _ in 0..<samples {
            var sum = RowCounts()
            for _ in rows.indices {
                let row = rows[Int(next() % UInt64(rows.count))]
                sum.gold += row.gold
                sum.leaked += row.leaked
                sum.other += row.other
                sum.over += row.over
            }
            leaks.append(sum.gold > 0 ? Double(sum.leaked) / Double(sum.gold) : 0)
            overs.append(sum.other > 0 ? Double(sum.over) / Double(sum.other) : 0)
        }
        func range(_ values: [Double]) -> ClosedRange<Double> {
            let sorted = values.sorted()
            let low = sorted[Int(0.025 * Double(samples - 1))]
            return low...max(low, sorted[Int((0.975 * Double(samples - 1)).rounded(.up))])
        }
        return (range(leaks), range(overs))
    }
}
