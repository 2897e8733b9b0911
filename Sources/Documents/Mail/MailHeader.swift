/// The header of a message or of one of its parts (RFC 5322 §2.2), unfolded.
///
/// Read with patience: fields may be folded by nothing but a space, lines that are no field are
/// skipped while fields follow them, an envelope line (`From …`) may come first.
struct MailHeader {
    /// One field: its name in lower case, its value as bytes without line ends.
    struct Field {
        var name: String
        var value: [UInt8]
    }

    private(set) var fields: [Field] = []

    /// The value of the first field of that name that is not blank, as raw bytes.
    func raw(_ name: String) -> [UInt8]? {
        fields.first { $0.name == name && $0.value.contains { $0 > 0x20 } }?.value
    }

    /// The value of the first field of that name, with encoded words decoded; nil if blank.
    func text(_ name: String) -> String? {
        guard let value = raw(name) else { return nil }
        let text = MailText.trimmed(EncodedWord.decode(value))
        return text.isEmpty ? nil : text
    }

    /// The values of all fields of that name, joined by a comma, as of several `To` fields.
    func joined(_ name: String) -> [UInt8]? {
        let values = fields.filter { $0.name == name && $0.value.contains { $0 > 0x20 } }
        guard let first = values.first else { return nil }
        return values.dropFirst().reduce(into: first.value) {
            $0.append(contentsOf: [0x2C, 0x20])
            $0.append(contentsOf: $1.value)
        }
    }

    /// Reads the header at the start of `bytes`, and says where the body begins.
    static func parse(_ bytes: ArraySlice<UInt8>) -> (header: MailHeader, body: Int) {
        var header = MailHeader()
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let (line, next) = MailLines.line(bytes, at: position)
            if line.isEmpty { return (header, next) }
            let isBlank = !line.contains { $0 != 0x20 && $0 != 0x09 }
            if isBlank {
                // White space alone: a badly written end of the header, or a badly folded field.
                guard next < bytes.endIndex,
                    isFieldOrFold(MailLines.line(bytes, at: next).line)
                else { return (header, next) }
            } else if line.first == 0x20 || line.first == 0x09 {
                if header.fields.isEmpty { return (header, position) }
                header.append(line)
            } else if let colon = fieldColon(line) {
                let name = line[..<colon].filter { $0 != 0x20 && $0 != 0x09 }
                header.fields.append(
                    Field(
                        name: String(decoding: name, as: UTF8.self).lowercased(),
                        value: Array(line[(colon + 1)...])))
            } else if !isEnvelope(line) {
                // Not a field: the body begins without a blank line, unless fields follow.
                guard !header.fields.isEmpty, next < bytes.endIndex,
                    fieldColon(MailLines.line(bytes, at: next).line) != nil
                else { return (header, position) }
                header.append([0x20] + line)
            }
            position = next
        }
        return (header, bytes.endIndex)
    }

    private mutating func append(_ line: ArraySlice<UInt8>) {
        fields[fields.count - 1].value.append(contentsOf: line)
    }

    private static func isFieldOrFold(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first else { return false }
        if first == 0x20 || first == 0x09 {
            return line.contains { $0 != 0x20 && $0 != 0x09 }
        }
        return fieldColon(line) != nil
    }

    /// `From x` or `>From x`: what a mailbox puts before a message.
    private static func isEnvelope(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: Array("From ".utf8)) || line.starts(with: Array(">From ".utf8))
    }

    /// Where the colon of a field stands: a name is 1 to 76 printable ASCII bytes, none of them a
    /// colon (RFC 5322 §3.6.8); white space may stand before the colon (§4.5).
    private static func fieldColon(_ line: ArraySlice<UInt8>) -> Int? {
        var index = line.startIndex
        while index < line.endIndex, line[index] > 0x20, line[index] < 0x7F, line[index] != 0x3A {
            index += 1
        }
        guard index > line.startIndex, index - line.startIndex <= 76 else { return nil }
        while index < line.endIndex, line[index] == 0x20 || line[index] == 0x09 { index += 1 }
        return index < line.endIndex && line[index] == 0x3A ? index : nil
    }
}

/// Lines of a message: they end in CR LF or LF.
enum MailLines {
    /// The line that begins at `start`, without its end, and where the next one begins.
    static func line(
        _ bytes: ArraySlice<UInt8>, at start: Int
    ) -> (line: ArraySlice<UInt8>, next: Int) {
        var end = start
        while end < bytes.endIndex, bytes[end] != 0x0A { end += 1 }
        let next = end < bytes.endIndex ? end + 1 : end
        while end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return (bytes[start..<end], next)
    }
}

/// Small things about text.
enum MailText {
    /// Without white space and zero bytes at both ends.
    static func trimmed(_ text: String) -> String {
        let isSpace = { (byte: UInt8) in byte <= 0x20 }
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { !isSpace($0) }),
            let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(text[first...last])
    }

    /// LF as the only line end.
    static func unixLines(_ text: String) -> String {
        guard text.utf8.contains(0x0D) else { return text }
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        var lastWasReturn = false
        for byte in text.utf8 {
            if byte == 0x0D {
                out.append(0x0A)
            } else if byte != 0x0A || !lastWasReturn {
                out.append(byte)
            }
            lastWasReturn = byte == 0x0D
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Lines of a text whose lines end in LF.
    static func lines(_ text: String) -> [Substring] {
        text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
    }

    /// A text in lower case, of ASCII letters only; the fast way to compare keywords.
    static func lowered(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
