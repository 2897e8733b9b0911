/// The largest passes of a run.
struct PassSizes {
    private let layout: NetworkLayout
    private let configuration: TrainingConfiguration
    private let tokensPerPass: Int

    /// Examples up to which the batches of an epoch are laid out, instead of bounded.
    private static let mostExamples = 20_000

    init(_ layout: NetworkLayout, _ configuration: TrainingConfiguration, isDecoder: Bool) {
        self.layout = layout
        self.configuration = configuration
        tokensPerPass = configuration.effectiveTokensPerPass(decoder: isDecoder)
    }

    /// Floats of the activations of the largest training pass.
    func training(_ lengths: [Int]) -> Int {
        guard !lengths.isEmpty else { return 0 }
        let isPrivate = configuration.privacy != nil
        let limit =
            isPrivate
            ? (examples: 1, tokens: 0)
            : (examples: configuration.batchSize, tokens: tokensPerPass)
        let batches =
            lengths.count <= Self.mostExamples && !isPrivate
            ? Trainer.batchOrder(lengths: lengths, epoch: 0, configuration: configuration)
                .map { $0.map { lengths[$0] } }
            : [Array(lengths.sorted(by: >).prefix(limit.examples))]
        return batches.reduce(0) {
            max($0, largest($1, limit: limit, isTraining: true))
        }
    }

    /// Floats of the activations of the largest evaluation pass.
    func evaluation(_ lengths: [Int]) -> Int {
        largest(
            lengths.sorted(by: >), limit: (configuration.evaluationBatchSize, tokensPerPass),
            isTraining: false)
    }

    /// Floats of the frozen layers' kept outputs; 0 where they are not kept.
    func prefix(_ lengths: [Int]) -> Int {
        guard let prefix = layout.cachedPrefix else { return 0 }
        let rows = prefix.firstOnly ? lengths.count : lengths.reduce(0, +)
        return 4 * rows * prefix.width <= PrefixCache.byteLimit ? rows * prefix.width : 0
    }

    /// Cuts examples into passes, in their order, as training and evaluation do.
    private func largest(
        _ lengths: [Int], limit: (examples: Int, tokens: Int), isTraining: Bool
    ) -> Int {
        var result = 0
        var next = 0
        while next < lengths.count {
            var size = PassSize(tokens: 0, sequences: 0, longest: 0, targets: 0)
            while next < lengths.count, size.sequences < limit.examples,
                size.sequences == 0 || size.tokens + lengths[next] <= limit.tokens
            {
                size.tokens += lengths[next]
                size.sequences += 1
                size.longest = max(size.longest, lengths[next])
                next += 1
            }
            size.targets = layout.readsFirst ? size.sequences : size.tokens
            result = max(
                result,
                layout.floatCount(
                    size, isTraining: isTraining,
                    adapterDropsOut: configuration.adapterDropout > 0))
        }
        return result
    }
}
