import Kernels
import Records

/// What a run is asked to do besides its settings.
public struct RunHooks {
    /// Called on the trainer's thread.
    public var onEvent: (TrainingEvent) -> Void
    /// Takes a checkpoint; an error ends the run.
    public var onCheckpoint: (Checkpoint) throws -> Void
    /// Asked before each step; true ends the run with the weights so far.
    public var shouldStop: () -> Bool
    /// Whether a run that is ended so leaves a checkpoint and is not judged any more: it will be
    /// taken up again.
    public var savesWhenStopped: Bool

    /// Hooks that do nothing where none is given.
    public init(
        onEvent: @escaping (TrainingEvent) -> Void = { _ in },
        onCheckpoint: @escaping (Checkpoint) throws -> Void = { _ in },
        shouldStop: @escaping () -> Bool = { false }, savesWhenStopped: Bool = false
    ) {
        self.savesWhenStopped = savesWhenStopped
        self.onEvent = onEvent
        self.onCheckpoint = onCheckpoint
        self.shouldStop = shouldStop
    }
}

extension Trainer {
    /// Trains, and leaves the best (or, without validation examples, the last) weights in the
    /// model.
    ///
    /// - Parameters:
    ///   - train: the examples to learn from, at least one.
    ///   - validation: evaluated as `eval_strategy` says; may be empty.
    ///   - checkpoint: files of a checkpoint to go on from; the result is, bit for bit, that of a
    ///     run which never stopped.
    /// - Throws: a ``TrainingError``: `data`, `notFinite`, `checkpoint`; or what a hook throws.
    public func run(
        train: [EncodedExample], validation: [EncodedExample], hooks: RunHooks = RunHooks(),
        checkpoint: [String: [UInt8]]? = nil
    ) throws -> TrainingResult {
        try check(train, validation)
        var progress = Progress(
            configuration, examples: train.count, isDecoder: model.config.isDecoder)
        let objective = try objective(train)
        let privacy = try privacyNoise(examples: train.count, steps: progress.totalSteps)
        let storage = activationStorage(train)
        let cache = prefixCache(train)
        var best = Best(self)
        let saves =
            checkpoint != nil || configuration.saveStrategy != .no || hooks.savesWhenStopped
        let run = saves ? fingerprint(train, validation) : ""
        if let checkpoint { try resume(checkpoint, run, &progress, &best) }
        hooks.onEvent(
            .started(plan(progress, train, validation, storage: storage, caches: cache != nil)))

        var order: (epoch: Int, batches: [[Int]]) = (-1, [])
        var stopped = false
        var savedStep = progress.step
        steps: while progress.step < progress.totalSteps {
            if hooks.shouldStop() {
                stopped = true
                break steps
            }
            let rows = rows(
                step: progress.step, perEpoch: progress.stepsPerEpoch, train, &order,
                sampling: privacy?.spent.samplingRate)
            let rate = progress.schedule.rate(progress.step)
            let (value, norm) = try step(
                train, rows: rows, index: progress.step, rate: rate, objective: objective,
                storage: storage, cache: cache, noise: privacy?.noise)
            progress.advance(
                loss: value, rate: rate, norm: norm,
                tokens: rows.reduce(0) { $0 + train[$1].tokenCount })
            if progress.reportsNow { hooks.onEvent(.step(progress.report())) }
            if !validation.isEmpty, progress.evaluatesNow(configuration) {
                let evaluation = try progress.pausing { try model.evaluate(validation) }
                let isBest = best.offer(evaluation, step: progress.step)
                hooks.onEvent(
                    .evaluation(
                        step: progress.step, epoch: progress.epoch, evaluation, isBest: isBest))
                if best.isExhausted(configuration.earlyStoppingPatience) { break steps }
            }
            if progress.savesNow(configuration) {
                savedStep = progress.step
                let checkpoint = self.checkpoint(progress, best, run)
                try progress.pausing { try hooks.onCheckpoint(checkpoint) }
            }
        }
        let isPaused = stopped && hooks.savesWhenStopped
        if isPaused, progress.step > savedStep {
            try hooks.onCheckpoint(self.checkpoint(progress, best, run))
        }
        if stopped, !isPaused, !validation.isEmpty, best.step != progress.step {
            _ = best.offer(try model.evaluate(validation), step: progress.step)
        }
        let final =
            isPaused
            ? (step: progress.step, evaluation: nil)
            : try best.restore(at: progress.step, judging: validation)
        return TrainingResult(
            steps: progress.step, bestStep: final.step,
            stoppedEarly: !stopped && progress.step < progress.totalSteps, stopped: stopped,
            seconds: progress.seconds, losses: progress.losses,
            learningRates: progress.rates, gradientNorms: progress.norms,
            finalEvaluation: final.evaluation, privacy: privacy?.spent,
            weightsDigest: model.trainedWeightsDigest())
    }

    func check(
        _ train: [EncodedExample], _ validation: [EncodedExample]
    ) throws(TrainingError) {
        for (row, example) in train.enumerated() { try model.check(example, row, target: true) }
        for (row, example) in validation.enumerated() {
            try model.check(example, row, target: true)
        }
        guard !train.isEmpty else {
            throw TrainingError(
                .data, "there are no training examples", hint: "Check the split and its filters.")
        }
        if model.task == .causalLanguageModel,
            train.allSatisfy({ $0.rejected == nil && $0.learnedCount == 0 })
        {
            throw TrainingError(
                .data, "no training example has a token to learn",
                hint: "The answers may all lie behind max_length: raise it.")
        }
    }

    /// The rows of a step: drawn for privacy, or the next of the epoch's.
    private func rows(
        step: Int, perEpoch: Int, _ train: [EncodedExample],
        _ order: inout (epoch: Int, batches: [[Int]]), sampling: Double?
    ) -> [Int] {
        if let sampling {
            return BatchOrder.sampled(
                count: train.count, step: step,
                seed: configuration.dataSeed ?? configuration.seed, probability: sampling)
        }
        let epoch = step / perEpoch
        if order.epoch != epoch {
            order = (
                epoch,
                Trainer.batchOrder(
                    lengths: train.map(\.tokenCount), epoch: epoch, configuration: configuration)
            )
        }
        return order.batches[step % perEpoch]
    }

    // MARK: Checkpoints

    private func checkpoint(
        _ progress: Progress, _ best: Best, _ fingerprint: String
    ) -> Checkpoint {
        let kept = best.state(at: progress.step)
        var tensors = [
            "weights": network.store.trained, "moment1": optimizer.moments.first,
            "moment2": optimizer.moments.second,
        ]
        tensors["best"] = kept.weights
        var state = progress.state
        state["version"] = 1
        state["run"] = .string(fingerprint)
        state["best"] = kept.json
        return Checkpoint(
            step: progress.step, isBest: best.isBest(progress.step), state: .object(state),
            tensors: tensors)
    }

    private func resume(
        _ checkpoint: [String: [UInt8]], _ fingerprint: String, _ progress: inout Progress,
        _ best: inout Best
    ) throws(TrainingError) {
        let files = try CheckpointFiles(checkpoint)
        guard files.state["run"]?.stringValue == fingerprint else {
            throw CheckpointFiles.damaged("is of a run with other settings, data or base weights")
        }
        let count = network.store.trained.count
        try progress.resume(files)
        network.store.trained.copy(from: try files.floats("weights", count: count))
        optimizer.moments.first.copy(from: try files.floats("moment1", count: count))
        optimizer.moments.second.copy(from: try files.floats("moment2", count: count))
        optimizer.steps = progress.step
        network.merge(all: true)
        try best.resume(files, at: progress.step)
    }
}
