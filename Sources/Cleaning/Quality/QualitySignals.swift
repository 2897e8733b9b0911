internal import Records

/// The quality signals of one text.
struct QualitySignals: Sendable {
    private var values: [QualitySignal: Double] = [:]

    /// A signal; nil if the text does not have it (bad words without a list).
    subscript(signal: QualitySignal) -> Double? { values[signal] }

    /// `{"words": 120, "mean_word_length": 4.7, …}`, to four places.
    var json: JSONValue {
        var members: [String: JSONValue] = [:]
        for (signal, value) in values {
            members[signal.rawValue] = .number(Self.literal(value))
        }
        return .object(members)
    }

    /// A number that is not negative, to four places, in its canonical form.
    private static func literal(_ value: Double) -> String {
        let tenThousandths = Int((value * 10_000).rounded())
        let whole = String(tenThousandths / 10_000)
        var fraction = tenThousandths % 10_000
        guard fraction != 0 else { return whole }
        var places = 4
        while fraction % 10 == 0 {
            fraction /= 10
            places -= 1
        }
        let digits = String(fraction)
        return whole + "." + String(repeating: "0", count: places - digits.utf8.count) + digits
    }

    /// Measures the text fields of a record, one under the other.
    init(of record: Record, fields: [String]?, badWords: Set<String> = []) {
        var bytes: [UInt8] = []
        for name in fields ?? record.kind.standardFields.filter({ $0 != "label" }) {
            record.fields[name]?.appendText(to: &bytes)
        }
        self.init(bytes, badWords: badWords)
    }

    /// Measures UTF-8 text. Complexity: O(n).
    init(_ bytes: [UInt8], badWords: Set<String> = []) {
        var text = QualityText()
        text.read(bytes)
        measureWords(text, bytes)
        measureLines(text, bytes)
        measureGrams(text)
        if !badWords.isEmpty {
            let count = text.words.filter { word in
                let letters = String(decoding: bytes[word.start..<word.end], as: UTF8.self)
                return badWords.contains(
                    letters.lowercased().trimming { !$0.isLetter && !$0.isNumber })
            }.count
            values[.badWords] = Double(count)
        }
    }

    private mutating func measureWords(_ text: QualityText, _ bytes: [UInt8]) {
        let count = Double(text.words.count)
        values[.words] = count
        values[.meanWordLength] = ratio(Double(text.characters), count)
        values[.symbolRatio] = ratio(Double(text.hashes + text.ellipses), count)
        values[.alphabeticWords] = ratio(Double(text.alphabeticWords), count)
        values[.stopWords] = Double(text.stopWords.nonzeroBitCount)
        values[.sentences] = Double(text.sentences)
        values[.curlyBraces] = Double(text.braces)
        values[.loremIpsum] = Double(text.loremIpsum)
    }

    private mutating func measureLines(_ text: QualityText, _ bytes: [UInt8]) {
        let count = Double(text.lines.count)
        func share(_ trait: (QualityText.Line) -> Bool) -> Double {
            ratio(Double(text.lines.filter(trait).count), count)
        }
        values[.bulletLines] = share(\.hasBullet)
        values[.ellipsisLines] = share(\.hasEllipsis)
        values[.terminalLines] = share(\.isTerminated)
        values[.shortLines] = share { $0.words < 5 }
        values[.javascriptLines] = Double(text.lines.filter(\.hasJavaScript).count)
        let lines = repeats(text.lines.map { ($0.hash, $0.length) })
        values[.duplicateLines] = lines.share
        values[.duplicateLineCharacters] = lines.characters
        let paragraphs = repeats(text.paragraphs)
        values[.duplicateParagraphs] = paragraphs.share
        values[.duplicateParagraphCharacters] = paragraphs.characters
    }

    private func repeats(_ parts: [(hash: UInt64, length: Int)]) -> (
        share: Double, characters: Double
    ) {
        guard parts.count > 1 else { return (0, 0) }
        var seen: Set<UInt64> = []
        var (count, length, total) = (0, 0, 0)
        for part in parts {
            total += part.length
            if !seen.insert(part.hash).inserted {
                count += 1
                length += part.length
            }
        }
        return (ratio(Double(count), Double(parts.count)), ratio(Double(length), Double(total)))
    }

    private mutating func measureGrams(_ text: QualityText) {
        var table = GramTable()
        let top: [(Int, QualitySignal)] = [(2, .top2Grams), (3, .top3Grams), (4, .top4Grams)]
        let duplicates: [(Int, QualitySignal)] = [
            (5, .duplicate5Grams), (6, .duplicate6Grams), (7, .duplicate7Grams),
            (8, .duplicate8Grams), (9, .duplicate9Grams), (10, .duplicate10Grams),
        ]
        let total = Double(text.characters)
        for (n, signal) in top { values[signal] = ratio(Double(table.top(text, n)), total) }
        var hasRepeats = true
        for (n, signal) in duplicates {
            // Longer ones repeat only where shorter ones do.
            let repeated = hasRepeats ? table.repeated(text, n) : 0
            hasRepeats = repeated > 0
            values[signal] = ratio(Double(repeated), total)
        }
    }

    private func ratio(_ part: Double, _ whole: Double) -> Double { whole == 0 ? 0 : part / whole }
}

extension JSONValue {
    /// Appends the text of a value, a line end behind each string.
    fileprivate func appendText(to bytes: inout [UInt8]) {
        switch self {
        case .string(let text):
            bytes.append(contentsOf: text.utf8)
            bytes.append(0x0A)
        case .array(let elements): for element in elements { element.appendText(to: &bytes) }
        case .object(let members): members["content"]?.appendText(to: &bytes)
        case .null, .bool, .number: break
        }
    }
}

extension String {
    /// The text without such characters at its ends.
    fileprivate func trimming(_ isEdge: (Character) -> Bool) -> String {
        var rest = self[...]
        while let first = rest.first, isEdge(first) { rest.removeFirst() }
        while let last = rest.last, isEdge(last) { rest.removeLast() }
        return String(rest)
    }
}
