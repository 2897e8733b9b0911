/// The escape sequences of HL7 v2 text (chapter 2, §2.7).
struct HL7Escapes {
    let delimiters: HL7Delimiters

    /// The text that `bytes` mean. `kept` is set where a sequence stays as it is written, because
    /// what it stands for is not known here: other character sets, local meanings.
    func decode(_ bytes: ArraySlice<UInt8>, kept: inout Bool) -> String {
        guard let escape = delimiters.escape, bytes.contains(escape) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var i = bytes.startIndex
        while i < bytes.endIndex {
            guard bytes[i] == escape else {
                output.append(bytes[i])
                i += 1
                continue
            }
            // A lone escape character is text: senders forget to escape it.
            guard let end = bytes[(i + 1)...].prefix(66).firstIndex(of: escape), end > i + 1 else {
                output.append(escape)
                i += 1
                continue
            }
            let body = bytes[(i + 1)..<end]
            if let text = meaning(body) {
                output += text
            } else if Self.isSequence(body) {
                kept = true
                output += bytes[i...end]
            } else {
                output.append(escape)
                i += 1
                continue
            }
            i = end + 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private func meaning(_ body: ArraySlice<UInt8>) -> [UInt8]? {
        switch String(decoding: body, as: UTF8.self) {
        case "F": return [delimiters.field]
        case "S": return delimiters.component.map { [$0] }
        case "T": return delimiters.subcomponent.map { [$0] }
        case "R": return delimiters.repetition.map { [$0] }
        case "E": return delimiters.escape.map { [$0] }
        case "P": return delimiters.truncation.map { [$0] }
        case "H", "N": return []
        case ".br", ".ce": return [0x0A]
        case ".fi", ".nf": return []
        case let text where text.hasPrefix(".sp"):
            let count = text.dropFirst(3).drop { $0 == " " || $0 == "+" }
            return Array(repeating: 0x0A, count: min(max(Int(count) ?? 1, 1), 99))
        case let text where text.hasPrefix(".in") || text.hasPrefix(".ti") || text.hasPrefix(".sk"):
            return text.hasPrefix(".sk") ? [0x20] : []
        case let text where text.hasPrefix("X"): return Self.hex(body.dropFirst())
        default: return nil
        }
    }

    /// Bytes in hexadecimal: as UTF-8 where they are, else as ISO 8859-1; no control characters
    /// but line ends and tabs.
    private static func hex(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        let text = String(decoding: digits, as: UTF8.self)
        guard !text.isEmpty, text.utf8.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16), rest.first != "+" else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        let normal = bytes.map { $0 == 0x0D ? 0x0A : $0 }
        guard normal.allSatisfy({ $0 >= 0x20 || $0 == 0x09 || $0 == 0x0A }) else { return [] }
        if String(validating: normal, as: UTF8.self) != nil { return normal }
        return normal.flatMap { $0 < 0x80 ? [$0] : [0xC0 | $0 >> 6, 0x80 | $0 & 0x3F] }
    }

    /// Whether it is one of the sequences that stand for other character sets or local things.
    private static func isSequence(_ body: ArraySlice<UInt8>) -> Bool {
        guard let first = body.first else { return false }
        let rest = body.dropFirst()
        let isHex = rest.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x46).contains($0) }
        switch first {
        case UInt8(ascii: "C"): return rest.count == 4 && isHex
        case UInt8(ascii: "M"): return (rest.count == 4 || rest.count == 6) && isHex
        case UInt8(ascii: "X"): return isHex
        case UInt8(ascii: "Z"): return rest.count <= 32
        case UInt8(ascii: "."): return rest.count <= 8
        default: return false
        }
    }
}

/// The delimiters that an HL7 v2 message declares in its header.
struct HL7Delimiters: Hashable {
    let field: UInt8
    let component: UInt8?
    let repetition: UInt8?
    let escape: UInt8?
    let subcomponent: UInt8?
    let truncation: UInt8?

    /// Reads them from a header segment (`MSH|^~\&|…`); nil if it declares none.
    init?(header: ArraySlice<UInt8>) {
        let bytes = Array(header.prefix(16))
        guard bytes.count >= 5 else { return nil }
        let separator = bytes[3]
        field = separator
        guard !Self.isText(separator) else { return nil }
        let marks = Array(bytes[4...].prefix { $0 != separator })
        guard (1...5).contains(marks.count), !marks.contains(where: Self.isText),
            Set(marks).count == marks.count
        else { return nil }
        let all = marks.map { Optional($0) } + Array(repeating: nil, count: 5 - marks.count)
        component = all[0]
        repetition = all[1]
        escape = all[2]
        subcomponent = all[3]
        truncation = all[4]
    }

    private static func isText(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte >= 0x7F || (0x30...0x39).contains(byte)
            || (0x61...0x7A).contains(byte | 0x20)
    }
}
