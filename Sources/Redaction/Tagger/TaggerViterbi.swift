/// The best sequence of labels (Viterbi 1967).
package enum TaggerViterbi {
    /// `scores[i][label]` plus `transitions[from * lanes + to]`, maximised over all sequences.
    /// A sequence cannot begin inside an entity.
    package static func best(_ scores: [SIMD16<Int32>], transitions: [Int32]) -> [UInt8] {
        let lanes = TaggerLabel.lanes
        guard var best = scores.first else { return [] }
        for label in 1..<lanes where label % 2 == 0 { best[label] = TaggerModel.forbidden }
        best[lanes - 1] = TaggerModel.forbidden
        let rows: [SIMD16<Int32>] = (0..<TaggerLabel.count).map { from in
            var row = SIMD16<Int32>(repeating: TaggerModel.forbidden)
            for to in 0..<TaggerLabel.count { row[to] = transitions[from * lanes + to] }
            return row
        }
        var back = [SIMD16<Int32>](repeating: .zero, count: scores.count)
        for index in 1..<max(scores.count, 1) {
            var top = rows[0] &+ SIMD16(repeating: best[0])
            var from = SIMD16<Int32>.zero
            for label in 1..<TaggerLabel.count {
                let candidate = rows[label] &+ SIMD16(repeating: best[label])
                let better = candidate .> top
                top.replace(with: candidate, where: better)
                from.replace(with: Int32(label), where: better)
            }
            // The forbidden score must not add up over a long text until it overflows.
            let floor = SIMD16<Int32>(repeating: top.max() - 500_000)
            best = top &+ scores[index]
            best.replace(with: floor, where: best .< floor)
            back[index] = from
        }
        var labels = [UInt8](repeating: 0, count: scores.count)
        var last = 0
        for label in 1..<TaggerLabel.count where best[label] > best[last] { last = label }
        var index = scores.count - 1
        while index >= 0 {
            labels[index] = UInt8(last)
            last = Int(back[index][last])
            index -= 1
        }
        return labels
    }
}
