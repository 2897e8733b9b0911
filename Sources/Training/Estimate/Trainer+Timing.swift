public import ModelFiles

extension Trainer {
    /// Seconds that training takes for each token, on the mean of the run's epochs, measured by up to
    /// `count` real steps after one to get warm. The trainer is not good for a run afterwards.
    ///
    /// Where the outputs of frozen layers are kept, the first epoch is slower than the others: both
    /// are measured.
    ///
    /// - Throws: a ``TrainingError``, as ``run(train:validation:hooks:checkpoint:)`` does.
    public func timeSteps(train: [EncodedExample], count: Int) throws(TrainingError) -> Double {
        try check(train, [])
        let order = Trainer.batchOrder(
            lengths: train.map(\.tokenCount), epoch: 0, configuration: configuration)
        let steps = order.prefix(max(1, count))
        let examples = steps.flatMap { rows in rows.map { train[$0] } }
        let batches = steps.reduce(into: [Range<Int>]()) { batches, rows in
            let start = batches.last?.upperBound ?? 0
            batches.append(start..<start + rows.count)
        }
        let objective = try objective(examples)
        let progress = Progress(
            configuration, examples: train.count, isDecoder: model.config.isDecoder)
        let noise = try privacyNoise(examples: train.count, steps: progress.totalSteps)?.noise
        let storage = activationStorage(examples)
        var index = 0
        func run(_ batches: [Range<Int>], _ cache: PrefixCache?) throws(TrainingError) -> Double {
            let start = ContinuousClock.now
            for batch in batches {
                _ = try step(
                    examples, rows: Array(batch), index: index, rate: 0, objective: objective,
                    storage: storage, cache: cache, noise: noise)
                index += 1
            }
            return Progress.seconds(ContinuousClock.now - start)
        }
        _ = try run(Array(batches.prefix(1)), nil)
        let tokens = Double(examples.reduce(0) { $0 + $1.tokenCount })
        let first = try run(batches, nil) / tokens
        guard let cache = prefixCache(examples) else { return first }
        _ = try run(batches, cache)
        let later = try run(batches, cache) / tokens
        let epochs = max(1, Double(progress.totalSteps) / Double(progress.stepsPerEpoch))
        return (first + (epochs - 1) * later) / epochs
    }
}

extension RunEstimate {
    /// Seconds of training for each token, measured by up to `steps` steps of a model that is made
    /// for it and thrown away.
    ///
    /// - Parameter train: training examples, all of them or some that stand for them.
    /// - Throws: a ``TrainingError``, as making and training the model does.
    public static func secondsPerToken(
        config: ModelConfig, task: ModelTask, configuration: TrainingConfiguration,
        base: any TensorSource, train: [EncodedExample], steps: Int = 3
    ) throws(TrainingError) -> Double {
        let model = try TunableModel(
            base: base, config: config, task: task, configuration: configuration)
        return try Trainer(model: model, configuration: configuration)
            .timeSteps(train: train, count: steps)
    }
}
