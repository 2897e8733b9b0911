internal import ReaderProtocol

/// The numbers and bullets of list items (ISO/IEC 29500-1 §17.9), counted as Word counts.
struct WordNumbering {
    private struct Level {
        var start = 1
        var format = "decimal"
        var text = ""
        var style: String?
    }

    private struct List {
        var abstract: String
        var startOverrides: [Int: Int] = [:]
        var levels: [Int: Level] = [:]
    }

    private var abstracts: [String: [Int: Level]] = [:]
    private var lists: [String: List] = [:]
    /// Counters by list definition and level.
    private var counters: [String: [Int: Int]] = [:]
    private var begun: Set<String> = []

    init() {}

    init(_ root: XMLTree?) {
        for element in root?.all("abstractNum") ?? [] {
            guard let id = element[attribute: "abstractNumId"] else { continue }
            abstracts[id] = Self.levels(element.all("lvl"))
        }
        for element in root?.all("num") ?? [] {
            guard let id = element[attribute: "numId"],
                let abstract = element.first("abstractNumId")?[attribute: "val"]
            else { continue }
            var list = List(abstract: abstract)
            for change in element.all("lvlOverride") {
                guard let level = change[attribute: "ilvl"].flatMap({ Int($0) }) else { continue }
                list.startOverrides[level] =
                    change.first("startOverride")?[attribute: "val"].flatMap { Int($0) }
                list.levels.merge(Self.levels(change.all("lvl"))) { $1 }
            }
            lists[id] = list
        }
    }

    private static func levels(_ elements: [XMLTree]) -> [Int: Level] {
        var out: [Int: Level] = [:]
        for element in elements {
            guard let index = element[attribute: "ilvl"].flatMap({ Int($0) }) else { continue }
            var level = Level()
            level.start = element.first("start")?[attribute: "val"].flatMap { Int($0) } ?? 1
            level.format = element.first("numFmt")?[attribute: "val"] ?? "decimal"
            level.text = element.first("lvlText")?[attribute: "val"] ?? ""
            level.style = element.first("pStyle")?[attribute: "val"]
            out[index] = level
        }
        return out
    }

    /// The level that a list ties to a style, for styles that name the list only.
    func level(of list: String, style: String?) -> Int? {
        guard let style, let found = lists[list] else { return nil }
        return abstracts[found.abstract]?.first { $0.value.style == style }?.key
    }

    /// What stands before the next item of a list: `- `, `2. `, `b) `; empty where nothing does.
    mutating func next(list id: String, level: Int) -> String {
        guard let list = lists[id], (0...8).contains(level) else { return "" }
        let levels = (abstracts[list.abstract] ?? [:]).merging(list.levels) { $1 }
        guard let definition = levels[level] else { return "" }
        var counts = counters[list.abstract] ?? [:]
        if begun.insert(id).inserted {
            for (level, start) in list.startOverrides { counts[level] = start - 1 }
        }
        for index in 0..<level where counts[index] == nil {
            counts[index] = levels[index]?.start ?? 1
        }
        counts[level] = (counts[level] ?? definition.start - 1) &+ 1
        for deeper in (level + 1)..<10 { counts[deeper] = nil }
        counters[list.abstract] = counts
        if definition.format == "none" { return "" }
        if definition.format == "bullet" { return "- " }
        var text = definition.text
        for index in 0...level {
            let format = levels[index]?.format ?? "decimal"
            text = Self.replace(
                "%\(index + 1)", by: Self.number(counts[index] ?? 1, format), in: text)
        }
        return text.isEmpty ? "" : text + " "
    }

    private static func replace(_ mark: String, by value: String, in text: String) -> String {
        guard let first = text.range(of: mark) else { return text }
        return String(text[..<first.lowerBound]) + value + text[first.upperBound...]
    }

    static func number(_ value: Int, _ format: String) -> String {
        switch format {
        case "lowerLetter", "upperLetter":
            guard value > 0 else { return String(value) }
            // a … z, aa … zz: the letter repeats.
            let scalar = Unicode.Scalar(
                UInt8((format == "lowerLetter" ? 0x61 : 0x41) + (value - 1) % 26))
            return String(repeating: Character(scalar), count: min(20, (value - 1) / 26 + 1))
        case "lowerRoman": return roman(value).lowercased()
        case "upperRoman": return roman(value)
        case "decimalZero": return value < 10 && value >= 0 ? "0\(value)" : String(value)
        default: return String(value)
        }
    }

    private static func roman(_ value: Int) -> String {
        guard (1...3999).contains(value) else { return String(value) }
        let steps = [
            (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
            (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ]
        var (rest, out) = (value, "")
        for (step, letters) in steps {
            while rest >= step {
                out += letters
                rest -= step
            }
        }
        return out
    }
}

extension String {
    /// Where `part` stands first, compared byte by byte.
    fileprivate func range(of part: String) -> Range<String.Index>? {
        let (bytes, wanted) = (Array(utf8), Array(part.utf8))
        guard !wanted.isEmpty, bytes.count >= wanted.count else { return nil }
        for start in 0...(bytes.count - wanted.count)
        where bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
            let lower = utf8.index(utf8.startIndex, offsetBy: start)
            return lower..<utf8.index(lower, offsetBy: wanted.count)
        }
        return nil
    }
}
