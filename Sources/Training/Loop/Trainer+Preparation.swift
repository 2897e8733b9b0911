import Kernels

extension Trainer {
    /// What the steps make smaller, for these examples.
    func objective(_ train: [EncodedExample]) throws(TrainingError) -> Objective {
        guard model.labels.isEmpty else { return .classes(try crossEntropy(train)) }
        guard train.contains(where: { $0.rejected != nil }) else {
            return .nextToken(smoothing: configuration.labelSmoothing)
        }
        guard train.allSatisfy({ $0.rejected != nil }) else {
            throw TrainingError(
                .data, "some examples have a rejected answer and others have none",
                hint: "Train on preference records alone.")
        }
        return .preference(
            Preference(
                beta: configuration.preferenceBeta, reference: try model.answerProbabilities(train))
        )
    }

    /// The loss with the class weights that the settings ask for.
    private func crossEntropy(_ train: [EncodedExample]) throws(TrainingError) -> CrossEntropy {
        let classes = model.labels.count
        var weights = [Double](repeating: 1, count: classes)
        switch configuration.classWeights {
        case .equal: break
        case .given(let given): weights = given
        case .balanced:
            var counts = [Int](repeating: 0, count: classes)
            for example in train {
                for label in example.learnedLabels { counts[label] += 1 }
            }
            if let empty = counts.firstIndex(of: 0) {
                throw TrainingError(
                    .data, "no training example has label \(model.labels[empty])",
                    hint: "Balanced class weights need examples of every label.")
            }
            let total = counts.reduce(0, +)
            weights = counts.map { Double(total) / Double(classes * $0) }
        }
        return CrossEntropy(smoothing: configuration.labelSmoothing, weights: weights)
    }

    func prefixCache(_ train: [EncodedExample]) -> PrefixCache? {
        guard let prefix = network.cachedPrefix else { return nil }
        return PrefixCache(
            examples: train, width: prefix.width, firstOnly: prefix.firstOnly,
            weightsDigest: model.frozenWeightsDigest())
    }

    func plan(
        _ progress: Progress, _ train: [EncodedExample], _ validation: [EncodedExample],
        storage: FloatStorage, caches: Bool
    ) -> RunPlan {
        var notes: [String] = []
        if caches, let prefix = network.cachedPrefix {
            notes.append("the outputs of the \(prefix.layers) frozen layers are computed once")
        }
        if !BLAS.recommendedCoreType.isEmpty, BLAS.coreName != BLAS.recommendedCoreType {
            notes.append(
                "OpenBLAS runs on its core \(BLAS.coreName); set OPENBLAS_CORETYPE="
                    + "\(BLAS.recommendedCoreType) to use this processor fully")
        }
        let trainable = model.trainableParameterCount
        return RunPlan(
            totalSteps: progress.totalSteps, stepsPerEpoch: progress.stepsPerEpoch,
            trainExamples: train.count, validationExamples: validation.count,
            trainTokens: train.reduce(0) { $0 + $1.tokenCount }, trainableParameters: trainable,
            totalParameters: model.parameterCount, threads: network.workers.threadCount,
            coreName: BLAS.coreName, workingBytes: 4 * (storage.count + 3 * trainable),
            notes: notes)
    }
}

extension EncodedExample {
    /// The labels that something is learned of.
    var learnedLabels: [Int] {
        switch target {
        case .label(let label): [label]
        case .tokens(let targets): targets.filter { $0 != Self.ignored }.map(Int.init)
        }
    }
}
