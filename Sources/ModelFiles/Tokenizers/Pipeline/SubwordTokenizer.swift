import Synchronization

/// A tokenizer of the kind that a tokenizer.json describes: added tokens are found first, the text
/// between them is normalised and cut into words, a model turns words into ids.
///
/// Byte-level BPE (GPT-2, RoBERTa, Llama 3, Qwen2, SmolLM2), SentencePiece BPE (Llama 2, TinyLlama)
/// and unigram models (XLM-RoBERTa, T5) are all of this kind; ``TokenizerFiles`` reads them. Equal id
/// for id to Hugging Face's `tokenizers` (docs/tokenizers.md says how that was measured).
public final class SubwordTokenizer: TextTokenizer {
    /// What cuts a word into tokens.
    enum Model: Sendable {
        case bytePair(BytePairModel)
        case unigram(UnigramModel)
    }

    /// The parts that the readers of each file format put together.
    struct Parts: Sendable {
        var model: Model
        /// Tokens by id, as they are spelled; an empty one is a hole. Added tokens are among them.
        var tokens: [[UInt8]]
        var added: [AddedToken] = []
        var normalizer = Normalizer(steps: [])
        var preTokenizer = PreTokenizer(steps: [], isByteLevel: false)
        var frame = SequenceFrame()
        var decoder: TokenDecoder
        var special = SpecialTokens()
    }

    let parts: Parts
    private let table: TokenTable
    /// Found in the text as it comes.
    private let rawAdded: AddedTokens
    /// Found in the normalised text.
    private let normalizedAdded: AddedTokens
    private let specialIDs: Set<Int32>
    private let pool = ScratchPool()

    init(_ parts: Parts) throws(TokenizerError) {
        var parts = parts
        let ids = parts.added.map(\.id) + parts.frame.prefix + parts.frame.suffix
        for id in ids where Int(id) >= parts.tokens.count {
            throw TokenizerError(
                .malformed, "the id \(id) of an added or special token is out of range",
                hint: "fetch the tokenizer's files again")
        }
        for token in parts.added { parts.tokens[Int(token.id)] = token.content }
        self.parts = parts
        table = TokenTable(parts.tokens)
        rawAdded = AddedTokens(parts.added.filter { !$0.isNormalized })
        normalizedAdded = AddedTokens(
            parts.added.filter(\.isNormalized).map { token in
                var token = token
                token.content = parts.normalizer.apply(token.content)
                return token
            })
        specialIDs = Set(parts.added.filter(\.isSpecial).map(\.id))
    }

    /// The highest id + 1.
    public var vocabularyCount: Int { table.count }

    /// The roles that the files name.
    public var specialTokens: SpecialTokens { parts.special }

    /// The ids of a token, by its spelling.
    public func id(of token: String) -> Int32? { table.id(of: Array(token.utf8)) }

    /// The spelling of an id.
    public func token(_ id: Int32) -> [UInt8]? {
        guard id >= 0, Int(id) < table.count, !table.bytes(of: id).isEmpty else { return nil }
        return Array(table.bytes(of: id))
    }

    /// Whether the id is a special token.
    public func isSpecial(_ id: Int32) -> Bool { specialIDs.contains(id) }

    /// The text of ids. The space that SentencePiece models put in front of a text goes again.
    public func decode(_ ids: [Int32], skipsSpecialTokens: Bool) -> [UInt8] {
        parts.decoder.decode(
            ids.compactMap { id in
                skipsSpecialTokens && specialIDs.contains(id) ? nil : token(id)
            })
    }

    // MARK: Encoding

    /// The ids of a text, special tokens in it read as such.
    public func encode(_ text: [UInt8], addsSpecialTokens: Bool) -> [Int32] {
        var ids: [Int32] = []
        ids.reserveCapacity(text.count / 3 + 4)
        if addsSpecialTokens { ids.append(contentsOf: parts.frame.prefix) }
        pool.withScratch { scratch in
            append(text, startsInput: true, readingSpecials: true, to: &ids, &scratch)
        }
        if addsSpecialTokens { ids.append(contentsOf: parts.frame.suffix) }
        return ids
    }

    /// The ids of a text in which no special token is seen.
    public func encodePlain(_ text: [UInt8], startsInput: Bool) -> [Int32] {
        var ids: [Int32] = []
        pool.withScratch { scratch in
            append(text, startsInput: startsInput, readingSpecials: false, to: &ids, &scratch)
        }
        return ids
    }

    /// The ids of words, each encoded as a text of its own, special tokens around all of them.
    public func encode(words: [[UInt8]]) -> (ids: [Int32], firstIDs: [Int]) {
        var ids = parts.frame.prefix
        var firstIDs: [Int] = []
        firstIDs.reserveCapacity(words.count)
        pool.withScratch { scratch in
            for word in words {
                let first = ids.count
                append(word, startsInput: true, readingSpecials: true, to: &ids, &scratch)
                firstIDs.append(ids.count > first ? first : -1)
            }
        }
        ids.append(contentsOf: parts.frame.suffix)
        return (ids, firstIDs)
    }

    private func append(
        _ text: [UInt8], startsInput: Bool, readingSpecials: Bool, to ids: inout [Int32],
        _ scratch: inout TokenizerScratch
    ) {
        let text = UTF8Scalars.repaired(text)
        for part in rawAdded.split(text, readingSpecials: readingSpecials) {
            switch part {
            case .token(let id):
                ids.append(id)
            case .text(let range):
                let section = range.count == text.count ? text : Array(text[range])
                append(
                    section: parts.normalizer.apply(section),
                    isFirst: startsInput && range.lowerBound == 0 && keepsStart(section),
                    readingSpecials: readingSpecials, to: &ids, &scratch)
            }
        }
    }

    /// Whether the normaliser leaves something of a text's first character. To Hugging Face a text
    /// without it no longer opens the input.
    private func keepsStart(_ text: [UInt8]) -> Bool {
        guard parts.preTokenizer.asksForStart, !parts.normalizer.steps.isEmpty, !text.isEmpty
        else { return true }
        let length = UTF8Scalars.scalar(text, at: 0, limit: text.count).length
        return !parts.normalizer.apply(Array(text[..<length])).isEmpty
    }

    /// A stretch between added tokens, normalised.
    private func append(
        section: [UInt8], isFirst: Bool, readingSpecials: Bool, to ids: inout [Int32],
        _ scratch: inout TokenizerScratch
    ) {
        guard !normalizedAdded.isEmpty else {
            appendWords(section, isFirst: isFirst, to: &ids, &scratch)
            return
        }
        for part in normalizedAdded.split(section, readingSpecials: readingSpecials) {
            switch part {
            case .token(let id):
                ids.append(id)
            case .text(let range):
                appendWords(
                    Array(section[range]), isFirst: isFirst && range.lowerBound == 0, to: &ids,
                    &scratch)
            }
        }
    }

    private func appendWords(
        _ text: [UInt8], isFirst: Bool, to ids: inout [Int32], _ scratch: inout TokenizerScratch
    ) {
        var text = text
        var words = scratch.words
        scratch.words = []
        parts.preTokenizer.split(&text, isFirst: isFirst, into: &words)
        switch parts.model {
        case .bytePair(let model):
            for word in words { model.append(text, word, to: &ids, &scratch) }
        case .unigram(let model):
            for word in words { model.append(text, word, to: &ids, &scratch) }
        }
        scratch.words = words
    }
}

/// Scratch space for as many encoders as run at once; each keeps its word cache warm.
private final class ScratchPool: Sendable {
    private let free = Mutex<[TokenizerScratch]>([])

    func withScratch(_ body: (inout TokenizerScratch) -> Void) {
        var scratch = free.withLock { $0.popLast() } ?? TokenizerScratch()
        body(&scratch)
        free.withLock { [scratch] in $0.append(scratch) }
    }
}
