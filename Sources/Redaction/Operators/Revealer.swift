public import Records

/// Turns what `encrypt` and `token` wrote back into what stood there.
///
/// `encrypt` gives back the text byte for byte; `token` gives the value as it was first written in
/// the dataset, since "JANE ROE" and "Jane Roe" share a code. Text that only looks like one of our
/// codes stays as it is and is counted.
public struct Revealer: Sendable {
    private let sealing: ValueSealing?
    private let written: [String: TokenTable.Entry]

    /// Makes a revealer out of what the dataset has.
    public init(keys: RedactionKeys) {
        sealing = keys.encryptionKey.map { ValueSealing(key: $0) }
        written = keys.tokens?.written() ?? [:]
    }

    /// What became of a text's codes.
    public struct Counts: Sendable, Hashable {
        /// Codes that were turned back.
        public var revealed = 0
        /// Texts of a code's form that no key and no table knows.
        public var unknown = 0
        /// No codes.
        public init() {}
    }

    /// The text with its codes turned back.
    ///
    /// - Complexity: O(n).
    public func reveal(_ text: [UInt8], counts: inout Counts) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var copied = 0
        var i = 0
        while i < text.count {
            guard text[i] == 0x5B, let end = Self.end(of: text, from: i + 1) else {
                i += 1
                continue
            }
            guard let value = value(of: text[(i + 1)..<end]) else {
                counts.unknown += 1
                i += 1
                continue
            }
            result += text[copied..<i]
            result += value
            counts.revealed += 1
            i = end + 1
            copied = i
        }
        result += text[copied...]
        return result
    }

    /// The record with the codes of all its texts turned back.
    public func reveal(_ record: Record, counts: inout Counts) -> Record {
        var result = record
        for (name, value) in record.fields {
            result.fields[name] = reveal(value, counts: &counts)
        }
        return result
    }

    private func reveal(_ value: JSONValue, counts: inout Counts) -> JSONValue {
        switch value {
        case .string(let text):
            return .string(
                String(decoding: reveal(Array(text.utf8), counts: &counts), as: UTF8.self))
        case .array(let elements):
            return .array(elements.map { reveal($0, counts: &counts) })
        case .object(let members):
            return .object(members.mapValues { reveal($0, counts: &counts) })
        case .null, .bool, .number: return value
        }
    }

    private func value(of inner: ArraySlice<UInt8>) -> [UInt8]? {
        if let value = sealing?.open(inner) { return value }
        guard let colon = inner.firstIndex(of: 0x3A) else { return nil }
        let code = String(decoding: inner[(colon + 1)...], as: UTF8.self)
        guard let entry = written[code],
            inner[..<colon].elementsEqual(entry.type.rawValue.utf8)
        else { return nil }
        return entry.written
    }

    /// The closing bracket of `TYPE:code` that begins at `start`; nil where none does.
    private static func end(of text: [UInt8], from start: Int) -> Int? {
        var i = start
        while i < text.count, i - start <= 64, text[i].isUpper || text[i].isDigit || text[i] == 0x5F
        {
            i += 1
        }
        guard i > start, i < text.count, text[i] == 0x3A else { return nil }
        i += 1
        while i < text.count,
            text[i].isAlnum || text[i] == 0x3A || text[i] == 0x2D || text[i] == 0x5F
        {
            i += 1
        }
        return i < text.count && text[i] == 0x5D ? i : nil
    }
}
