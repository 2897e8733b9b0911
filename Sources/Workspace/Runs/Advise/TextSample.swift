import Cleaning
import Records

/// Texts of a version, enough to know how long they are and what language they are in.
struct TextSample {
    /// At most this many are kept; records are in the order of their ids, which is none.
    private static let limit = 1_000
    private static let byteLimit = 8 << 20

    private(set) var texts: [String] = []
    private(set) var recordCount = 0
    private var byteCount = 0

    /// Reads the records of a version that a run would see.
    init(_ reader: VersionReader) throws {
        try reader.records { record in
            guard record.split == .train || record.split == .validation else { return }
            recordCount += 1
            guard texts.count < Self.limit, byteCount < Self.byteLimit else { return }
            let text = RecordText.whole(record)
            byteCount += text.utf8.count
            texts.append(text)
        }
    }

    /// White-space-separated words of all texts.
    var wordCount: Int {
        texts.reduce(0) { $0 + $1.split(whereSeparator: \.isWhitespace).count }
    }

    /// The languages by their share of the texts, the commonest first; `und` is left out.
    var languages: [(language: String, share: Double)] {
        guard !texts.isEmpty else { return [] }
        var counts: [String: Int] = [:]
        for text in texts.prefix(300) {
            let guess = LanguageIdentifier.shared.language(of: text)
            if guess.language != "und" { counts[guess.language, default: 0] += 1 }
        }
        let total = Double(min(300, texts.count))
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { ($0.key, Double($0.value) / total) }
    }
}

/// How long texts are in a model's own tokens.
struct TokenLengths: Sendable, Hashable {
    /// Ascending.
    let lengths: [Int]
    let words: Int
    /// Tokens that stand for what the vocabulary cannot spell.
    let unknown: Int

    /// - Parameter lengths: one a text, special tokens included.
    init(lengths: [Int], words: Int, unknown: Int) {
        self.lengths = lengths.sorted()
        self.words = words
        self.unknown = unknown
    }

    private var total: Int { lengths.reduce(0, +) }

    /// The length that a share of the texts does not exceed; nearest rank.
    func percentile(_ share: Double) -> Int {
        guard !lengths.isEmpty else { return 0 }
        let rank = Int((share * Double(lengths.count)).rounded(.up))
        return lengths[min(lengths.count - 1, max(0, rank - 1))]
    }

    /// The share of texts that are longer than a context.
    func share(longerThan context: Int) -> Double {
        guard !lengths.isEmpty else { return 0 }
        return Double(lengths.count { $0 > context }) / Double(lengths.count)
    }

    /// Tokens for a word: what a tokenizer made for another language has more of.
    var tokensPerWord: Double { words == 0 ? 0 : Double(total) / Double(words) }

    /// The share of tokens that say nothing.
    var unknownShare: Double { total == 0 ? 0 : Double(unknown) / Double(total) }

    /// The numbers as JSON.
    var json: JSONValue {
        [
            "median": .integer(percentile(0.5)), "p95": .integer(percentile(0.95)),
            "longest": .integer(lengths.last ?? 0), "tokensPerWord": .double(tokensPerWord),
            "unknownShare": .double(unknownShare),
        ]
    }
}
