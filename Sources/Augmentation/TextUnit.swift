/// A piece of a text: a word, a placeholder, a made-up value, or what stands between.
struct TextUnit: Equatable {
    enum Kind { case word, placeholder, madeUp, between }

    var kind: Kind
    var text: String

    /// Cuts a text into units; joined, they are the text again.
    static func units(of text: String) -> [TextUnit] {
        var units: [TextUnit] = []
        let bytes = Array(text.utf8)
        var start = 0
        func flush(_ end: Int, _ kind: Kind) {
            guard end > start else { return }
            units.append(
                TextUnit(kind: kind, text: String(decoding: bytes[start..<end], as: UTF8.self)))
            start = end
        }
        var at = 0
        while at < bytes.count {
            if bytes[at] == 0x5b, let end = placeholderEnd(bytes, at) {
                flush(at, .between)
                at = end
                flush(at, .placeholder)
            } else if isWord(bytes[at]) {
                flush(at, .between)
                while at < bytes.count && (isWord(bytes[at]) || isInnerApostrophe(bytes, at)) {
                    at += 1
                }
                flush(at, .word)
            } else {
                at += 1
            }
        }
        flush(at, .between)
        return units
    }

    /// The text and the ranges of its placeholders and made-up values, in UTF-8 bytes.
    static func joined(_ units: [TextUnit]) -> (text: String, madeUp: [Range<Int>]) {
        var text = ""
        var madeUp: [Range<Int>] = []
        for unit in units {
            let start = text.utf8.count
            text += unit.text
            if unit.kind == .madeUp || unit.kind == .placeholder {
                madeUp.append(start..<text.utf8.count)
            }
        }
        return (text, madeUp)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
    }

    private static func isInnerApostrophe(_ bytes: [UInt8], _ at: Int) -> Bool {
        bytes[at] == 0x27 && at + 1 < bytes.count && isWord(bytes[at + 1])
    }

    /// The end of `[TYPE_1]` or `[TYPE:1f2e]` that begins at `at`; nil when none does.
    private static func placeholderEnd(_ bytes: [UInt8], _ at: Int) -> Int? {
        var end = at + 1
        while end < bytes.count, end - at < 96, bytes[end] != 0x5d {
            let byte = bytes[end]
            guard isWord(byte) || byte == 0x5f || byte == 0x3a, byte < 0x80 else { return nil }
            end += 1
        }
        guard end < bytes.count, bytes[end] == 0x5d, end > at + 1,
            (0x41...0x5a).contains(bytes[at + 1])
        else { return nil }
        let name = bytes[(at + 1)..<end].prefix { $0 != 0x3a }
        let isTyped = name.allSatisfy {
            $0 == 0x5f || (0x30...0x39).contains($0) || (0x41...0x5a).contains($0)
        }
        return isTyped ? end + 1 : nil
    }

    /// The type in a placeholder: `PERSON` of `[PERSON_1]`.
    var placeholderType: String? {
        guard kind == .placeholder else { return nil }
        var name = text.dropFirst().dropLast().prefix { $0 != ":" }
        while let last = name.last, last.isNumber { name.removeLast() }
        while name.last == "_" { name.removeLast() }
        return String(name)
    }
}
