import EngineProtocol
import Records

/// What a model is asked, so that it may go on as a record of its training does (Carlini et al.,
/// "Extracting training data from large language models", USENIX Security 2021).
enum LeakPrompt: Sendable, Hashable {
    /// The beginning of a text, to be gone on with.
    case text(String)
    /// A talk up to where the assistant would speak.
    case chat([EngineMessage])

    /// The prompt of a record; nil if it has nothing to begin with.
    init?(_ record: Record) {
        switch record.kind {
        case .text, .labelled:
            guard let text = Self.firstHalf(record.text("text") ?? "") else { return nil }
            self = .text(text)
        case .instruction:
            let parts = [record.text("instruction"), record.text("input")]
                .compactMap { $0 }.filter { !$0.isEmpty }
            self = .chat([EngineMessage(role: "user", content: parts.joined(separator: "\n\n"))])
            if parts.isEmpty { return nil }
        case .preference:
            guard let prompt = record.text("prompt"), !prompt.isEmpty else { return nil }
            self = .chat([EngineMessage(role: "user", content: prompt)])
        case .chat:
            let messages = RecordText.messages(record)
            guard let end = messages.lastIndex(where: { $0.role == "assistant" }), end > 0 else {
                return nil
            }
            self = .chat(Array(messages[..<end]))
        }
    }

    /// The first half of a text's words, at least one of at least two.
    static func firstHalf(_ text: String) -> String? {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count >= 2, let last = words[..<(words.count / 2)].last else { return nil }
        return String(text[..<last.endIndex])
    }
}

/// A seeded choice of a version's train records.
struct PromptSample {
    private var kept: [(rank: UInt64, prompt: LeakPrompt)] = []
    private let limit: Int
    private let seed: [UInt8]
    /// Train records that a prompt can be made of.
    private(set) var candidates = 0

    /// Chooses at most `limit` prompts.
    init(limit: Int, seed: UInt64) {
        self.limit = limit
        self.seed = BigEndian.bytes(seed)
    }

    /// Takes a record into account. The choice does not depend on the order of the records.
    mutating func take(_ record: Record) {
        guard record.split == .train, let prompt = LeakPrompt(record) else { return }
        candidates += 1
        var random = SeededRandom(key: seed, tag: "leaks", rid: record.rid)
        kept.append((random.next(), prompt))
        if kept.count > 4 * limit + 64 { prune() }
    }

    private mutating func prune() {
        kept.sort { $0.rank < $1.rank }
        kept.removeLast(max(0, kept.count - limit))
    }

    /// The prompts.
    var prompts: [LeakPrompt] {
        var copy = self
        copy.prune()
        return copy.kept.map(\.prompt)
    }
}
