internal import Records

/// Reads the values between the parentheses of one row of an INSERT.
struct SQLValues {
    /// A value, and what the source calls it.
    typealias Value = (value: JSONValue, type: Schema.ColumnType)

    let dialect: SQLDialect
    private let bytes: [UInt8]
    private var i = 0

    /// The values of `list`, which begins and ends with a parenthesis.
    static func read(
        _ list: UnsafeBufferPointer<UInt8>, dialect: SQLDialect
    ) throws(JSONFault) -> [Value] {
        var reader = SQLValues(dialect: dialect, bytes: unsafe Array(list.dropFirst().dropLast()))
        return try reader.all()
    }

    private init(dialect: SQLDialect, bytes: [UInt8]) {
        self.dialect = dialect
        self.bytes = bytes
    }

    private mutating func all() throws(JSONFault) -> [Value] {
        var values: [Value] = []
        while true {
            skipSpace()
            let start = i
            if let value = try simple(), isAtDelimiter {
                values.append(value)
            } else {
                i = start
                values.append(try expression(from: start))
            }
            guard i < bytes.count else { return values }
            i += 1
        }
    }

    private var isAtDelimiter: Bool {
        mutating get {
            skipSpace()
            return i >= bytes.count || bytes[i] == UInt8(ascii: ",")
        }
    }

    private mutating func skipSpace() {
        while i < bytes.count, ByteSearch.isSpace(bytes[i]) { i += 1 }
    }

    // MARK: One value

    /// A literal with what may stand around it; nil if it is something else.
    private mutating func simple() throws(JSONFault) -> Value? {
        skipSpace()
        guard i < bytes.count else { return nil }
        guard var value = try literal() else { return nil }
        while true {
            skipSpace()
            if bytes[i...].starts(with: Array("::".utf8)) {
                // A cast of PostgreSQL: the text stays.
                i += 2
                while i < bytes.count,
                    SQLCutter.isWordByte(bytes[i]) || "\"[]. ".utf8.contains(bytes[i])
                { i += 1 }
                if i < bytes.count, bytes[i] == UInt8(ascii: "(") {
                    while i < bytes.count, bytes[i] != UInt8(ascii: ")") { i += 1 }
                    i = min(i + 1, bytes.count)
                }
            } else if bytes[i...].starts(with: Array("||".utf8)),
                case .string(let text) = value.value
            {
                i += 2
                skipSpace()
                guard let next = try literal(), case .string(let more) = next.value else {
                    return nil
                }
                value = (.string(text + more), .string)
            } else {
                return value
            }
        }
    }

    private mutating func literal() throws(JSONFault) -> Value? {
        let byte = bytes[i]
        switch byte {
        case UInt8(ascii: "'"):
            return (.string(try text(escapes: dialect.backslashEscapes, isC: false)), .string)
        case UInt8(ascii: "\"") where dialect.doubleQuotesAreText:
            return (.string(try text(escapes: true, isC: false)), .string)
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), 0x30...0x39:
            return try number()
        default: return SQLCutter.isWordByte(byte) ? try word() : nil
        }
    }

    private mutating func number() throws(JSONFault) -> Value? {
        let start = i
        if bytes[i...].starts(with: Array("0x".utf8)) {
            i += 2
            let digits = i
            while i < bytes.count, Hex.isDigit(bytes[i]) { i += 1 }
            guard i > digits else { return nil }
            return (try Self.blob(String(decoding: bytes[digits..<i], as: UTF8.self)), .string)
        }
        if bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+") { i += 1 }
        var isWhole = true
        var hasDigit = false
        while i < bytes.count {
            let byte = bytes[i]
            if (0x30...0x39).contains(byte) {
                hasDigit = true
            } else if byte == UInt8(ascii: ".") {
                isWhole = false
            } else if byte | 0x20 == UInt8(ascii: "e"), hasDigit {
                isWhole = false
                let sign = i + 1 < bytes.count ? bytes[i + 1] : 0
                if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { i += 1 }
            } else {
                break
            }
            i += 1
        }
        guard hasDigit else { return nil }
        let text = String(decoding: bytes[start..<i], as: UTF8.self)
        return (.string(text), isWhole && text.utf8.count <= 18 ? .integer : .number)
    }

    private mutating func word() throws(JSONFault) -> Value? {
        let start = i
        while i < bytes.count, SQLCutter.isWordByte(bytes[i]) { i += 1 }
        let name = String(decoding: bytes[start..<i], as: UTF8.self).uppercased()
        let next = i < bytes.count ? bytes[i] : 0
        if next == UInt8(ascii: "'") {
            switch name {
            case "N":
                return (.string(try text(escapes: dialect.backslashEscapes, isC: false)), .string)
            case "E": return (.string(try text(escapes: true, isC: true)), .string)
            case "X": return (try Self.blob(try text(escapes: false, isC: false)), .string)
            case "B": return (.string(try text(escapes: false, isC: false)), .string)
            default: break
            }
        }
        switch name {
        case "NULL": return (.null, .null)
        case "TRUE": return (.bool(true), .boolean)
        case "FALSE": return (.bool(false), .boolean)
        default: break
        }
        skipSpace()
        if name.hasPrefix("_"), i < bytes.count, bytes[i] == UInt8(ascii: "'") {
            // MySQL's introducers: _utf8mb4'…', _binary '…'.
            return (try binaryText(isBinary: name == "_BINARY"), .string)
        }
        guard i < bytes.count, bytes[i] == UInt8(ascii: "(") else { return nil }
        return try call(name)
    }

    /// The calls that dump programs write for texts: SQLite's `replace(…, '\n', char(10))`.
    private mutating func call(_ name: String) throws(JSONFault) -> Value? {
        guard ["REPLACE", "CHAR", "CHR"].contains(name) else { return nil }
        i += 1
        var arguments: [JSONValue] = []
        while true {
            guard let value = try simple() else { return nil }
            arguments.append(value.value)
            skipSpace()
            guard i < bytes.count else { return nil }
            i += 1
            if bytes[i - 1] == UInt8(ascii: ")") { break }
            guard bytes[i - 1] == UInt8(ascii: ",") else { return nil }
        }
        let texts = arguments.compactMap(\.stringValue)
        guard texts.count == arguments.count else { return nil }
        if name == "REPLACE" {
            guard texts.count == 3, !texts[1].isEmpty else { return nil }
            return (.string(Self.replacing(texts[1], in: texts[0], by: texts[2])), .string)
        }
        let scalars = texts.compactMap { UInt32($0).flatMap(Unicode.Scalar.init) }
        guard scalars.count == texts.count else { return nil }
        return (.string(String(String.UnicodeScalarView(scalars))), .string)
    }

    private static func replacing(_ part: String, in text: String, by other: String) -> String {
        let (needle, hay) = (Array(part.utf8), Array(text.utf8))
        var output: [UInt8] = []
        var i = 0
        while i < hay.count {
            if hay[i] == needle[0], hay[i...].starts(with: needle) {
                output += Array(other.utf8)
                i += needle.count
            } else {
                output.append(hay[i])
                i += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Anything else up to the comma behind it: its source text.
    private mutating func expression(from start: Int) throws(JSONFault) -> Value {
        var depth = 0
        while i < bytes.count {
            let byte = bytes[i]
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                try skipQuoted(byte)
                continue
            }
            if byte == UInt8(ascii: "("), true { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if byte == UInt8(ascii: ","), depth <= 0 { break }
            i += 1
        }
        let text = ResolvedMapping.trimmed(String(decoding: bytes[start..<i], as: UTF8.self))
        guard !text.isEmpty else { throw JSONFault(.sqlSyntax, "a value is missing") }
        return (.string(text), .string)
    }

    private mutating func skipQuoted(_ quote: UInt8) throws(JSONFault) {
        i += 1
        while i < bytes.count, bytes[i] != quote {
            i += dialect.backslashEscapes && bytes[i] == UInt8(ascii: "\\") ? 2 : 1
        }
        i = min(i + 1, bytes.count)
    }

    // MARK: Texts

    /// The text between quotes, the first of which is here.
    private mutating func text(escapes: Bool, isC: Bool) throws(JSONFault) -> String {
        let raw = try quoted(escapes: escapes, isC: isC)
        guard let text = String(validating: raw, as: UTF8.self) else {
            throw JSONFault(.encodingInvalid, "bytes that the encoding does not allow")
        }
        return text
    }

    private mutating func binaryText(isBinary: Bool) throws(JSONFault) -> JSONValue {
        let raw = try quoted(escapes: dialect.backslashEscapes, isC: false)
        if let text = String(validating: raw, as: UTF8.self) { return .string(text) }
        guard isBinary else {
            throw JSONFault(.encodingInvalid, "bytes that the encoding does not allow")
        }
        return .string(Hex.encode(raw))
    }

    private mutating func quoted(escapes: Bool, isC: Bool) throws(JSONFault) -> [UInt8] {
        let quote = bytes[i]
        var output: [UInt8] = []
        i += 1
        while i < bytes.count {
            let byte = bytes[i]
            if byte == quote {
                i += 1
                guard i < bytes.count, bytes[i] == quote else { return output }
                output.append(quote)
                i += 1
            } else if escapes, byte == UInt8(ascii: "\\"), i + 1 < bytes.count {
                i += SQLEscapes.decode(bytes[i...], isC: isC, into: &output)
            } else {
                output.append(byte)
                i += 1
            }
        }
        throw JSONFault(.sqlSyntax, "a string is not closed")
    }

    /// Bytes in hexadecimal: text if they are UTF-8 without control characters, else the digits.
    static func blob(_ digits: String) throws(JSONFault) -> JSONValue {
        guard let bytes = Hex.decode(digits.lowercased()) else { return .string(digits) }
        let isPlain = bytes.allSatisfy { $0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        if isPlain, let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return .string(digits.lowercased())
    }
}
