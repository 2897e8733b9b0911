extension TunableModel {
    /// The mean loss of each example's targets in nats, without smoothing or class weights; 0 for an
    /// example of which nothing is to be learned.
    ///
    /// - Throws: `TrainingError.data` for an example that the model cannot take.
    public func losses(_ examples: [EncodedExample]) throws(TrainingError) -> [Double] {
        for (row, example) in examples.enumerated() { try check(example, row, target: true) }
        switch task {
        case .sequenceClassification:
            return zip(try predict(examples), examples).map { prediction, example in
                Self.loss(prediction, example.label ?? 0)
            }
        case .tokenClassification:
            return zip(try tag(examples), examples).map { words, example in
                let losses = zip(words, example.learnedLabels).map(Self.loss)
                return losses.reduce(0, +) / Double(max(1, losses.count))
            }
        case .causalLanguageModel:
            return try sequenceScores(examples).map { $0[0].loss / Double(max(1, $0[0].tokens)) }
        }
    }

    private static func loss(_ prediction: Prediction, _ label: Int) -> Double {
        let logits = prediction.logits.map(Double.init)
        return CrossEntropy.logSumExp(logits) - logits[label]
    }
}
