/// JSON (RFC 8259) whose strings and member names stay bytes.
///
/// A vocabulary must not go through `Dictionary<String, …>`: `String` equality is canonical
/// equivalence, so two tokens that differ only in normalisation form would become one.
indirect enum ByteJSON {
    case null
    case bool(Bool)
    case number([UInt8])
    case string([UInt8])
    case array([ByteJSON])
    case object([(name: [UInt8], value: ByteJSON)])

    /// The first member of that (ASCII) name, nil if there is none or this is no object.
    subscript(name: String) -> ByteJSON? {
        guard case .object(let members) = self else { return nil }
        let wanted = Array(name.utf8)
        return members.first { $0.name == wanted }?.value
    }

    var text: String? {
        guard case .string(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    var integer: Int? {
        guard case .number(let bytes) = self else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self))
    }

    var real: Double? {
        guard case .number(let bytes) = self else { return nil }
        return Double(String(decoding: bytes, as: UTF8.self))
    }

    var bytes: [UInt8]? {
        guard case .string(let bytes) = self else { return nil }
        return bytes
    }

    var elements: [ByteJSON]? {
        guard case .array(let list) = self else { return nil }
        return list
    }

    var truth: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    var isNull: Bool {
        guard case .null = self else { return false }
        return true
    }
}

/// A recursive-descent reader of `ByteJSON` with a depth limit.
struct ByteJSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private static let depthLimit = 64

    /// Reads one whole document.
    static func read(_ bytes: [UInt8]) throws(TokenizerError) -> ByteJSON {
        var reader = ByteJSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.failure("text after the end") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func failure(_ what: String) -> TokenizerError {
        TokenizerError(
            .malformed, "tokenizer JSON: \(what) at byte \(position)",
            hint: "fetch the file again; it is damaged or no JSON")
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
            position += 1
        }
    }

    private mutating func expect(_ literal: StaticString) throws(TokenizerError) {
        for byte in "\(literal)".utf8 {
            guard position < bytes.count, bytes[position] == byte else {
                throw failure("expected '\(literal)'")
            }
            position += 1
        }
    }

    private mutating func value(depth: Int) throws(TokenizerError) -> ByteJSON {
        guard depth < Self.depthLimit else { throw failure("nested too deeply") }
        skipSpace()
        guard position < bytes.count else { throw failure("unexpected end") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try expect("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try expect("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try expect("null")
            return .null
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(TokenizerError) -> ByteJSON {
        position += 1
        var members: [(name: [UInt8], value: ByteJSON)] = []
        skipSpace()
        if position < bytes.count, bytes[position] == UInt8(ascii: "}") {
            position += 1
            return .object(members)
        }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw failure("expected a member name")
            }
            let name = try string()
            skipSpace()
            try expect(":")
            members.append((name, try value(depth: depth + 1)))
            guard try another(closedBy: UInt8(ascii: "}")) else { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(TokenizerError) -> ByteJSON {
        position += 1
        var elements: [ByteJSON] = []
        skipSpace()
        if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            guard try another(closedBy: UInt8(ascii: "]")) else { return .array(elements) }
        }
    }

    /// After a member or element: true on a comma, false on the closing byte.
    private mutating func another(closedBy close: UInt8) throws(TokenizerError) -> Bool {
        skipSpace()
        guard position < bytes.count else { throw failure("unexpected end") }
        defer { position += 1 }
        if bytes[position] == close { return false }
        guard bytes[position] == UInt8(ascii: ",") else { throw failure("expected ','") }
        return true
    }

    private mutating func number() throws(TokenizerError) -> ByteJSON {
        let start = position
        while position < bytes.count,
            (0x30...0x39).contains(bytes[position]) || "+-.eE".utf8.contains(bytes[position])
        {
            position += 1
        }
        let literal = Array(bytes[start..<position])
        guard Double(String(decoding: literal, as: UTF8.self)) != nil else {
            throw failure("expected a value")
        }
        return .number(literal)
    }

    private mutating func string() throws(TokenizerError) -> [UInt8] {
        position += 1
        var result: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                return result
            case UInt8(ascii: "\\"):
                result.append(contentsOf: try escape())
            case 0..<0x20:
                throw failure("control character in a string")
            default:
                result.append(byte)
            }
        }
        throw failure("unexpected end of a string")
    }

    private mutating func escape() throws(TokenizerError) -> [UInt8] {
        guard position < bytes.count else { throw failure("unexpected end of a string") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800...0xDBFF).contains(code) {
                try expect("\\u")
                let low = try hexadecimal()
                guard (0xDC00...0xDFFF).contains(low) else { throw failure("lone surrogate") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("lone surrogate") }
            return Array(String(Character(scalar)).utf8)
        default: throw failure("unknown escape")
        }
    }

    private mutating func hexadecimal() throws(TokenizerError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(
                String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure("expected four hexadecimal digits") }
        position += 4
        return code
    }
}
