import Kernels

extension TunableModel {
    /// Mean of the last layer's output over each text's tokens, scaled to length 1: a vector that
    /// stands for the text. In the order of `ids`.
    ///
    /// - Throws: `TrainingError.data` if a text is empty, too long or holds an unknown id.
    public func features(_ ids: [[Int32]]) throws(TrainingError) -> [[Float]] {
        let examples = ids.map { ids in
            switch network.reading {
            case .firstTokens: EncodedExample(ids: ids, label: 0)
            case .tokens, .nextTokens:
                EncodedExample(
                    ids: ids,
                    targets: [Int32](repeating: EncodedExample.ignored, count: ids.count))
            }
        }
        for (row, example) in examples.enumerated() { try check(example, row, target: false) }
        var vectors = [[Float]](repeating: [], count: ids.count)
        forEachPass(examples) { batch, storage in
            network.features(batch, storage: storage) { output in
                for (sequence, row) in batch.rows.enumerated() {
                    let tokens = batch.starts[sequence]..<batch.starts[sequence + 1]
                    vectors[row] = Self.mean(output.rows(tokens.lowerBound, tokens.count), network)
                }
            }
        }
        return vectors
    }

    private static func mean(_ rows: Matrix, _ network: any Network) -> [Float] {
        let sums = FloatStorage(count: rows.columns).floats
        network.workers.addColumnSums(of: rows, to: sums)
        let values = sums.array
        let norm = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return values.map { Float(Double($0) / max(norm, 1e-12)) }
    }
}
