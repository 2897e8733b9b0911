/// Encoded words in header fields (RFC 2047), and the raw bytes that stand beside them.
///
/// More is read than the standard allows: spaces inside a word, words inside quoted strings,
/// characters cut in two between neighbouring words, 8-bit bytes as UTF-8 or Windows-1252.
enum EncodedWord {
    /// A field's value as text.
    static func decode(_ value: [UInt8]) -> String {
        var out = ""
        var raw: [UInt8] = []
        // Bytes of neighbouring words of one charset: a character may be cut between them.
        var pending: (charset: String, bytes: [UInt8])?
        var index = 0
        func flush() {
            guard let word = pending else { return }
            out += MailCharset.text(word.bytes, word.charset)
            pending = nil
        }
        while index < value.count {
            guard value[index] == 0x3D, let word = word(value, at: index) else {
                raw.append(value[index])
                index += 1
                continue
            }
            // White space between two words belongs to neither (§6.2).
            let isBetween = pending != nil && !raw.contains { $0 > 0x20 }
            if !isBetween {
                flush()
                out += MailCharset.text(raw, nil)
            }
            raw = []
            if let last = pending, last.charset == word.charset {
                pending = (last.charset, last.bytes + word.bytes)
            } else {
                flush()
                pending = (word.charset, word.bytes)
            }
            index = word.end
        }
        flush()
        out += MailCharset.text(raw, nil)
        return out
    }

    /// The word `=?charset?encoding?text?=` that begins at `start`.
    private static func word(
        _ value: [UInt8], at start: Int
    ) -> (charset: String, bytes: [UInt8], end: Int)? {
        guard start + 8 <= value.count, value[start + 1] == 0x3F else { return nil }
        guard
            let first = value[(start + 2)...].prefix(80).firstIndex(of: 0x3F),
            first + 3 < value.count, value[first + 2] == 0x3F
        else { return nil }
        let name = value[(start + 2)..<first]
        guard !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        // `charset*language`: RFC 2231 §5.
        let charset = MailText.lowered(name.prefix { $0 != 0x2A })
        let isQuoted = value[first + 1] | 0x20 == UInt8(ascii: "q")
        guard isQuoted || value[first + 1] | 0x20 == UInt8(ascii: "b") else { return nil }
        guard let end = end(of: value, from: first + 3, isQuoted: isQuoted) else { return nil }
        let text = value[(first + 3)..<end]
        let bytes = isQuoted ? quoted(text) : TransferEncoding.base64(text)
        return (charset, bytes, end + 2)
    }

    /// Where `?=` ends the word; `?=3D` inside a Q word is a careless `?` and no end.
    private static func end(of value: [UInt8], from start: Int, isQuoted: Bool) -> Int? {
        var index = start
        let limit = min(value.count, start + 8192)
        while index + 1 < limit {
            if value[index] == 0x3F, value[index + 1] == 0x3D {
                let isEscape =
                    isQuoted && index + 3 < value.count
                    && TransferEncoding.hex(value[index + 2]) != nil
                    && TransferEncoding.hex(value[index + 3]) != nil
                    && value[(index + 4)...].prefix(80).contains(0x3F)
                if !isEscape { return index }
            }
            index += 1
        }
        return nil
    }

    /// The Q encoding: `_` is a space, `=XX` a byte (§4.2).
    private static func quoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            if byte == 0x5F {
                out.append(0x20)
            } else if byte == 0x3D, index + 2 < text.endIndex,
                let high = TransferEncoding.hex(text[index + 1]),
                let low = TransferEncoding.hex(text[index + 2])
            {
                out.append(high << 4 | low)
                index += 2
            } else {
                out.append(byte)
            }
            index += 1
        }
        return out
    }
}

/// Text of bytes whose charset a message names, names wrongly, or does not name.
enum MailCharset {
    /// What `bytes` say: `label` is followed unless it is unknown or plainly wrong.
    static func text(_ bytes: some Collection<UInt8>, _ label: String?) -> String {
        if bytes.isEmpty { return "" }
        let name = label.map { MailText.lowered($0.utf8.filter { $0 > 0x20 && $0 != 0x22 }) } ?? ""
        let says = ["", "us-ascii", "ascii", "ansi_x3.4-1968", "utf-8", "utf8", "unknown-8bit"]
        if says.contains(name) || name.hasPrefix("x-unknown") {
            return Charset.decodeGuessing(bytes).text
        }
        return Charset.decode(bytes, name) ?? Charset.decodeGuessing(bytes).text
    }
}
