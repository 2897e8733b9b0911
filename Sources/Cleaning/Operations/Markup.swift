/// Removes HTML that an export left in plain text.
///
/// Rules: scripts, styles and comments go with what is in them; tags of the elements below go, and
/// those of blocks become line ends; then ``CharacterReferences``. What only looks like a tag
/// (`a < b`, `<3`, `<name@shop.example>`, `<T>`) stays.
enum Markup {
    private static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
        "h5", "h6", "head", "header", "hr", "html", "li", "main", "nav", "ol", "option", "p", "pre",
        "section", "select", "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
    ]
    private static let inlines: Set<String> = [
        "a", "abbr", "acronym", "audio", "b", "base", "bdi", "bdo", "big", "button", "canvas",
        "cite", "code", "col", "colgroup", "del", "dfn", "em", "embed", "font", "i", "iframe",
        "img", "input", "ins", "kbd", "label", "link", "map", "mark", "meta", "nobr", "noscript",
        "object", "param", "picture", "q", "s", "samp", "small", "source", "span", "strike",
        "strong", "style", "script", "sub", "sup", "svg", "td", "textarea", "th", "time", "tt",
        "u", "var", "video", "wbr",
    ]
    /// A tag is not looked for further than this many bytes.
    private static let longestTag = 2048

    /// `bytes` without markup; nil if there is none.
    static func removed(_ bytes: [UInt8], reasons: inout ReasonCounts) -> [UInt8]? {
        var output: [UInt8] = []
        var changed = false
        var unclosed: Set<String> = []
        if bytes.contains(UInt8(ascii: "<")) {
            var i = 0
            output.reserveCapacity(bytes.count)
            while i < bytes.count {
                if bytes[i] == UInt8(ascii: "<"), let piece = piece(bytes, at: i, &unclosed) {
                    reasons.add("html/\(piece.reason)")
                    if piece.breaksLine { output.append(0x0A) }
                    i = piece.end
                    changed = true
                } else {
                    output.append(bytes[i])
                    i += 1
                }
            }
        } else {
            output = bytes
        }
        if let decoded = CharacterReferences.decoded(output, reasons: &reasons, as: "html") {
            return decoded
        }
        return changed ? output : nil
    }

    private struct Piece {
        var end: Int
        var reason: String
        var breaksLine = false
    }

    /// `unclosed` keeps what was looked for in vain, so that nobody looks for it again and again.
    private static func piece(
        _ bytes: [UInt8], at start: Int, _ unclosed: inout Set<String>
    ) -> Piece? {
        if matches(bytes, start, "<!--") {
            guard let end = find("-->", in: bytes, from: start + 4, &unclosed) else { return nil }
            return Piece(end: end, reason: "comment")
        }
        if matches(bytes, start, "<!doctype") || matches(bytes, start, "<?xml") {
            guard let end = find(">", in: bytes, from: start, &unclosed) else { return nil }
            return Piece(end: end, reason: "declaration")
        }
        guard let (name, end) = tag(bytes, at: start) else { return nil }
        if (name == "script" || name == "style") && bytes[start + 1] != UInt8(ascii: "/"),
            let closed = find("</\(name)", in: bytes, from: end, &unclosed),
            let whole = find(">", in: bytes, from: closed, &unclosed)
        {
            return Piece(end: whole, reason: name, breaksLine: true)
        }
        return Piece(end: end, reason: "tag", breaksLine: blocks.contains(name))
    }

    /// The element's name and the place after `>` of a tag; nil for anything else.
    private static func tag(_ bytes: [UInt8], at start: Int) -> (name: String, end: Int)? {
        var i = start + 1
        if i < bytes.count, bytes[i] == UInt8(ascii: "/") { i += 1 }
        let first = i
        while i < bytes.count, i - first < 12, isNameByte(bytes[i]) { i += 1 }
        guard i < bytes.count, i > first else { return nil }
        // Letters to lower case; digits have that bit already.
        let name = String(decoding: bytes[first..<i].map { $0 | 0x20 }, as: UTF8.self)
        guard blocks.contains(name) || inlines.contains(name) else { return nil }
        switch bytes[i] {
        case UInt8(ascii: ">"): return (name, i + 1)
        case UInt8(ascii: "/"), 0x20, 0x09, 0x0A, 0x0D: break
        default: return nil
        }
        // Attributes: up to `>` outside quotes; another `<` says that this is no tag.
        var quote: UInt8 = 0
        let limit = min(bytes.count, start + longestTag)
        while i < limit {
            let byte = bytes[i]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: ">") {
                return (name, i + 1)
            } else if byte == UInt8(ascii: "<") {
                return nil
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            i += 1
        }
        return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) && byte >= 0x41 || (0x30...0x39).contains(byte)
    }

    /// Whether the lower-case ASCII `form` stands at a place, in either case.
    private static func matches(_ bytes: [UInt8], _ start: Int, _ form: String) -> Bool {
        guard start + form.utf8.count <= bytes.count else { return false }
        return zip(bytes[start...], form.utf8).allSatisfy { byte, wanted in
            byte == wanted || ((0x61...0x7A).contains(wanted) && byte | 0x20 == wanted)
        }
    }

    /// The place after the next `form`, or nil.
    private static func find(
        _ form: String, in bytes: [UInt8], from start: Int, _ unclosed: inout Set<String>
    ) -> Int? {
        guard !unclosed.contains(form) else { return nil }
        var i = start
        while i + form.utf8.count <= bytes.count {
            if matches(bytes, i, form) { return i + form.utf8.count }
            i += 1
        }
        unclosed.insert(form)
        return nil
    }
}
