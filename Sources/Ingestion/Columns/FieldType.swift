/// The type of a column, as inferred over a whole file or declared in a mapping.
public enum FieldType: String, CaseIterable, Sendable, Hashable {
    /// Nothing but nulls.
    case null
    /// `true` and `false`.
    case boolean
    /// Whole numbers without leading zeros, of at most 18 digits.
    case integer
    /// Numbers, also with a fraction or an exponent.
    case number
    /// ISO 8601 dates, with or without a time: `2026-11-22`, `2026-11-22T10:00:00Z`.
    case date
    /// Text.
    case string
    /// Arrays.
    case array
    /// Objects.
    case object
    /// More than one of the above.
    case mixed

    /// The types that a mapping can declare.
    static let declarable: [FieldType] = [.string, .integer, .number, .boolean, .date]

    /// With its article, for messages.
    var inWords: String {
        switch self {
        case .integer: "an integer"
        case .array: "an array"
        case .object: "an object"
        case .null, .mixed: rawValue
        default: "a \(rawValue)"
        }
    }

    /// Whether `text` is of a declared type; a blank or a null spelling is of every type.
    func holds(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            let range = unsafe ByteSearch.trimmed(bytes)
            let body = unsafe UnsafeBufferPointer(rebasing: bytes[range])
            if self == .string || body.isEmpty { return true }
            if unsafe NullSpelling.of(body) != nil { return true }
            let shapes = unsafe TextShape.of(body)
            return switch self {
            case .integer: shapes.contains(.integer)
            case .number: shapes.contains(.number)
            case .boolean: shapes.contains(.boolean)
            case .date: shapes.contains(.date)
            default: false
            }
        }
    }
}

/// What a piece of text may be besides text.
struct TextShape: OptionSet {
    let rawValue: UInt8

    static let integer = TextShape(rawValue: 1)
    static let number = TextShape(rawValue: 2)
    static let boolean = TextShape(rawValue: 4)
    static let date = TextShape(rawValue: 8)
    static let all: TextShape = [.integer, .number, .boolean, .date]

    /// The shapes that trimmed text has.
    static func of(_ text: UnsafeBufferPointer<UInt8>) -> TextShape {
        guard let first = unsafe text.first, text.count <= 40 else { return [] }
        if first == 0x2D || first == 0x2B || first == 0x2E || (0x30...0x39).contains(first) {
            if unsafe isDate(text) { return .date }
            return unsafe number(text)
        }
        let isBoolean = ["true", "false"].contains { word in
            unsafe text.count == word.utf8.count
                && zip(text, word.utf8).allSatisfy { $0 | 0x20 == $1 }
        }
        return isBoolean ? .boolean : []
    }

    /// `[+-]digits[.digits][e[+-]digits]`. A leading zero makes a code, not a number: postal
    /// codes and article numbers keep theirs.
    private static func number(_ text: UnsafeBufferPointer<UInt8>) -> TextShape {
        var i = unsafe text[0] == 0x2D || text[0] == 0x2B ? 1 : 0
        let whole = unsafe digits(text, &i)
        let isCode = unsafe whole > 1 && text[i - whole] == 0x30
        guard !isCode else { return [] }
        if i == text.count {
            return whole == 0 ? [] : whole <= 18 ? [.integer, .number] : .number
        }
        var fraction = 0
        if unsafe text[i] == 0x2E {
            i += 1
            fraction = unsafe digits(text, &i)
        }
        guard whole + fraction > 0 else { return [] }
        if i < text.count, unsafe text[i] | 0x20 == 0x65 {
            i += 1
            if i < text.count, unsafe text[i] == 0x2D || text[i] == 0x2B { i += 1 }
            guard unsafe digits(text, &i) > 0 else { return [] }
        }
        return i == text.count ? .number : []
    }

    private static func digits(_ text: UnsafeBufferPointer<UInt8>, _ i: inout Int) -> Int {
        let start = i
        while i < text.count, unsafe (0x30...0x39).contains(text[i]) { i += 1 }
        return i - start
    }

    /// `YYYY-MM-DD`, then nothing or `T` or a space, `hh:mm`, `:ss`, `.f…`, `Z` or `±hh:mm`
    /// (ISO 8601-1:2019 §5.2.2.1 and §5.4.2.1, extended format).
    private static func isDate(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count >= 10, unsafe matches(text, from: 0, "dddd-dd-dd"),
            unsafe (1...12).contains(pair(text, 5)), unsafe (1...31).contains(pair(text, 8))
        else { return false }
        var i = 10
        if i == text.count { return true }
        guard unsafe text[i] == 0x54 || text[i] == 0x20,
            unsafe matches(text, from: 11, "dd:dd"), unsafe pair(text, 11) < 25,
            unsafe pair(text, 14) < 60
        else { return false }
        i = 16
        if unsafe matches(text, from: i, ":dd") { i += 3 }
        if i < text.count, unsafe text[i] == 0x2E || text[i] == 0x2C {
            i += 1
            guard unsafe digits(text, &i) > 0 else { return false }
        }
        if i == text.count { return true }
        if unsafe text[i] == 0x5A { return i + 1 == text.count }
        guard unsafe text[i] == 0x2B || text[i] == 0x2D else { return false }
        return unsafe (matches(text, from: i + 1, "dd:dd") && i + 6 == text.count)
            || (matches(text, from: i + 1, "dddd") && i + 5 == text.count)
    }

    private static func matches(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int, _ form: StaticString
    ) -> Bool {
        guard start + form.utf8CodeUnitCount <= text.count else { return false }
        for j in 0..<form.utf8CodeUnitCount {
            let (want, byte) = unsafe (form.utf8Start[j], text[start + j])
            guard want == 0x64 ? (0x30...0x39).contains(byte) : byte == want else { return false }
        }
        return true
    }

    private static func pair(_ text: UnsafeBufferPointer<UInt8>, _ i: Int) -> Int {
        unsafe Int(text[i] - 0x30) * 10 + Int(text[i + 1] - 0x30)
    }
}

/// The many ways of writing that there is no value.
enum NullSpelling {
    private static let spellings: [[UInt8]] = [
        "null", "none", "nil", "nan", "na", "n/a", "n.a.", "#n/a", "<na>", "\\n", "-", "--", "?",
        "missing", "(null)", "[null]", "#null!", "undefined",
    ].map { Array($0.utf8) }

    /// The spelling, without case, that trimmed text is; nil if it is a value.
    static func of(_ text: UnsafeBufferPointer<UInt8>) -> String? {
        guard text.count <= 9, let first = unsafe text.first, isStart[Int(first)] else {
            return nil
        }
        let found = spellings.first { spelling in
            unsafe spelling.count == text.count
                && zip(text, spelling).allSatisfy {
                    ((0x41...0x5A).contains($0) ? $0 | 0x20 : $0) == $1
                }
        }
        return found == nil ? nil : unsafe String(decoding: text, as: UTF8.self)
    }

    private static let isStart: [Bool] = (0..<256).map { byte in
        let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        return spellings.contains { Int($0[0]) == lower }
    }
}
