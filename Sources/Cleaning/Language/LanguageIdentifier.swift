/// Says what language a text is in: by its script, and among languages of one script by its
/// character n-grams (W. B. Cavnar, J. M. Trenkle, N-Gram-Based Text Categorization, 1994), weighed
/// by a linear model. `docs/language.md` has the languages, the training and the accuracy.
public struct LanguageIdentifier: Sendable {
    /// A language and how sure that is.
    public struct Guess: Sendable, Hashable {
        /// An ISO 639-1 code (`nb` for Norwegian Bokmål), or `und`.
        public let language: String
        /// From 0 to 1.
        public let confidence: Double
    }

    /// The identifier with the model inside the program.
    public static let shared = LanguageIdentifier()

    private let model: LanguageModel?

    init(model: LanguageModel? = .bundled) { self.model = model }

    /// The languages that the model tells apart, without those that a script decides.
    public var languages: [String] { model?.languages ?? [] }

    /// The language of a text; `und` for text without letters, too short or too mixed to say.
    /// Complexity: O(n), at most the first 500 letters.
    public func language(of text: String, minimumConfidence: Double = 0.6) -> Guess {
        var evidence = LanguageEvidence()
        read(text, into: &evidence)
        return guess(evidence, minimumConfidence: minimumConfidence)
    }

    /// Reads letters until there are enough.
    func read(_ text: String, into evidence: inout LanguageEvidence) {
        var copy = text
        copy.withUTF8 { buffer in
            unsafe evidence.read(Array(buffer.prefix(4096)), model: model)
        }
    }

    /// Weighs what was read.
    func guess(_ evidence: LanguageEvidence, minimumConfidence: Double) -> Guess {
        let unknown = Guess(language: "und", confidence: 0)
        let total = evidence.letters.reduce(0, +)
        guard total >= 2 else { return unknown }
        var best = LanguageScript.none
        for script in LanguageScript.allCases
        where evidence.letters[script.rawValue] > evidence.letters[best.rawValue] {
            best = script
        }
        // Japanese mixes Kana with Han.
        let kana = evidence.letters[LanguageScript.kana.rawValue]
        let han = evidence.letters[LanguageScript.han.rawValue]
        if best == .han && kana * 10 >= han { best = .kana }
        let own = evidence.letters[best.rawValue] + (best == .kana ? han : 0)
        let share = Double(own) / Double(total)
        guard share >= 0.5 else { return unknown }
        if let language = best.language {
            guard share >= minimumConfidence else { return unknown }
            let special = best == .arabic ? evidence.arabicLanguage : nil
            return Guess(language: special ?? language, confidence: share)
        }
        guard total >= 4, let model, evidence.features > 0 else { return unknown }
        let guess = weigh(model, evidence, isCyrillic: best == .cyrillic)
        return guess.confidence >= minimumConfidence
            ? guess : Guess(language: "und", confidence: guess.confidence)
    }

    /// The softmax over the languages of the script.
    private func weigh(
        _ model: LanguageModel, _ evidence: LanguageEvidence, isCyrillic: Bool
    ) -> Guess {
        let factor = Double(model.scale) / Double(evidence.features).squareRoot()
        var scores: [(language: String, score: Double)] = []
        for (index, language) in model.languages.enumerated()
        where Self.cyrillic.contains(language) == isCyrillic {
            let score =
                Double(model.biases[index]) + factor * Double(evidence.sums[index / 8][index % 8])
            scores.append((language, score))
        }
        guard let top = scores.max(by: { $0.score < $1.score }) else {
            return Guess(language: "und", confidence: 0)
        }
        let sum = scores.reduce(0) { $0 + exponential($1.score - top.score) }
        return Guess(language: top.language, confidence: 1 / sum)
    }

    private static let cyrillic: Set<String> = ["ru", "uk", "bg"]

    /// eˣ for x ≤ 0, to 1e-9, the same on every machine.
    private func exponential(_ x: Double) -> Double {
        guard x > -40 else { return 0 }
        // (e^(x/1024))^1024, the inner by its series.
        let y = x / 1024
        var value = 1 + y * (1 + y / 2 * (1 + y / 3 * (1 + y / 4)))
        for _ in 0..<10 { value *= value }
        return value
    }
}
