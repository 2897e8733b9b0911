import Kernels

extension Trainer {
    /// Trains, and leaves the best (or, without validation examples, the last) weights in the
    /// model.
    ///
    /// - Parameters:
    ///   - train: the examples to learn from, at least one.
    ///   - validation: evaluated as `eval_strategy` says; may be empty.
    ///   - onEvent: called on this thread.
    ///   - shouldStop: asked before each step; true ends the run with the weights so far.
    /// - Throws: `TrainingError.data` or `.notFinite`.
    public func run(
        train: [EncodedExample], validation: [EncodedExample],
        onEvent: (TrainingEvent) -> Void, shouldStop: () -> Bool = { false }
    ) throws(TrainingError) -> TrainingResult {
        for (row, example) in train.enumerated() {
            try classifier.check(example, row, label: true)
        }
        for (row, example) in validation.enumerated() {
            try classifier.check(example, row, label: true)
        }
        guard !train.isEmpty else {
            throw TrainingError(
                .data, "there are no training examples", hint: "Check the split and its filters.")
        }
        var progress = Progress(self, train: train)
        let loss = try crossEntropy(train)
        let storage = activationStorage(train)
        let cache = prefixCache(train)
        onEvent(
            .started(plan(progress, train, validation, storage: storage, caches: cache != nil)))

        var order: [[Int]] = []
        var stopped = false
        var best = Best(self)
        steps: while progress.step < progress.totalSteps {
            let inEpoch = progress.step % progress.stepsPerEpoch
            if inEpoch == 0 {
                order = Trainer.batchOrder(
                    lengths: train.map(\.ids.count),
                    epoch: progress.step / progress.stepsPerEpoch, configuration: configuration)
            }
            if shouldStop() {
                stopped = true
                break steps
            }
            let rate = progress.schedule.rate(progress.step)
            let (value, norm) = try step(
                train, rows: order[inEpoch], index: progress.step, rate: rate, loss: loss,
                storage: storage, cache: cache)
            let tokens = order[inEpoch].reduce(0) { $0 + train[$1].ids.count }
            progress.advance(loss: value, rate: rate, norm: norm, tokens: tokens)
            if progress.reportsNow { onEvent(.step(progress.report())) }
            if !validation.isEmpty, progress.evaluatesNow(configuration) {
                let evaluation = try progress.pausing { () throws(TrainingError) in
                    try classifier.evaluate(validation)
                }
                let isBest = best.offer(evaluation, step: progress.step)
                onEvent(
                    .evaluation(
                        step: progress.step, epoch: progress.epoch, evaluation, isBest: isBest))
                if best.isExhausted(configuration.earlyStoppingPatience) { break steps }
            }
        }
        if stopped, !validation.isEmpty, best.step != progress.step {
            let evaluation = try classifier.evaluate(validation)
            _ = best.offer(evaluation, step: progress.step)
        }
        let final = best.restore(at: progress.step)
        return TrainingResult(
            steps: progress.step, bestStep: final.step,
            stoppedEarly: !stopped && progress.step < progress.totalSteps, stopped: stopped,
            seconds: progress.seconds, losses: progress.losses,
            learningRates: progress.rates, gradientNorms: progress.norms,
            finalEvaluation: final.evaluation,
            weightsDigest: classifier.trainedWeightsDigest())
    }

    /// The loss with the class weights that the settings ask for.
    private func crossEntropy(_ train: [EncodedExample]) throws(TrainingError) -> CrossEntropy {
        let classes = classifier.labels.count
        var weights = [Double](repeating: 1, count: classes)
        switch configuration.classWeights {
        case .equal: break
        case .given(let given): weights = given
        case .balanced:
            var counts = [Int](repeating: 0, count: classes)
            for example in train { counts[example.label] += 1 }
            if let empty = counts.firstIndex(of: 0) {
                throw TrainingError(
                    .data, "no training example has label \(classifier.labels[empty])",
                    hint: "Balanced class weights need examples of every label.")
            }
            weights = counts.map { Double(train.count) / Double(classes * $0) }
        }
        return CrossEntropy(smoothing: configuration.labelSmoothing, weights: weights)
    }

    private func prefixCache(_ train: [EncodedExample]) -> PrefixCache? {
        guard model.lowestTrainedLayer > 0 else { return nil }
        return PrefixCache(
            examples: train, width: model.shape.hidden,
            firstOnly: model.lowestTrainedLayer == model.shape.layers,
            weightsDigest: classifier.frozenWeightsDigest())
    }

    private func plan(
        _ progress: Progress, _ train: [EncodedExample], _ validation: [EncodedExample],
        storage: FloatStorage, caches: Bool
    ) -> RunPlan {
        var notes: [String] = []
        if caches {
            notes.append(
                "the outputs of the \(model.lowestTrainedLayer) frozen layers are computed once")
        }
        if !BLAS.recommendedCoreType.isEmpty, BLAS.coreName != BLAS.recommendedCoreType {
            notes.append(
                "OpenBLAS runs on its core \(BLAS.coreName); set OPENBLAS_CORETYPE="
                    + "\(BLAS.recommendedCoreType) to use this processor fully")
        }
        let trainable = classifier.trainableParameterCount
        return RunPlan(
            totalSteps: progress.totalSteps, stepsPerEpoch: progress.stepsPerEpoch,
            trainExamples: train.count, validationExamples: validation.count,
            trainTokens: train.reduce(0) { $0 + $1.ids.count }, trainableParameters: trainable,
            totalParameters: classifier.parameterCount, threads: model.workers.threadCount,
            coreName: BLAS.coreName, workingBytes: 4 * (storage.count + 3 * trainable),
            notes: notes)
    }
}
