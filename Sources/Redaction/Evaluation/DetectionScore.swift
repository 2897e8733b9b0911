/// How well detection does on marked texts: what leaks, what is taken too much, which spans are
/// found.
///
/// - **Leak**: marked characters that no prediction of any type covers, over marked characters.
/// - **Over-redaction**: other characters that predictions cover, over other characters. One number
///   is worth nothing without the other.
/// - **Span F2**: spans matched one to one by at least half of their union, of any type; recall
///   weighs four times as much as precision.
///
/// Titles such as "Mr" are left out: what covers them counts neither way.
///
/// ```swift
/// var score = DetectionScore()
/// score.add(row, predicted: [.init(start: 0, end: 4, label: "PERSON")])
/// print(score.leak, score.over, score.f2)
/// ```
public struct DetectionScore: Sendable {
    /// Marked and missed characters and spans of one type, as the gold data names it.
    public struct TypeCounts: Sendable, Hashable {
        /// Marked spans.
        public var spans = 0
        /// Marked characters.
        public var characters = 0
        /// Marked characters that nothing covers.
        public var leaked = 0
        /// Spans of which no letter or digit is covered.
        public var missed = 0
        /// Spans that a prediction of any type matches by half.
        public var found = 0

        /// Leaked over marked characters.
        public var leak: Double { ratio(leaked, characters) }
        /// Found over marked spans.
        public var recall: Double { ratio(found, spans) }
    }

    /// The counts of one text.
    struct RowCounts: Sendable {
        var gold = 0
        var leaked = 0
        var other = 0
        var over = 0
    }

    /// Families whose gold spans are left out.
    public var ignored: Set<String> = ["TITLE"]
    /// The least overlap, as a share of the union, at which spans match.
    public var threshold = 0.5
    /// By the gold data's own type names.
    public private(set) var byType: [String: TypeCounts] = [:]
    /// Gold spans, and those that were found.
    public private(set) var spans = (gold: 0, found: 0)
    /// Predicted spans, and those that were right.
    public private(set) var predictions = (all: 0, right: 0)
    /// Texts that hold marked spans, and those of which a marked letter or digit leaks.
    public private(set) var rowsWithGold = (all: 0, leaking: 0)
    var rows: [RowCounts] = []

    /// Makes an empty score.
    public init() {}

    /// The texts that were added.
    public var textCount: Int { rows.count }
    /// Marked characters.
    public var goldCharacters: Int { rows.reduce(0) { $0 + $1.gold } }
    /// Characters that are not marked.
    public var otherCharacters: Int { rows.reduce(0) { $0 + $1.other } }
    /// Share of marked characters left uncovered, 0 to 1.
    public var leak: Double { ratio(rows.reduce(0) { $0 + $1.leaked }, goldCharacters) }
    /// Share of other characters covered, 0 to 1.
    public var over: Double { ratio(rows.reduce(0) { $0 + $1.over }, otherCharacters) }
    /// Share of gold spans that a prediction of any type matches.
    public var recall: Double { ratio(spans.found, spans.gold) }
    /// Share of predictions that match a gold span of any type.
    public var precision: Double { ratio(predictions.right, predictions.all) }
    /// The weighted harmonic mean of precision and recall, beta 2 (van Rijsbergen 1979).
    public var f2: Double {
        let (p, r) = (precision, recall)
        return p + r > 0 ? 5 * p * r / (4 * p + r) : 0
    }

    /// Adds one text.
    ///
    /// - Complexity: O(characters + gold × predictions).
    public mutating func add(_ row: GoldRow, predicted: [GoldRow.Span]) {
        let scalars = Array(row.text.unicodeScalars)
        let count = scalars.count
        let isLeftOut: (GoldRow.Span) -> Bool = { [ignored] in
            ignored.contains(TypeFamily.of($0.label))
        }
        let gold = row.spans.filter { !isLeftOut($0) }.sorted(by: Self.order)
        let goldMask = Self.cover(count, gold)
        var free = predicted.filter { 0 <= $0.start && $0.start < $0.end && $0.end <= count }
        let leftOut = row.spans.filter(isLeftOut)
        if !leftOut.isEmpty {
            var mask = Self.cover(count, leftOut)
            for k in 0..<count where goldMask[k] { mask[k] = false }
            free = free.flatMap { Self.pieces(of: $0, outside: mask) }.filter { piece in
                scalars[piece.start..<piece.end].contains { !" .,\t\n".unicodeScalars.contains($0) }
            }
        }
        let mask = Self.cover(count, free)
        addCharacters(gold, goldMask, mask, scalars)
        let merged = Self.merged(free.filter { !isLeftOut($0) })
        let pairs = Self.matches(gold, merged, threshold)
        for k in pairs.gold { byType[gold[k].label, default: TypeCounts()].found += 1 }
        spans.gold += gold.count
        spans.found += pairs.gold.count
        predictions.all += merged.count
        predictions.right += pairs.predicted.count
    }

    private mutating func addCharacters(
        _ gold: [GoldRow.Span], _ goldMask: [Bool], _ mask: [Bool], _ scalars: [Unicode.Scalar]
    ) {
        var counts = RowCounts()
        var isLeaking = false
        for span in gold {
            var type = byType[span.label, default: TypeCounts()]
            var alphanumerics = 0
            var covered = 0
            for k in span.start..<span.end {
                let isCounted = Self.isAlphanumeric(scalars[k])
                if isCounted { alphanumerics += 1 }
                if mask[k] {
                    if isCounted { covered += 1 }
                } else {
                    type.leaked += 1
                    counts.leaked += 1
                }
            }
            type.spans += 1
            type.characters += span.end - span.start
            counts.gold += span.end - span.start
            if alphanumerics > 0, covered == 0 { type.missed += 1 }
            if covered < alphanumerics { isLeaking = true }
            byType[span.label] = type
        }
        for k in scalars.indices where !goldMask[k] {
            counts.other += 1
            if mask[k] { counts.over += 1 }
        }
        if !gold.isEmpty {
            rowsWithGold.all += 1
            if isLeaking { rowsWithGold.leaking += 1 }
        }
        rows.append(counts)
    }
}

/// A share; 0 of nothing.
private func ratio(_ part: Int, _ whole: Int) -> Double {
    whole > 0 ? Double(part) / Double(whole) : 0
}
