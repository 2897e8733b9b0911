import Glibc
import Kernels
import ModelFiles

/// What a classifier says of one text or word.
public struct Prediction: Sendable, Hashable {
    /// One number for each label.
    public let logits: [Float]
    /// softmax of the logits.
    public let probabilities: [Float]
    /// Index of the largest.
    public let label: Int

    init(logits: [Float]) {
        self.logits = logits
        let largest = Double(logits.max() ?? 0)
        let powers = logits.map { exp(Double($0) - largest) }
        let sum = powers.reduce(0, +)
        probabilities = powers.map { Float($0 / sum) }
        label = logits.indices.max { logits[$0] < logits[$1] } ?? 0
    }
}

extension TunableModel {
    /// Labels for texts given as token ids, in their order.
    ///
    /// - Throws: `TrainingError.data` if a text is empty, too long or holds an unknown id.
    public func predict(_ ids: [[Int32]]) throws(TrainingError) -> [Prediction] {
        try predict(ids.map { EncodedExample(ids: $0, label: 0) })
    }

    /// Labels for encoded texts (their own labels are not looked at).
    public func predict(_ examples: [EncodedExample]) throws(TrainingError) -> [Prediction] {
        guard case .sequenceClassification = task else { throw wrongTask("label texts") }
        for (row, example) in examples.enumerated() { try check(example, row, target: false) }
        var logits = [[Float]](repeating: [], count: examples.count)
        forEachPass(examples) { batch, storage in
            network.logits(batch, storage: storage) { rows, result in
                for index in rows {
                    logits[batch.rows[index]] =
                        result.rows(index - rows.lowerBound, 1).floats
                        .slice(0, labels.count).array
                }
            }
        }
        return logits.map { Prediction(logits: $0) }
    }

    /// Labels for those tokens of each example that have a target; which one is not looked at.
    public func tag(_ examples: [EncodedExample]) throws(TrainingError) -> [[Prediction]] {
        guard case .tokenClassification = task else { throw wrongTask("label words") }
        for (row, example) in examples.enumerated() { try check(example, row, target: false) }
        var found = [[Prediction]](repeating: [], count: examples.count)
        forEachPass(examples) { batch, storage in
            network.logits(batch, storage: storage) { rows, result in
                for (sequence, row) in batch.rows.enumerated() {
                    let own = batch.targetStarts[sequence]..<batch.targetStarts[sequence + 1]
                    found[row] = own.map { index in
                        Prediction(
                            logits: result.rows(index - rows.lowerBound, 1).floats
                                .slice(0, labels.count).array)
                    }
                }
            }
        }
        return found
    }

    /// Runs `body` on examples of similar length together, longest first, as many as fit a pass.
    func forEachPass(
        _ examples: [EncodedExample], _ body: (PackedBatch, FloatStorage) -> Void
    ) {
        let order = examples.indices.sorted {
            (examples[$1].tokenCount, $0) < (examples[$0].tokenCount, $1)
        }
        let batch = network.newBatch()
        var next = 0
        while next < order.count {
            batch.removeAll()
            while next < order.count, batch.count < configuration.evaluationBatchSize,
                batch.count == 0
                    || batch.tokenCount + examples[order[next]].tokenCount <= tokensPerPass
            {
                batch.append(examples[order[next]], row: order[next], ordinal: 0, step: 0, seed: 0)
                next += 1
            }
            let needed = network.floatCount(
                PassSize(batch), isTraining: false, adapterDropsOut: false)
            if predictionStorage.count < needed { predictionStorage = FloatStorage(count: needed) }
            body(batch, predictionStorage)
        }
    }

    /// Tokens that go through the model at once.
    var tokensPerPass: Int { configuration.effectiveTokensPerPass(decoder: config.isDecoder) }

    func wrongTask(_ what: String) -> TrainingError {
        TrainingError(
            .configuration, "a model for \(task.name) does not \(what)",
            hint: "Choose a model that was tuned for it.")
    }
}
