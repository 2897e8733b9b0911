/// A number that says something about how good a text is to learn from.
///
/// Sources: Gopher = J. W. Rae et al., Scaling Language Models (2021), table A1; C4 = C. Raffel et
/// al., Exploring the Limits of Transfer Learning (2020), §2.2. Shares are from 0 to 1.
public enum QualitySignal: String, Sendable, Hashable, CaseIterable {
    /// Words (Gopher: 50 to 100,000).
    case words
    /// Mean characters of a word (Gopher: 3 to 10).
    case meanWordLength = "mean_word_length"
    /// `#` and ellipses for each word (Gopher: at most 0.1).
    case symbolRatio = "symbol_ratio"
    /// Share of lines that begin with a bullet (Gopher: at most 0.9).
    case bulletLines = "bullet_lines"
    /// Share of lines that end in an ellipsis (Gopher: at most 0.3).
    case ellipsisLines = "ellipsis_lines"
    /// Share of words with a letter (Gopher: at least 0.8).
    case alphabeticWords = "alphabetic_words"
    /// How many different ones of the, be, to, of, and, that, have, with (Gopher: at least 2).
    case stopWords = "stop_words"
    /// Share of lines that repeat an earlier one (Gopher: at most 0.3).
    case duplicateLines = "duplicate_lines"
    /// Share of paragraphs that repeat an earlier one (Gopher: at most 0.3).
    case duplicateParagraphs = "duplicate_paragraphs"
    /// Share of bytes in lines that repeat an earlier one (Gopher: at most 0.2).
    case duplicateLineCharacters = "duplicate_line_characters"
    /// Share of bytes in paragraphs that repeat an earlier one (Gopher: at most 0.2).
    case duplicateParagraphCharacters = "duplicate_paragraph_characters"
    /// Share of bytes in the most frequent pair of words (Gopher: at most 0.2).
    case top2Grams = "top_2_grams"
    /// The same for three words (Gopher: at most 0.18).
    case top3Grams = "top_3_grams"
    /// The same for four words (Gopher: at most 0.16).
    case top4Grams = "top_4_grams"
    /// Share of bytes in five words that repeat earlier ones (Gopher: at most 0.15).
    case duplicate5Grams = "duplicate_5_grams"
    /// The same for six words (Gopher: at most 0.14).
    case duplicate6Grams = "duplicate_6_grams"
    /// The same for seven words (Gopher: at most 0.13).
    case duplicate7Grams = "duplicate_7_grams"
    /// The same for eight words (Gopher: at most 0.12).
    case duplicate8Grams = "duplicate_8_grams"
    /// The same for nine words (Gopher: at most 0.11).
    case duplicate9Grams = "duplicate_9_grams"
    /// The same for ten words (Gopher: at most 0.1).
    case duplicate10Grams = "duplicate_10_grams"
    /// Sentences (C4: at least 5).
    case sentences
    /// Share of lines that end in `.`, `!`, `?` or a closing quote (C4 keeps no others).
    case terminalLines = "terminal_lines"
    /// Share of lines of fewer than five words (C4 keeps none).
    case shortLines = "short_lines"
    /// Lines that speak of JavaScript (C4 keeps none).
    case javascriptLines = "javascript_lines"
    /// `lorem ipsum` (C4: none).
    case loremIpsum = "lorem_ipsum"
    /// `{` (C4: none).
    case curlyBraces = "curly_braces"
    /// Words of the list that the recipe gives (C4: none).
    case badWords = "bad_words"

    /// The signals that Gopher's authors filtered by, with their limits.
    public static let gopher: [QualitySignal: QualityLimit] = [
        .words: QualityLimit(minimum: 50, maximum: 100_000),
        .meanWordLength: QualityLimit(minimum: 3, maximum: 10),
        .symbolRatio: QualityLimit(maximum: 0.1), .bulletLines: QualityLimit(maximum: 0.9),
        .ellipsisLines: QualityLimit(maximum: 0.3), .alphabeticWords: QualityLimit(minimum: 0.8),
        .stopWords: QualityLimit(minimum: 2), .duplicateLines: QualityLimit(maximum: 0.3),
        .duplicateParagraphs: QualityLimit(maximum: 0.3),
        .duplicateLineCharacters: QualityLimit(maximum: 0.2),
        .duplicateParagraphCharacters: QualityLimit(maximum: 0.2),
        .top2Grams: QualityLimit(maximum: 0.2), .top3Grams: QualityLimit(maximum: 0.18),
        .top4Grams: QualityLimit(maximum: 0.16), .duplicate5Grams: QualityLimit(maximum: 0.15),
        .duplicate6Grams: QualityLimit(maximum: 0.14),
        .duplicate7Grams: QualityLimit(maximum: 0.13),
        .duplicate8Grams: QualityLimit(maximum: 0.12),
        .duplicate9Grams: QualityLimit(maximum: 0.11),
        .duplicate10Grams: QualityLimit(maximum: 0.1),
    ]

    /// The signals that C4's authors dropped whole pages by. Their rules for single lines are
    /// shares here, without limits.
    public static let c4: [QualitySignal: QualityLimit] = [
        .sentences: QualityLimit(minimum: 5), .loremIpsum: QualityLimit(maximum: 0),
        .curlyBraces: QualityLimit(maximum: 0), .badWords: QualityLimit(maximum: 0),
    ]
}

/// From where to where a signal is good.
public struct QualityLimit: Sendable, Hashable {
    /// Less is bad; nil: nothing is too little.
    public let minimum: Double?
    /// More is bad; nil: nothing is too much.
    public let maximum: Double?

    /// Makes a limit.
    public init(minimum: Double? = nil, maximum: Double? = nil) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Whether a value is within.
    public func allows(_ value: Double) -> Bool {
        value >= minimum ?? -.infinity && value <= maximum ?? .infinity
    }
}
