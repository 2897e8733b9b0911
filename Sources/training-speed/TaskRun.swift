import FoundationEssentials
import Kernels
import Records
import Training

/// Trains on a task's rows and scores its validation rows.
struct TaskRun {
    private let description: TaskDescription
    private let configuration: TrainingConfiguration

    init(_ description: TaskDescription, threads: Int) {
        self.description = description
        var configuration = description.settings
        configuration.threads = threads
        self.configuration = configuration
    }

    /// Seconds are without the loading of the base, and with everything else.
    func run() throws -> JSONValue {
        let base = try BaseModel(path: description.model)
        let model = try TunableModel(
            base: base.weights, config: base.config, task: description.task,
            configuration: configuration)
        let watch = Stopwatch()
        let encoder = try TaskEncoder(description, base)
        // Where a prompt fills the whole length there is nothing to learn.
        let train = try encoder.examples(description.train).filter {
            description.kind != .chat || $0.targets?.contains { $0 >= 0 } == true
        }
        let validation = try encoder.examples(description.validation)
        let encoding = watch.cpu
        try writeOrder(train)
        // A classifier says nothing before it is trained; a language model does.
        let before = description.kind == .chat ? try model.evaluate(validation) : nil
        let training = Stopwatch()
        let result = try Trainer(model: model, configuration: configuration)
            .run(train: train, validation: [])
        let trained = training.cpu
        let after = try model.evaluate(validation)
        var scores = Self.scores(after)
        scores["before"] = before.map { .object(Self.scores($0)) } ?? nil
        return [
            "cpu_s": .double(watch.cpu), "wall_s": .double(watch.wall),
            "encode_cpu_s": .double(encoding), "train_cpu_s": .double(trained),
            "train": .integer(train.count), "validation": .integer(validation.count),
            "tokens": .integer(train.reduce(0) { $0 + $1.tokenCount }),
            "steps": .integer(result.steps), "last_loss": .double(result.losses.last ?? 0),
            "peak_rss_mb": .integer(Memory.peakBytes >> 20), "core": .string(BLAS.coreName),
            "scores": .object(scores),
        ]
    }

    /// The rows of each step of each epoch, so that a peer can take the same.
    private func writeOrder(_ train: [EncodedExample]) throws {
        guard let path = description.order else { return }
        let lengths = train.map(\.tokenCount)
        let steps = (0..<Int(configuration.epochs)).flatMap { epoch in
            Trainer.batchOrder(lengths: lengths, epoch: epoch, configuration: configuration)
        }
        let json = JSONValue.array(steps.map { .array($0.map { .integer($0) }) })
        try Data(CanonicalJSON.encode(json)).write(to: URL(fileURLWithPath: path))
    }

    private static func scores(_ evaluation: Evaluation) -> [String: JSONValue] {
        var scores: [String: JSONValue] = ["loss": .double(evaluation.loss)]
        switch evaluation {
        case .classification(let found):
            scores["accuracy"] = .double(found.accuracy)
            scores["macro_f1"] = .double(found.macroF1)
        case .spans(let found):
            scores["f1"] = .double(found.overall.f1)
            scores["accuracy"] = .double(evaluation.value(of: .accuracy) ?? 0)
        case .language(let found):
            scores["perplexity"] = .double(found.perplexity)
            scores["accuracy"] = .double(found.tokenAccuracy)
        }
        return scores
    }
}
