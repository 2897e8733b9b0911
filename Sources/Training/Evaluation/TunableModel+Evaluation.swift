import Glibc
import Kernels

extension TunableModel {
    /// Runs the examples through the model and scores the answers.
    public func evaluate(_ examples: [EncodedExample]) throws(TrainingError) -> Evaluation {
        for (row, example) in examples.enumerated() { try check(example, row, target: true) }
        let resamplings = configuration.bootstrapSamples
        switch task {
        case .sequenceClassification(let labels):
            return .classification(
                ClassificationEvaluation(
                    predictions: try predict(examples), truth: examples.compactMap(\.label),
                    labels: labels, resamplings: resamplings))
        case .tokenClassification(let labels):
            return .spans(spans(try tag(examples), examples, labels, resamplings))
        case .causalLanguageModel: return .language(try language(examples, resamplings))
        }
    }

    private func spans(
        _ predictions: [[Prediction]], _ examples: [EncodedExample], _ labels: [String],
        _ resamplings: Int
    ) -> SpanEvaluation {
        let truth = examples.map(\.learnedLabels)
        var losses = 0.0
        for (words, wanted) in zip(predictions, truth) {
            for (word, label) in zip(words, wanted) {
                let logits = word.logits.map(Double.init)
                losses += CrossEntropy.logSumExp(logits) - logits[label]
            }
        }
        return SpanEvaluation(
            answers: predictions.map { $0.map(\.label) }, truth: truth, losses: losses,
            labels: labels, resamplings: resamplings)
    }

    /// One sequence of a batch, scored token by token.
    struct SequenceScore {
        var loss = 0.0
        var tokens = 0
        var hits = 0
    }

    /// Scores of every sequence of each example: one, or two where it has a rejected answer.
    func sequenceScores(_ examples: [EncodedExample]) throws(TrainingError) -> [[SequenceScore]] {
        guard task == .causalLanguageModel else { throw wrongTask("foresee tokens") }
        for (row, example) in examples.enumerated() { try check(example, row, target: true) }
        var scores = [[SequenceScore]](repeating: [], count: examples.count)
        forEachPass(examples) { batch, storage in
            let count = batch.targets.count
            var losses = [Float](repeating: 0, count: count)
            var hits = [Bool](repeating: false, count: count)
            network.logits(batch, storage: storage) { rows, logits in
                let room = FloatStorage(count: rows.count).floats
                let targets = Array(batch.targets[rows])
                var best: [Int32]? = []
                network.workers.crossEntropy(
                    logits, targets: targets, scales: [], smoothing: 0, losses: room, best: &best,
                    writesGradient: false)
                for (offset, row) in rows.enumerated() {
                    losses[row] = room[offset]
                    hits[row] = best?[offset] == targets[offset]
                }
            }
            var sequence = 0
            for row in batch.rows {
                for _ in 0..<(examples[row].rejected == nil ? 1 : 2) {
                    var score = SequenceScore()
                    for index in batch.targetStarts[sequence]..<batch.targetStarts[sequence + 1] {
                        score.loss += Double(losses[index])
                        score.tokens += 1
                        score.hits += hits[index] ? 1 : 0
                    }
                    scores[row].append(score)
                    sequence += 1
                }
            }
        }
        return scores
    }

    private func language(
        _ examples: [EncodedExample], _ resamplings: Int
    ) throws(TrainingError) -> LanguageEvaluation {
        let scores = try sequenceScores(examples)
        let pairs = scores.filter { $0.count == 2 }
        let preferred = pairs.count { $0[0].loss < $0[1].loss }
        return LanguageEvaluation(
            scores.map { ($0[0].loss, $0[0].tokens, $0[0].hits) },
            preferenceAccuracy: pairs.isEmpty ? nil : Double(preferred) / Double(pairs.count),
            resamplings: resamplings)
    }

    /// log p of the chosen and of the rejected answer of each example.
    func answerProbabilities(
        _ examples: [EncodedExample]
    ) throws(TrainingError) -> [(chosen: Double, rejected: Double)] {
        try sequenceScores(examples).map { (-$0[0].loss, -($0.count > 1 ? $0[1].loss : 0)) }
    }
}
