internal import Records

/// The text of one subtitle: styling goes, speakers are told.
enum CueText {
    /// A spoken line and who speaks it.
    struct Line: Hashable {
        var speaker: String?
        var text: String
    }

    /// The lines of a cue, tags and styling removed (WebVTT §4.2.2; the tags `<b> <i> <u> <font>`
    /// and `{\an8}` of SubRip). `<v Name>` and a leading `- ` begin a new speaker's line.
    static func lines(_ raw: [String]) -> [Line] {
        var lines: [Line] = []
        var voice: String?
        for text in raw {
            for piece in voices(text, &voice) {
                let plain = entities(withoutTags(piece.text))
                let words = plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                guard !words.isEmpty else { continue }
                lines.append(Line(speaker: piece.speaker, text: words))
            }
        }
        return lines
    }

    /// Cuts a line at its `<v Name>` tags; `voice` goes on into the next line until `</v>`.
    private static func voices(_ text: String, _ voice: inout String?) -> [Line] {
        var pieces: [Line] = []
        var rest = text[...]
        while let open = range(of: "<v", in: rest) {
            let after = rest[open.upperBound...]
            guard let next = after.first, next == " " || next == "." || next == "\t",
                let close = after.firstIndex(of: ">")
            else {
                pieces.append(Line(speaker: voice, text: String(rest[..<open.upperBound])))
                rest = after
                continue
            }
            pieces.append(Line(speaker: voice, text: String(rest[..<open.lowerBound])))
            let name = after[..<close].drop { $0 != " " && $0 != "\t" }
            let trimmed = entities(ResolvedMapping.trimmed(String(name)))
            voice = trimmed.isEmpty ? nil : trimmed
            rest = after[after.index(after: close)...]
        }
        pieces.append(Line(speaker: voice, text: String(rest)))
        if rest.contains("</v>") { voice = nil }
        return pieces
    }

    private static func range(of needle: String, in text: Substring) -> Range<Substring.Index>? {
        var i = text.startIndex
        while i < text.endIndex {
            if text[i...].hasPrefix(needle) {
                return i..<text.index(i, offsetBy: needle.count)
            }
            i = text.index(after: i)
        }
        return nil
    }

    /// Without `<…>` (also karaoke times) and `{\…}`; a `<` that begins no tag stays.
    private static func withoutTags(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x3C || $0 == 0x7B }) else { return text }
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        var i = 0
        while i < bytes.count {
            let next = i + 1 < bytes.count ? bytes[i + 1] : 0
            let isTag =
                bytes[i] == 0x3C
                && (next == 0x2F || (0x61...0x7A).contains(next | 0x20)
                    || (0x30...0x39).contains(next))
            let isStyle = bytes[i] == 0x7B && next == 0x5C
            let close: UInt8 = isTag ? 0x3E : 0x7D
            if isTag || isStyle, let end = bytes[i...].firstIndex(of: close) {
                i = end + 1
            } else {
                output.append(bytes[i])
                i += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func entities(_ text: String) -> String {
        guard text.utf8.contains(0x26) else { return text }
        var result = text
        for (name, character) in [
            ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&lrm;", ""), ("&rlm;", ""),
            ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
        ] {
            result = result.replacing(name, with: character)
        }
        return result
    }
}

/// A subtitle with its time in milliseconds.
struct Cue: Hashable {
    var start: Int
    var end: Int
    var lines: [CueText.Line]
    var span: SourceSpan

    /// Reads `00:01:02,500 --> 00:01:04.000 …`; nil if it is no such line.
    static func times(_ line: String) -> (start: Int, end: Int)? {
        let bytes = Array(line.utf8)
        guard
            let arrow = bytes.indices.first(where: { bytes[$0...].starts(with: Array("-->".utf8)) }
            ),
            let start = time(bytes[..<arrow]), let end = time(bytes[(arrow + 3)...])
        else { return nil }
        return (start, end)
    }

    /// `hh:mm:ss,mmm`, `mm:ss.mmm`; what follows behind a space are settings.
    private static func time(_ bytes: ArraySlice<UInt8>) -> Int? {
        let trimmed = bytes.drop { ByteSearch.isSpace($0) }
        let token = trimmed.prefix { !ByteSearch.isSpace($0) }
        let parts = token.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let last = parts.last else { return nil }
        let seconds = last.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".")
        }
        guard (1...2).contains(seconds.count) else { return nil }
        var total = 0
        for part in parts.dropLast() + [seconds[0]] {
            guard let value = number(part), value < 1_000_000 else { return nil }
            total = total * 60 + value
        }
        guard seconds.count == 2 else { return total * 1000 }
        let digits = Array(seconds[1].prefix(3))
        guard let fraction = number(digits[...]) else { return nil }
        return total * 1000 + fraction * [100, 10, 1][digits.count - 1]
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 9,
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// `hh:mm:ss.mmm`
    static func text(_ milliseconds: Int) -> String {
        func pad(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        let seconds = milliseconds / 1000
        return pad(seconds / 3600, 2) + ":" + pad(seconds / 60 % 60, 2) + ":"
            + pad(seconds % 60, 2) + "." + pad(milliseconds % 1000, 3)
    }
}
