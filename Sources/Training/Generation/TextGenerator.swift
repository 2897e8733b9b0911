import Kernels

/// A conversation with a language model: keeps what was read, so that a prompt which begins like the
/// one before (a system prompt, a chat so far) is not read again.
public final class TextGenerator {
    private let model: TunableModel
    private let network: DecoderNetwork
    private var cache: KeyValueCache
    private var storage = FloatStorage(count: 0)

    /// - Parameter capacity: tokens of the longest text, prompt included; at most the model's.
    /// - Throws: `TrainingError.configuration` for a model that does not write.
    public init(_ model: TunableModel, capacity: Int = 2048) throws(TrainingError) {
        guard let network = model.network as? DecoderNetwork else {
            throw model.wrongTask("write text")
        }
        self.model = model
        self.network = network
        if model.plan.method == nil { network.packForReading() }
        cache = KeyValueCache(network.shape, capacity: min(max(1, capacity), model.maxLength))
    }

    /// Writes on behind `prompt`.
    ///
    /// - Parameter onToken: gets each token as it comes; false ends the text.
    /// - Throws: `TrainingError.data` for a prompt that is empty, too long or holds unknown ids.
    public func generate(
        _ prompt: [Int32], settings: GenerationSettings, onToken: (Int32) -> Bool = { _ in true }
    ) throws(TrainingError) -> GeneratedText {
        try settings.check()
        let vocabulary = network.shape.vocabulary
        guard !prompt.isEmpty, prompt.count < cache.capacity,
            prompt.allSatisfy({ $0 >= 0 && $0 < vocabulary })
        else {
            throw TrainingError(
                .data, "the prompt has \(prompt.count) tokens, or one that the model does not know",
                hint: "It may have 1 to \(cache.capacity - 1) tokens.")
        }
        // The last token is read again in any case: its logits are needed.
        let shared = zip(cache.ids, prompt.dropLast()).prefix { $0 == $1 }.count
        cache.keep(shared)
        var sampler = Sampler(settings)
        var written: [Int32] = []
        var unread = Array(prompt[shared...])
        while true {
            let logits = network.next(after: unread, cache: cache, storage: &storage)
            let token = sampler.next(logits.array)
            if settings.stopTokens.contains(token) {
                return .init(ids: written, finishReason: .stop)
            }
            written.append(token)
            if !onToken(token) { return .init(ids: written, finishReason: .cancelled) }
            if written.count == settings.maxNewTokens {
                return .init(ids: written, finishReason: .length)
            }
            if cache.ids.count == cache.capacity {
                return .init(ids: written, finishReason: .context)
            }
            unread = [token]
        }
    }
}
