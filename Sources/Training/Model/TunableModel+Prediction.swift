import Glibc
import Kernels
import ModelFiles

/// What a classifier says of one example.
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

extension SequenceClassifier {
    /// Predictions for examples given as token ids, in their order.
    ///
    /// - Throws: `TrainingError.data` if an example is empty, too long or holds an unknown id.
    public func predict(_ ids: [[Int32]]) throws(TrainingError) -> [Prediction] {
        try predict(ids.map { EncodedExample(ids: $0, label: 0) })
    }

    /// Predictions for encoded examples (their labels are not looked at).
    public func predict(_ examples: [EncodedExample]) throws(TrainingError) -> [Prediction] {
        for (row, example) in examples.enumerated() { try check(example, row, label: false) }
        // Longest first, so that examples of one pass are of similar length.
        let order = examples.indices.sorted {
            (examples[$1].ids.count, $0) < (examples[$0].ids.count, $1)
        }
        var logits = [[Float]](repeating: [], count: examples.count)
        let batch = PackedBatch()
        var next = 0
        while next < order.count {
            batch.removeAll()
            while next < order.count, batch.count < configuration.evaluationBatchSize,
                batch.count == 0
                    || batch.tokenCount + examples[order[next]].ids.count
                        <= configuration.tokensPerPass
            {
                batch.append(examples[order[next]], row: order[next], ordinal: 0, step: 0, seed: 0)
                next += 1
            }
            let result = logitRows(batch)
            for (index, row) in batch.rows.enumerated() {
                logits[row] = result.rows(index, 1).floats.slice(0, labels.count).array
            }
        }
        return logits.map { Prediction(logits: $0) }
    }

    /// The logits of one pass, B × C.
    private func logitRows(_ batch: PackedBatch) -> Matrix {
        let size = PassSize(batch)
        let layout = { [model] (arena: inout Arena) in
            (
                FrozenBuffers(&arena, size, model),
                ClassificationHead.Trace(&arena, size, model.shape)
            )
        }
        let needed = Arena.measure { _ = layout(&$0) }
        if predictionStorage.count < needed { predictionStorage = FloatStorage(count: needed) }
        var arena = Arena(over: predictionStorage)
        let (buffers, trace) = layout(&arena)
        let first = model.forwardFrozen(model.shape.layers, batch: batch, buffers: buffers)
        let pass = Pass(
            workers: model.workers, isTraining: false, hiddenDropout: 0, attentionDropout: 0,
            adapterDropout: 0, classifierDropout: 0)
        model.head.forward(first, trace: trace, batch: batch, pass: pass, scratch: nil)
        return trace.logits
    }

    /// Refuses an example that the model cannot take.
    func check(_ example: EncodedExample, _ row: Int, label: Bool) throws(TrainingError) {
        let count = example.ids.count
        guard count > 0, count <= config.maxPositions else {
            throw TrainingError(
                .data, "example \(row) has \(count) tokens",
                hint: "Examples must have 1 to \(config.maxPositions) tokens.")
        }
        guard example.ids.allSatisfy({ $0 >= 0 && $0 < config.vocabularySize }),
            example.typeIDs.map({ types in
                types.count == count
                    && types.allSatisfy { $0 >= 0 && $0 < config.typeVocabularySize }
            }) ?? true
        else {
            throw TrainingError(
                .data, "example \(row) has a token id or type that the model does not know",
                hint: "Use the tokenizer that belongs to the model.")
        }
        guard !label || (example.label >= 0 && example.label < labels.count) else {
            throw TrainingError(
                .data, "example \(row) has label \(example.label), of \(labels.count) from 0",
                hint: "Every example's label must be in the label list.")
        }
    }
}
