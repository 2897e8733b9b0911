/// The text of XHTML or HTML fragments, such as FHIR narratives: tags go, blocks become lines.
///
/// It reads once from left to right, knows no documents and follows no references, so nothing in
/// the input can make it slow or large. Whole web pages are for the reader process.
enum MarkupText {
    private static let blocks: Set<String> = [
        "p", "div", "br", "tr", "li", "ul", "ol", "dl", "dt", "dd", "table", "thead", "tbody",
        "caption", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre", "section",
        "article", "header", "footer", "title", "body",
    ]
    private static let silent: Set<String> = ["script", "style", "head", "template"]
    private static let named: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "deg": "°",
        "plusmn": "±", "micro": "µ", "middot": "·", "bull": "•", "hellip": "…", "ndash": "–",
        "mdash": "—", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "times": "×",
        "frac12": "½", "euro": "€", "copy": "©", "reg": "®", "sect": "§", "le": "≤", "ge": "≥",
        "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü",
        "szlig": "ß", "eacute": "é", "egrave": "è", "aacute": "á", "ntilde": "ñ", "ccedil": "ç",
    ]

    /// The text of `markup`, its lines trimmed, blank ones left out.
    static func text(of markup: String) -> String {
        let bytes = Array(markup.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var i = 0
        while i < bytes.count {
            switch bytes[i] {
            case UInt8(ascii: "<"):
                i = tag(bytes, at: i, into: &output)
            case UInt8(ascii: "&"):
                i = reference(bytes, at: i, into: &output)
            case 0x09, 0x0A, 0x0D, 0x20:
                if output.last != 0x20, output.last != 0x0A { output.append(0x20) }
                i += 1
            default:
                output.append(bytes[i])
                i += 1
            }
        }
        let lines = output.split(separator: 0x0A).map {
            ResolvedMapping.trimmed(String(decoding: $0, as: UTF8.self))
        }
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Goes over the tag, comment or declaration at `start`; a `<` that begins none is text.
    private static func tag(_ bytes: [UInt8], at start: Int, into output: inout [UInt8]) -> Int {
        if bytes[start...].starts(with: Array("<!--".utf8)) {
            return find(Array("-->".utf8), in: bytes, from: start + 4) ?? bytes.count
        }
        if bytes[start...].starts(with: Array("<![CDATA[".utf8)) {
            let end = find(Array("]]>".utf8), in: bytes, from: start + 9) ?? bytes.count
            output += bytes[min(start + 9, bytes.count)..<max(start + 9, end - 3)]
            return end
        }
        var i = start + 1
        let isEnd = i < bytes.count && bytes[i] == UInt8(ascii: "/")
        if isEnd { i += 1 }
        let nameStart = i
        while i < bytes.count, isNameByte(bytes[i]) { i += 1 }
        let isOther = start + 1 < bytes.count && "!?".utf8.contains(bytes[start + 1])
        guard i > nameStart || isOther else {
            output.append(UInt8(ascii: "<"))
            return start + 1
        }
        let name = String(decoding: bytes[nameStart..<i], as: UTF8.self).lowercased()
        var quote: UInt8 = 0
        while i < bytes.count {
            let byte = bytes[i]
            i += 1
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                break
            }
        }
        let local = name.split(separator: ":").last.map(String.init) ?? name
        let closesItself = i >= 2 && i <= bytes.count && bytes[i - 2] == UInt8(ascii: "/")
        if silent.contains(local), !isEnd, !closesItself {
            let close = Array("</\(name)".utf8)
            guard let end = find(close, in: bytes, from: i) else { return bytes.count }
            return find([UInt8(ascii: ">")], in: bytes, from: end) ?? bytes.count
        }
        if blocks.contains(local) {
            if output.last != 0x0A { output.append(0x0A) }
        } else if local == "td" || local == "th" {
            if isEnd, output.last != 0x20 { output.append(0x20) }
        }
        return i
    }

    /// The place after the next `needle` (ASCII, in any case).
    private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard start + needle.count <= bytes.count else { return nil }
        for i in start...(bytes.count - needle.count)
        where bytes[i] | 0x20 == needle[0] | 0x20 {
            let piece = bytes[i..<i + needle.count]
            if zip(piece, needle).allSatisfy({ lower($0) == lower($1) }) { return i + needle.count }
        }
        return nil
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
            || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-")
    }

    /// Decodes the character reference at `start`; an ampersand that begins none is text.
    private static func reference(
        _ bytes: [UInt8], at start: Int, into output: inout [UInt8]
    ) -> Int {
        let window = bytes[(start + 1)..<min(start + 12, bytes.count)]
        guard let end = window.firstIndex(of: UInt8(ascii: ";")), end > start + 1 else {
            output.append(UInt8(ascii: "&"))
            return start + 1
        }
        let name = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
        var text = named[name]
        if name.hasPrefix("#") {
            let isHex = name.dropFirst().lowercased().hasPrefix("x")
            let value = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10)
            if let value {
                let isControl = value < 0x20 && ![0x09, 0x0A, 0x0D].contains(value)
                let scalar = isControl ? nil : Unicode.Scalar(value)
                text = scalar.map { value == 0xA0 ? " " : String(Character($0)) } ?? "\u{FFFD}"
            }
        }
        guard let text else {
            output.append(UInt8(ascii: "&"))
            return start + 1
        }
        output += Array(text.utf8)
        return end + 1
    }
}
