/// What training costs on this machine, measured.
public struct TrainingPace: Sendable, Hashable {
    /// Seconds for a token, forward and backward, on the mean of the run's epochs.
    public let secondsPerToken: Double
    /// Seconds for the optimiser's part of a step.
    public let secondsPerStep: Double

    /// Seconds of a whole run.
    public func seconds(tokens: Int, steps: Int) -> Double {
        secondsPerToken * Double(tokens) + secondsPerStep * Double(steps)
    }
}

extension Trainer {
    /// Measures training on the first examples of the run that hold about `tokens` tokens, once to
    /// get warm and once for the clock. The trainer is not good for a run afterwards.
    ///
    /// Where the outputs of frozen layers are kept, the first epoch is slower than the others: both
    /// are measured.
    ///
    /// - Throws: a ``TrainingError``, as ``run(train:validation:hooks:checkpoint:)`` does.
    public func measurePace(
        train: [EncodedExample], tokens limit: Int = 2048
    ) throws(TrainingError) -> TrainingPace {
        try check(train, [])
        var examples: [EncodedExample] = []
        var tokens = 0
        for row in Trainer.batchOrder(
            lengths: train.map(\.tokenCount), epoch: 0, configuration: configuration
        ).joined() {
            examples.append(train[row])
            tokens += train[row].tokenCount
            if tokens >= limit { break }
        }
        let objective = try objective(examples)
        let progress = Progress(
            configuration, examples: train.count, isDecoder: model.config.isDecoder)
        let noise = try privacyNoise(examples: train.count, steps: progress.totalSteps)?.noise
        let storage = activationStorage(examples), rows = Array(examples.indices)
        func seconds(_ cache: PrefixCache?) -> Double {
            let start = ContinuousClock.now
            if let noise {
                _ = privateGradients(
                    examples, rows: rows, step: 0, objective: objective, storage: storage,
                    cache: cache, noise: noise)
            } else {
                _ = gradients(
                    examples, rows: rows, step: 0, objective: objective, storage: storage,
                    cache: cache)
            }
            return Progress.seconds(ContinuousClock.now - start)
        }
        _ = seconds(nil)
        var perToken = seconds(nil) / Double(tokens)
        if let cache = prefixCache(examples) {
            _ = seconds(cache)
            let later = seconds(cache) / Double(tokens)
            let epochs = max(1, Double(progress.totalSteps) / Double(progress.stepsPerEpoch))
            perToken = (perToken + (epochs - 1) * later) / epochs
        }
        let start = ContinuousClock.now
        optimizer.step(rate: 0, norm: 1, limit: 0)
        return TrainingPace(
            secondsPerToken: perToken,
            secondsPerStep: Progress.seconds(ContinuousClock.now - start))
    }
}
