/// A structured value with parameters, such as `Content-Type: text/plain; charset=utf-8`
/// (RFC 2045 §5.1), with the continuations and charsets of RFC 2231.
struct MailParameters {
    /// The value before the parameters, in lower case: `text/plain`.
    var value = ""
    /// Parameters by name in lower case.
    var parameters: [String: String] = [:]

    /// Reads a field's value.
    init(_ field: [UInt8]) {
        var pieces: [(name: String, value: [UInt8], isQuoted: Bool)] = []
        var scanner = MailScanner(field)
        value = MailText.lowered(scanner.untilSemicolon().filter { $0 > 0x20 })
        while scanner.skipSemicolons() {
            let name = MailText.lowered(scanner.name())
            guard scanner.take(0x3D) else { continue }
            let (bytes, isQuoted) = scanner.parameterValue()
            if !name.isEmpty { pieces.append((name, bytes, isQuoted)) }
        }
        parameters = Self.join(pieces)
    }

    /// Puts `name*0*`, `name*1`, … together and decodes what is encoded.
    private static func join(
        _ pieces: [(name: String, value: [UInt8], isQuoted: Bool)]
    ) -> [String: String] {
        var out: [String: String] = [:]
        var parts: [String: [Int: (bytes: [UInt8], isEncoded: Bool)]] = [:]
        for piece in pieces {
            let split = piece.name.split(separator: "*", omittingEmptySubsequences: false)
            let base = String(split[0])
            if split.count == 1 {
                if out[base] == nil { out[base] = EncodedWord.decode(piece.value) }
            } else {
                let isEncoded = split[split.count - 1].isEmpty
                let index = Int(split[1]) ?? 0
                parts[base, default: [:]][index] = (piece.value, isEncoded)
            }
        }
        for (base, sections) in parts {
            var bytes: [UInt8] = []
            var charset: String?
            for (index, section) in sections.sorted(by: { $0.key < $1.key }) {
                var value = section.bytes[...]
                if section.isEncoded {
                    // charset'language'text, in the first section only (RFC 2231 §4.1).
                    let marks = value.indices.filter { value[$0] == 0x27 }
                    if index == 0, marks.count >= 2 {
                        charset = MailText.lowered(value[..<marks[0]])
                        value = value[(marks[1] + 1)...]
                    }
                    bytes.append(contentsOf: percentDecoded(value))
                } else {
                    bytes.append(contentsOf: value)
                }
            }
            out[base] = MailCharset.text(bytes, charset)
        }
        return out
    }

    private static func percentDecoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == 0x25, index + 2 < text.endIndex,
                let high = TransferEncoding.hex(text[index + 1]),
                let low = TransferEncoding.hex(text[index + 2])
            {
                out.append(high << 4 | low)
                index += 3
            } else {
                out.append(text[index])
                index += 1
            }
        }
        return out
    }
}

/// Reads a structured field from left to right.
struct MailScanner {
    private let bytes: [UInt8]
    private(set) var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// What stands before the first `;`, comments left out.
    mutating func untilSemicolon() -> [UInt8] {
        var out: [UInt8] = []
        while index < bytes.count, bytes[index] != 0x3B {
            if bytes[index] == 0x28 {
                skipComment()
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }

    /// Steps over `;` and blanks; false at the end.
    mutating func skipSemicolons() -> Bool {
        while index < bytes.count, bytes[index] == 0x3B || bytes[index] <= 0x20 { index += 1 }
        return index < bytes.count
    }

    /// A parameter's name. Always moves on, whatever stands there.
    mutating func name() -> [UInt8] {
        let start = index
        while index < bytes.count, bytes[index] != 0x3D, bytes[index] != 0x3B { index += 1 }
        return bytes[start..<index].filter { $0 > 0x20 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    /// A token, or a quoted string with `\` as escape.
    mutating func parameterValue() -> ([UInt8], isQuoted: Bool) {
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
        var out: [UInt8] = []
        if take(0x22) {
            while index < bytes.count, bytes[index] != 0x22 {
                if bytes[index] == 0x5C, index + 1 < bytes.count { index += 1 }
                out.append(bytes[index])
                index += 1
            }
            index += index < bytes.count ? 1 : 0
            while index < bytes.count, bytes[index] != 0x3B { index += 1 }
            return (out, true)
        }
        while index < bytes.count, bytes[index] != 0x3B {
            if bytes[index] == 0x28, out.last == 0x20 {
                skipComment()
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        while let last = out.last, last <= 0x20 { out.removeLast() }
        return (out, false)
    }

    /// Steps over `( … )`, nested.
    private mutating func skipComment() {
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case 0x28: depth += 1
            case 0x29: depth -= 1
            case 0x5C: index += 1
            default: break
            }
            index += 1
            if depth == 0 { return }
        }
        index = min(index, bytes.count)
    }
}
