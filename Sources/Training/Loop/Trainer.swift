import Kernels

/// Fine-tunes a model.
///
/// Equal examples, settings, machine type and thread count give equal weights, bit for bit.
public final class Trainer {
    let model: TunableModel
    let configuration: TrainingConfiguration
    let network: any Network
    let optimizer: Optimizer
    private let batch: PackedBatch
    /// The sum of clipped gradients, under differential privacy.
    private(set) lazy var privateSum = FloatStorage(count: network.store.gradients.count).floats

    /// A trainer of `model`, with the configuration that it was made with, but for what says how
    /// long and how fast it learns.
    public init(
        model: TunableModel, configuration: TrainingConfiguration
    ) throws(TrainingError) {
        guard model.configuration.shapePart == configuration.shapePart else {
            throw TrainingError(
                .configuration, "the model was made for other settings",
                hint: "Make it with the configuration that trains it.")
        }
        self.model = model
        self.configuration = configuration
        network = model.network
        batch = network.newBatch()
        optimizer = Optimizer(network, configuration)
    }

    /// A pass with dropout.
    var pass: Pass {
        Pass(
            workers: network.workers, isTraining: true,
            hiddenDropout: Float(configuration.hiddenDropout),
            attentionDropout: Float(configuration.attentionDropout),
            adapterDropout: Float(configuration.adapterDropout),
            classifierDropout: Float(
                configuration.classifierDropout ?? configuration.hiddenDropout))
    }

    /// Examples of one pass at most, and its tokens if it has more than one example.
    private var passLimit: (examples: Int, tokens: Int) {
        configuration.privacy == nil
            ? (configuration.batchSize, model.tokensPerPass) : (1, 0)
    }

    /// Activations of the largest pass that `examples` can come in.
    func activationStorage(_ examples: [EncodedExample]) -> FloatStorage {
        FloatStorage(
            count: network.floatCount(
                largestPass(examples), isTraining: true,
                adapterDropsOut: configuration.adapterDropout > 0))
    }

    /// The largest pass that `examples` can come in.
    func largestPass(_ examples: [EncodedExample]) -> PassSize {
        let limit = passLimit
        let longest = examples.reduce(0) {
            max($0, $1.ids.count, $1.rejected?.ids.count ?? 0)
        }
        let largest = examples.reduce(0) { max($0, $1.tokenCount) }
        let lengths = examples.map(\.tokenCount).sorted(by: >).prefix(limit.examples)
        let tokens = min(lengths.reduce(0, +), max(limit.tokens, largest))
        let sequences = lengths.count * (examples.contains { $0.rejected != nil } ? 2 : 1)
        return PassSize(
            tokens: tokens, sequences: sequences, longest: longest,
            targets: network.reading == .firstTokens ? sequences : tokens)
    }

    /// The gradient of the mean loss over `rows`, in as many passes as fit; returns the loss.
    ///
    /// The loss is divided by the weight of the whole step, and dropout belongs to an example's
    /// place in the step: cutting a step into passes changes nothing but the rounding.
    func gradients(
        _ examples: [EncodedExample], rows: [Int], step: Int, objective: Objective,
        storage: FloatStorage, cache: PrefixCache?
    ) -> Double {
        network.workers.zero(network.store.gradients)
        let normalizer = objective.normalizer(rows.lazy.map { examples[$0] })
        guard normalizer > 0 else { return 0 }
        var total = 0.0
        forEachPass(examples, rows: rows, step: step) { batch in
            total += network.learn(
                batch, objective: objective, normalizer: normalizer, pass: pass, storage: storage,
                cache: cache)
        }
        return total
    }

    /// Cuts `rows` into passes, in their order.
    func forEachPass(
        _ examples: [EncodedExample], rows: [Int], step: Int, _ body: (PackedBatch) -> Void
    ) {
        let limit = passLimit
        var next = 0
        while next < rows.count {
            batch.removeAll()
            while next < rows.count, batch.count < limit.examples,
                batch.count == 0
                    || batch.tokenCount + examples[rows[next]].tokenCount <= limit.tokens
            {
                batch.append(
                    examples[rows[next]], row: rows[next], ordinal: next, step: step,
                    seed: configuration.seed)
                next += 1
            }
            body(batch)
        }
    }

    /// One optimiser step over `rows`; returns loss and gradient norm.
    ///
    /// - Throws: `TrainingError.notFinite`; the weights are then those of the step before.
    func step(
        _ examples: [EncodedExample], rows: [Int], index: Int, rate: Double,
        objective: Objective, storage: FloatStorage, cache: PrefixCache?, noise: PrivacyNoise?
    ) throws(TrainingError) -> (loss: Double, norm: Double) {
        let value =
            noise.map {
                privateGradients(
                    examples, rows: rows, step: index, objective: objective, storage: storage,
                    cache: cache, noise: $0)
            }
            ?? gradients(
                examples, rows: rows, step: index, objective: objective, storage: storage,
                cache: cache)
        let norm = optimizer.gradientNorm()
        guard value.isFinite, norm.isFinite else {
            throw TrainingError(
                .notFinite, "the loss or its gradient is not finite at step \(index + 1)",
                hint: "Lower learning_rate, or set max_grad_norm to 1.")
        }
        // Private gradients are clipped one by one; clipping the noisy sum again would only bias it.
        optimizer.step(
            rate: rate, norm: norm, limit: noise == nil ? configuration.maxGradientNorm : 0)
        return (value, norm)
    }
}

extension TrainingConfiguration {
    /// What decides which weights there are and how they count.
    fileprivate var shapePart: [String] {
        let common = [
            method.rawValue, "\(frozenLayers ?? -1)", "\(freezesEmbeddings)",
            "\(adapterLayers ?? [])",
        ]
        switch method {
        case .lora, .qlora:
            return common + (targetModules ?? []) + [
                "\(rank)", "\(alpha)", "\(usesRankStabilization)", "\(usesDoRA)",
                "\(quantization?.rawValue ?? "")",
            ]
        case .adapter:
            return common + [
                adapterStyle.rawValue, "\(reductionFactor)", adapterActivation.rawValue,
            ]
        case .full, .freeze, .head: return common
        }
    }
}
