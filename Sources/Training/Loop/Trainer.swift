import Kernels

/// Fine-tunes a classifier.
///
/// Equal examples, settings, machine type and thread count give equal weights, bit for bit.
public final class Trainer {
    let classifier: SequenceClassifier
    let configuration: TrainingConfiguration
    let model: Model
    private let optimizer: Optimizer
    private let batch = PackedBatch()

    /// A trainer of `model`, whose settings must name the same method and adapters as those that
    /// the model was made with.
    public init(
        model: SequenceClassifier, configuration: TrainingConfiguration
    ) throws(TrainingError) {
        let made = model.configuration
        guard model.plan.method == configuration.method,
            made.frozenLayers == configuration.frozenLayers,
            made.freezesEmbeddings == configuration.freezesEmbeddings,
            configuration.method != .lora || made.adapterPart == configuration.adapterPart
        else {
            throw TrainingError(
                .configuration, "the model was made for other settings",
                hint: "Make it with the configuration that trains it.")
        }
        classifier = model
        self.configuration = configuration
        self.model = model.model
        optimizer = Optimizer(model.model, configuration)
    }

    /// A pass with dropout.
    var pass: Pass {
        Pass(
            workers: model.workers, isTraining: true,
            hiddenDropout: Float(configuration.hiddenDropout),
            attentionDropout: Float(configuration.attentionDropout),
            adapterDropout: Float(configuration.adapterDropout),
            classifierDropout: Float(
                configuration.classifierDropout ?? configuration.hiddenDropout))
    }

    /// Activations of the largest pass that `examples` can come in.
    func activationStorage(_ examples: [EncodedExample]) -> FloatStorage {
        let longest = examples.reduce(0) { max($0, $1.ids.count) }
        let lengths = examples.map(\.ids.count).sorted(by: >).prefix(configuration.batchSize)
        let size = PassSize(
            tokens: min(lengths.reduce(0, +), max(configuration.tokensPerPass, longest)),
            examples: lengths.count, longest: longest)
        return FloatStorage(
            count: Arena.measure { arena in
                _ = TrainingBuffers(
                    &arena, size, model, adapterDropsOut: configuration.adapterDropout > 0)
            })
    }

    /// The gradient of the mean loss over `rows`, in as many passes as fit; returns the loss.
    ///
    /// The loss is divided by the weight of the whole step, and dropout belongs to an example's
    /// place in the step: cutting a step into passes changes nothing but the rounding.
    func gradients(
        _ examples: [EncodedExample], rows: [Int], step: Int, loss: CrossEntropy,
        storage: FloatStorage, cache: PrefixCache?
    ) -> Double {
        model.workers.zero(model.store.gradients)
        let normalizer = loss.normalizer(rows.lazy.map { examples[$0].label })
        var total = 0.0
        var next = 0
        while next < rows.count {
            batch.removeAll()
            while next < rows.count, batch.count < configuration.batchSize,
                batch.count == 0
                    || batch.tokenCount + examples[rows[next]].ids.count
                        <= configuration.tokensPerPass
            {
                batch.append(
                    examples[rows[next]], row: rows[next], ordinal: next, step: step,
                    seed: configuration.seed)
                next += 1
            }
            var arena = Arena(over: storage)
            let buffers = TrainingBuffers(
                &arena, PassSize(batch), model,
                adapterDropsOut: configuration.adapterDropout > 0)
            model.forward(batch: batch, buffers: buffers, cache: cache, pass: pass)
            total += loss.forward(
                buffers.head.logits, labels: batch.labels, normalizer: normalizer,
                gradient: buffers.head.logitGradient)
            model.backward(batch: batch, buffers: buffers, pass: pass)
        }
        return total
    }

    /// One optimiser step over `rows`; returns loss and gradient norm.
    ///
    /// - Throws: `TrainingError.notFinite`; the weights are then those of the step before.
    func step(
        _ examples: [EncodedExample], rows: [Int], index: Int, rate: Double, loss: CrossEntropy,
        storage: FloatStorage, cache: PrefixCache?
    ) throws(TrainingError) -> (loss: Double, norm: Double) {
        let value = gradients(
            examples, rows: rows, step: index, loss: loss, storage: storage, cache: cache)
        let norm = optimizer.gradientNorm()
        guard value.isFinite, norm.isFinite else {
            throw TrainingError(
                .notFinite, "the loss or its gradient is not finite at step \(index + 1)",
                hint: "Lower learning_rate, or set max_grad_norm to 1.")
        }
        optimizer.step(rate: rate, norm: norm)
        return (value, norm)
    }
}

extension TrainingConfiguration {
    /// What decides where adapters are and how they count.
    fileprivate var adapterPart: [String] {
        targetModules + [
            "\(rank)", "\(alpha)", "\(adapterLayers ?? [])", "\(usesRankStabilization)",
        ]
    }
}
