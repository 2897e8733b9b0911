import Kernels
import Records
import Training

/// Times the steps of a case. The first two warm up and count for nothing but `cpu_first_s`: where
/// the outputs of frozen layers are kept, they are made in the first step.
struct StepRun {
    private static let warmup = 2
    private let name: SpeedCase
    private let threads: Int
    private let configuration: TrainingConfiguration
    private let model: TunableModel
    private let examples: [EncodedExample]

    init(
        _ name: SpeedCase, models: String, threads: Int, steps: Int, tokensPerPass: Int?
    ) throws {
        self.name = name
        self.threads = threads
        var configuration = name.configuration(threads: threads, steps: Self.warmup + steps)
        configuration.tokensPerPass = tokensPerPass
        self.configuration = configuration
        let base = try BaseModel(path: "\(models)/\(name.model)")
        model = try TunableModel(
            base: base.weights, config: base.config, task: name.task, configuration: configuration)
        examples = name.examples(vocabulary: base.config.vocabularySize)
    }

    func run() throws -> JSONValue {
        let times = try name == .minilmInfer ? predictions() : trainingSteps()
        let kept = times.dropFirst(Self.warmup)
        let wall = kept.map(\.wall).median
        let tokens = examples.reduce(0) { $0 + $1.tokenCount }
        return [
            "case": .string(name.rawValue), "threads": .integer(threads),
            "steps": .integer(kept.count), "cpu_s": .double(kept.map(\.cpu).median),
            "cpu_first_s": .double(times.first?.cpu ?? 0), "wall_s": .double(wall),
            "tokens_s": .double(wall > 0 ? Double(tokens) / wall : 0),
            "peak_rss_mb": .integer(Memory.peakBytes >> 20), "core": .string(BLAS.coreName),
        ]
    }

    private func trainingSteps() throws -> [(cpu: Double, wall: Double)] {
        let trainer = try Trainer(model: model, configuration: configuration)
        var watch = Stopwatch()
        var times: [(cpu: Double, wall: Double)] = []
        let hooks = RunHooks(
            onEvent: { event in
                if case .step = event { times.append((watch.cpu, watch.wall)) }
            },
            shouldStop: {
                watch = Stopwatch()
                return false
            })
        _ = try trainer.run(train: examples, validation: [], hooks: hooks)
        return times
    }

    private func predictions() throws -> [(cpu: Double, wall: Double)] {
        try (0..<configuration.maxSteps).map { _ in
            let watch = Stopwatch()
            _ = try model.predict(examples)
            return (watch.cpu, watch.wall)
        }
    }
}
