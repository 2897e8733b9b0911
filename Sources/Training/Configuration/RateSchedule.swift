import Glibc

/// The learning rate of each step, as Transformers' schedules have it: step 0 of a warm-up is 0.
struct RateSchedule {
    let kind: TrainingConfiguration.Schedule
    let peak: Double
    let warmupSteps: Int
    let totalSteps: Int

    init(_ configuration: TrainingConfiguration, totalSteps: Int, peak: Double) {
        kind = configuration.schedule
        self.peak = peak
        self.totalSteps = totalSteps
        warmupSteps =
            kind == .constant
            ? 0
            : configuration.warmupSteps
                ?? Int((configuration.warmupRatio * Double(totalSteps)).rounded(.up))
    }

    /// The rate of the step with `index`, from 0.
    func rate(_ index: Int) -> Double {
        if index < warmupSteps { return peak * Double(index) / Double(max(1, warmupSteps)) }
        let left = Double(max(1, totalSteps - warmupSteps))
        let progress = Double(index - warmupSteps) / left
        switch kind {
        case .constant, .constantWithWarmup: return peak
        case .linear: return peak * max(0, 1 - progress)
        case .cosine: return peak * max(0, 0.5 * (1 + cos(.pi * min(1, progress))))
        }
    }
}
