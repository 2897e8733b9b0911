/// A strict reader of JSON (RFC 8259) for configuration, manifests and single records.
///
/// It refuses what other readers let pass: duplicate members, lone surrogates, invalid UTF-8,
/// trailing bytes, and nesting past ``depthLimit``. Files in bulk go through the Ingestion room.
public struct JSONParser {
    /// How deep arrays and objects may nest.
    public static let depthLimit = 512

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads one value that fills `bytes`, but for white space around it.
    public static func parse(_ bytes: [UInt8]) throws(RecordsError) -> JSONValue {
        var parser = JSONParser(bytes)
        parser.skipSpace()
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else {
            throw parser.error("unexpected text after the JSON value")
        }
        return value
    }

    private func error(
        _ message: String, code: RecordsError.Code = .malformedJSON
    ) -> RecordsError { RecordsError(code, message, offset: position) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next,
            byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
        {
            position += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(RecordsError) -> JSONValue {
        switch next {
        case UInt8(ascii: "{"):
            return try nested { parser throws(RecordsError) in try parser.object() }
        case UInt8(ascii: "["):
            return try nested { parser throws(RecordsError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-")?, .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
        case nil: throw error("the JSON ends where a value should stand")
        default: throw error("no JSON value begins like this")
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(RecordsError) -> JSONValue
    ) throws(RecordsError) -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw error("JSON nested deeper than \(Self.depthLimit)", code: .tooDeep)
        }
        position += 1
        return try body(&self)
    }

    private mutating func object() throws(RecordsError) -> JSONValue {
        // Gathered first: the dictionary is then made once, at its size.
        var members: [(name: String, value: JSONValue)] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([:]) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("a member needs a name") }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("a colon should follow the name") }
            skipSpace()
            members.append((name, try value()))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw error("the object does not end") }
            return .object(try dictionary(of: members))
        }
    }

    private func dictionary(
        of members: [(name: String, value: JSONValue)]
    ) throws(RecordsError) -> [String: JSONValue] {
        var result = [String: JSONValue](minimumCapacity: members.count)
        for member in members {
            guard result.updateValue(member.value, forKey: member.name) == nil else {
                throw error("the object names a member twice", code: .duplicateMember)
            }
        }
        return result
    }

    private mutating func array() throws(RecordsError) -> JSONValue {
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            skipSpace()
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw error("the array does not end") }
            return .array(elements)
        }
    }

    private mutating func literal(
        _ text: StaticString, _ value: JSONValue
    ) throws(RecordsError) -> JSONValue {
        for byte in Array(text.description.utf8) {
            guard take(byte) else { throw error("expected \(text)") }
        }
        return value
    }

    private mutating func number() throws(RecordsError) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            try digits()
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() throws(RecordsError) {
        let start = position
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            position += 1
        }
        guard position > start else { throw error("a digit should stand here") }
    }

    private mutating func string() throws(RecordsError) -> String {
        position += 1
        var start = position
        var out: [UInt8] = []
        while let byte = next {
            if byte == UInt8(ascii: "\"") {
                // Nothing is copied twice where nothing is escaped.
                let rest = bytes[start..<position]
                position += 1
                if !out.isEmpty { out.append(contentsOf: rest) }
                let text =
                    out.isEmpty
                    ? String(validating: rest, as: UTF8.self)
                    : String(validating: out, as: UTF8.self)
                guard let text else { throw error("the string is not valid UTF-8") }
                return text
            }
            guard byte >= 0x20 else { throw error("a control character must be escaped") }
            guard byte == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            out.append(contentsOf: bytes[start..<position])
            position += 1
            try escape(into: &out)
            start = position
        }
        throw error("the string does not end")
    }

    private mutating func escape(into out: inout [UInt8]) throws(RecordsError) {
        guard let letter = next else { throw error("the string does not end") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(letter)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"):
            var code = UInt32(try codeUnit())
            if code >= 0xD800, code < 0xDC00 {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                    throw error("a lone surrogate stands for no character")
                }
                let low = UInt32(try codeUnit())
                guard low >= 0xDC00, low < 0xE000 else {
                    throw error("a lone surrogate stands for no character")
                }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw error("a lone surrogate stands for no character")
            }
            out.append(contentsOf: Array(String(Character(scalar)).utf8))
        default: throw error("no such escape")
        }
    }

    private mutating func codeUnit() throws(RecordsError) -> UInt16 {
        guard bytes.count - position >= 4,
            let pair = Hex.decode(
                String(decoding: bytes[position..<position + 4], as: UTF8.self))
        else { throw error("\\u needs four hex digits") }
        position += 4
        return UInt16(pair[0]) << 8 | UInt16(pair[1])
    }
}
