import Glibc
import Kernels
import Records

/// Where a run stands: steps, times, averages.
struct Progress {
    let totalSteps: Int
    let stepsPerEpoch: Int
    let schedule: RateSchedule
    private let loggingSteps: Int
    private let start = ContinuousClock.now
    private var reported = ContinuousClock.now
    private var paused = Duration.zero
    private var tokensSinceReport = 0
    private var stepsAtReport = 0
    private var firstStep = 0
    private(set) var step = 0
    private(set) var losses: [Double] = []
    private(set) var rates: [Double] = []
    private(set) var norms: [Double] = []

    init(_ configuration: TrainingConfiguration, examples: Int, isDecoder: Bool) {
        let rows = configuration.batchSize * configuration.accumulationSteps
        stepsPerEpoch = (examples + rows - 1) / rows
        totalSteps =
            configuration.maxSteps > 0
            ? configuration.maxSteps
            : max(1, Int((configuration.epochs * Double(stepsPerEpoch)).rounded(.up)))
        schedule = RateSchedule(
            configuration, totalSteps: totalSteps,
            peak: configuration.learningRate
                ?? configuration.defaultLearningRate(decoder: isDecoder))
        loggingSteps = configuration.loggingSteps
    }

    /// Epochs done, with fraction.
    var epoch: Double { Double(step) / Double(stepsPerEpoch) }

    /// Wall-clock seconds since the start, or since the run was taken up again.
    var seconds: Double { Self.seconds(ContinuousClock.now - start) }

    var reportsNow: Bool { step % loggingSteps == 0 || step == totalSteps || step == 1 }

    func evaluatesNow(_ configuration: TrainingConfiguration) -> Bool {
        if step == totalSteps { return true }
        return switch configuration.evaluationStrategy {
        case .no: false
        case .steps: step % configuration.evaluationSteps == 0
        case .epoch: step % stepsPerEpoch == 0
        }
    }

    /// Whether a checkpoint is due; none at the end, where the model itself is handed over.
    func savesNow(_ configuration: TrainingConfiguration) -> Bool {
        if step == totalSteps { return false }
        return switch configuration.saveStrategy {
        case .no: false
        case .steps: step % configuration.saveSteps == 0
        case .epoch: step % stepsPerEpoch == 0
        }
    }

    mutating func advance(loss: Double, rate: Double, norm: Double, tokens: Int) {
        step += 1
        losses.append(loss)
        rates.append(rate)
        norms.append(norm)
        tokensSinceReport += tokens
    }

    /// Runs `body` without counting its time as training time.
    mutating func pausing<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let before = ContinuousClock.now
        let result = try body()
        let spent = ContinuousClock.now - before
        paused += spent
        reported += spent
        return result
    }

    /// The report of the steps since the last one.
    mutating func report() -> StepReport {
        let now = ContinuousClock.now
        let recent = losses[stepsAtReport...]
        let perStep = Self.seconds(now - start - paused) / Double(max(1, step - firstStep))
        let report = StepReport(
            step: step, totalSteps: totalSteps, epoch: epoch,
            loss: recent.reduce(0, +) / Double(max(1, recent.count)),
            learningRate: rates[step - 1], gradientNorm: norms[step - 1],
            tokensPerSecond: Double(tokensSinceReport) / max(1e-9, Self.seconds(now - reported)),
            secondsLeft: perStep * Double(totalSteps - step), residentBytes: Memory.residentBytes)
        reported = now
        tokensSinceReport = 0
        stepsAtReport = step
        return report
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + 1e-18 * Double(duration.components.attoseconds)
    }

    // MARK: Checkpoints

    /// What a checkpoint keeps of this.
    var state: [String: JSONValue] {
        [
            "step": .integer(step), "stepsAtReport": .integer(stepsAtReport),
            "totalSteps": .integer(totalSteps), "losses": .array(losses.map { .double($0) }),
            "rates": .array(rates.map { .double($0) }), "norms": .array(norms.map { .double($0) }),
        ]
    }

    /// Takes up what a checkpoint kept.
    mutating func resume(_ files: CheckpointFiles) throws(TrainingError) {
        guard try files.integer("totalSteps") == totalSteps else {
            throw CheckpointFiles.damaged("is of a run with another number of steps")
        }
        step = try files.integer("step")
        stepsAtReport = try files.integer("stepsAtReport")
        losses = try files.numbers("losses")
        rates = try files.numbers("rates")
        norms = try files.numbers("norms")
        guard step > 0, step <= totalSteps, losses.count == step, rates.count == step,
            norms.count == step, (0...step).contains(stepsAtReport)
        else { throw CheckpointFiles.damaged("contradicts itself") }
        firstStep = step
    }
}
