import Kernels

extension DecoderNetwork {
    /// The loss over the gathered rows, divided by `normalizer`, and its gradients: E's are added,
    /// those of the normed rows are left in `trace.gradient`.
    func headGradients(
        _ batch: PackedBatch, objective: Objective, normalizer: Double, trace: LanguageHead.Trace
    ) -> Double {
        var scales = [Float](repeating: Float(1 / normalizer), count: batch.targets.count)
        var smoothing: Float = 0
        var value = 0.0
        switch objective {
        case .classes: preconditionFailure("a decoder learns tokens")
        case .nextToken(let share): smoothing = Float(share)
        case .preference(let preference):
            // Whole answers decide about each of their tokens: their losses come first.
            let losses = rowLosses(batch, trace: trace)
            let judged = preference.judge(batch, losses: losses, normalizer: normalizer)
            value = judged.loss
            scales = judged.scales
        }
        head.logits(trace: trace, workers: workers) { rows, logits in
            var best: [Int32]?
            let losses = trace.losses.slice(rows.lowerBound, rows.count)
            workers.crossEntropy(
                logits, targets: Array(batch.targets[rows]), scales: Array(scales[rows]),
                smoothing: smoothing, losses: losses, best: &best, writesGradient: true)
            head.backward(
                logits: logits, rows: rows, trace: trace, needsInput: true, workers: workers)
            if case .nextToken = objective {
                value += losses.array.reduce(0) { $0 + Double($1) } / normalizer
            }
        }
        return value
    }

    /// −log p of each target, without gradients.
    private func rowLosses(_ batch: PackedBatch, trace: LanguageHead.Trace) -> [Float] {
        head.logits(trace: trace, workers: workers) { rows, logits in
            var best: [Int32]?
            workers.crossEntropy(
                logits, targets: Array(batch.targets[rows]), scales: [], smoothing: 0,
                losses: trace.losses.slice(rows.lowerBound, rows.count), best: &best,
                writesGradient: false)
        }
        return trace.losses.slice(0, batch.targets.count).array
    }
}
