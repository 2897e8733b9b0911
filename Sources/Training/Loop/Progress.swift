import Glibc
import Kernels

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
    private(set) var step = 0
    private(set) var losses: [Double] = []
    private(set) var rates: [Double] = []
    private(set) var norms: [Double] = []

    init(_ trainer: Trainer, train: [EncodedExample]) {
        let configuration = trainer.configuration
        let rows = configuration.batchSize * configuration.accumulationSteps
        stepsPerEpoch = (train.count + rows - 1) / rows
        totalSteps =
            configuration.maxSteps > 0
            ? configuration.maxSteps
            : max(1, Int((configuration.epochs * Double(stepsPerEpoch)).rounded(.up)))
        schedule = RateSchedule(configuration, totalSteps: totalSteps)
        loggingSteps = configuration.loggingSteps
        losses.reserveCapacity(totalSteps)
        rates.reserveCapacity(totalSteps)
        norms.reserveCapacity(totalSteps)
    }

    /// Epochs done, with fraction.
    var epoch: Double { Double(step) / Double(stepsPerEpoch) }

    /// Wall-clock seconds since the start.
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

    mutating func advance(loss: Double, rate: Double, norm: Double, tokens: Int) {
        step += 1
        losses.append(loss)
        rates.append(rate)
        norms.append(norm)
        tokensSinceReport += tokens
    }

    /// Runs `body` without counting its time as training time.
    mutating func pausing<Result>(
        _ body: () throws(TrainingError) -> Result
    ) throws(TrainingError) -> Result {
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
        let perStep = Self.seconds(now - start - paused) / Double(step)
        let report = StepReport(
            step: step, totalSteps: totalSteps, epoch: epoch,
            loss: recent.reduce(0, +) / Double(max(1, recent.count)),
            learningRate: rates[step - 1], gradientNorm: norms[step - 1],
            tokensPerSecond: Double(tokensSinceReport) / max(1e-9, Self.seconds(now - reported)),
            secondsLeft: perStep * Double(totalSteps - step), residentBytes: Self.residentBytes)
        reported = now
        tokensSinceReport = 0
        stepsAtReport = step
        return report
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + 1e-18 * Double(duration.components.attoseconds)
    }

    /// The second number of /proc/self/statm, in pages.
    private static var residentBytes: Int {
        let file = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = unsafe read(file, &bytes, bytes.count)
        let numbers = bytes.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
        guard numbers.count > 1 else { return 0 }
        let pages = Int(String(decoding: numbers[1], as: UTF8.self)) ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// The best weights so far, by the metric of the settings.
struct Best {
    private let trainer: Trainer
    private var weights: [Float] = []
    private var latest: (evaluation: Evaluation, step: Int)?
    private var best: (evaluation: Evaluation, step: Int)?
    private var evaluationsSince = 0

    init(_ trainer: Trainer) { self.trainer = trainer }

    /// The step of the latest evaluation; 0 before the first.
    var step: Int { latest?.step ?? 0 }

    /// Takes an evaluation of the present weights; says whether they are the best so far.
    mutating func offer(_ evaluation: Evaluation, step: Int) -> Bool {
        latest = (evaluation, step)
        let metric = trainer.configuration.metric
        let value = evaluation.value(of: metric)
        if let best {
            let before = best.evaluation.value(of: metric)
            guard metric == .loss ? value < before : value > before else {
                evaluationsSince += 1
                return false
            }
        }
        best = (evaluation, step)
        evaluationsSince = 0
        if trainer.configuration.loadsBestModel { weights = trainer.model.store.trained.array }
        return true
    }

    /// Whether `patience` evaluations in a row were no better.
    func isExhausted(_ patience: Int) -> Bool { patience > 0 && evaluationsSince >= patience }

    /// Puts the best weights back; says what the model now holds.
    func restore(at step: Int) -> (step: Int, evaluation: Evaluation?) {
        guard trainer.configuration.loadsBestModel, let best, best.step != step else {
            return (step, latest?.step == step ? latest?.evaluation : nil)
        }
        trainer.model.store.trained.copy(from: weights)
        trainer.model.merge()
        return (best.step, best.evaluation)
    }
}
