/// What a private run has spent.
public struct PrivacySpent: Sendable, Hashable {
    /// ε, of the whole run.
    public let epsilon: Double
    /// δ
    public let delta: Double
    /// σ
    public let noiseMultiplier: Double
    /// C
    public let clippingNorm: Double
    /// q
    public let samplingRate: Double
}

extension Trainer {
    /// The noise that the settings ask for, and what a run of `steps` spends; nil without privacy.
    ///
    /// - Throws: `TrainingError.configuration` if no noise keeps to ε.
    func privacyNoise(
        examples: Int, steps: Int
    ) throws(TrainingError) -> (noise: PrivacyNoise, spent: PrivacySpent)? {
        guard let privacy = configuration.privacy else { return nil }
        let batch = min(examples, configuration.batchSize * configuration.accumulationSteps)
        let rate = Double(batch) / Double(examples)
        let delta = privacy.delta ?? 1 / (10 * Double(examples))
        let accountant = PrivacyAccountant(samplingRate: rate, steps: steps)
        var multiplier = privacy.noiseMultiplier
        if let target = privacy.targetEpsilon, multiplier == nil {
            multiplier = accountant.noiseMultiplier(epsilon: target, delta: delta)
        }
        guard let multiplier else {
            throw TrainingError(
                .configuration, "no noise keeps this run within dp_target_epsilon",
                hint: "Raise it, or train fewer steps or with smaller batches.")
        }
        let spent = accountant.epsilon(noiseMultiplier: multiplier, delta: delta)
        if let target = privacy.targetEpsilon, spent > target * (1 + 1e-9) {
            throw TrainingError(
                .configuration,
                "dp_noise_multiplier \(multiplier) spends ε = \(spent), above dp_target_epsilon",
                hint: "Leave one of them out.")
        }
        return (
            PrivacyNoise(
                multiplier: multiplier, clippingNorm: privacy.clippingNorm,
                expectedBatch: Double(batch), seed: configuration.seed),
            PrivacySpent(
                epsilon: spent, delta: delta, noiseMultiplier: multiplier,
                clippingNorm: privacy.clippingNorm, samplingRate: rate)
        )
    }
}
