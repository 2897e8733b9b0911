/// The JSON Canonicalization Scheme (RFC 8785): one byte sequence for one value, fit for hashing.
public enum CanonicalJSON {
    /// The canonical bytes of `value`.
    ///
    /// - Complexity: O(n log m) for n bytes and m members of the largest object.
    public static func encode(_ value: JSONValue) -> [UInt8] {
        var out: [UInt8] = []
        append(value, to: &out)
        return out
    }

    /// Appends the canonical bytes of `value`.
    public static func append(_ value: JSONValue, to out: inout [UInt8]) {
        switch value {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let flag): out.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let literal): out.append(contentsOf: text(ofLiteral: literal).utf8)
        case .string(let text): append(text, to: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                append(element, to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            var sorted = Array(members)
            if sorted.count > 1 { sorted.sort { precedes($0.key, $1.key) } }
            out.append(UInt8(ascii: "{"))
            for (index, member) in sorted.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                append(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                append(member.value, to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    /// Appends a string with the escapes of RFC 8785 §3.2.2.2: the shortest form, nothing more.
    public static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            for index in 0..<utf8.count {
                let byte = unsafe utf8[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
                else { continue }
                unsafe out.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
                appendEscape(of: byte, to: &out)
                start = index + 1
            }
            unsafe out.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func appendEscape(of byte: UInt8, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: out.append(UInt8(ascii: "b"))
        case 0x09: out.append(UInt8(ascii: "t"))
        case 0x0A: out.append(UInt8(ascii: "n"))
        case 0x0C: out.append(UInt8(ascii: "f"))
        case 0x0D: out.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(byte)
        default: out.append(contentsOf: "u00\(Hex.encode([byte]))".utf8)
        }
    }

    /// Member names sort by their UTF-16 code units (RFC 8785 §3.2.3).
    ///
    /// That is the order of their UTF-8 bytes, but that surrogates (lead bytes from F0) come before
    /// U+E000…U+FFFF (EE and EF).
    static func precedes(_ left: String, _ right: String) -> Bool {
        var (left, right) = (left, right)
        return left.withUTF8 { one in
            right.withUTF8 { other in
                for index in 0..<min(one.count, other.count) {
                    let (a, b) = unsafe (one[index], other[index])
                    guard a != b else { continue }
                    if a >= 0xEE, b >= 0xEE, (a >= 0xF0) != (b >= 0xF0) { return a >= 0xF0 }
                    return a < b
                }
                return one.count < other.count
            }
        }
    }

    /// A literal as ECMAScript would print its value (RFC 8785 §3.2.2.3).
    static func text(ofLiteral literal: String) -> String {
        if let whole = Int64(literal), abs(whole) <= 1 << 53 { return String(whole) }
        guard let value = Double(literal), value.isFinite else { return literal }
        return text(of: value)
    }

    /// ECMAScript's `Number::toString` for a finite double (ECMA-262 §6.1.6.1.20).
    ///
    /// Swift prints the same shortest digits; only their arrangement differs.
    static func text(of value: Double) -> String {
        if value == 0 { return "0" }
        let (digits, exponent) = shortestDigits(of: value.magnitude)
        let count = digits.utf8.count
        let sign = value < 0 ? "-" : ""
        // `exponent` is n of the standard: the value is 0.digits × 10^n.
        if count <= exponent, exponent <= 21 {
            return sign + digits + String(repeating: "0", count: exponent - count)
        }
        if 0 < exponent, exponent <= 21 {
            return sign + digits.prefix(exponent) + "." + digits.dropFirst(exponent)
        }
        if -6 < exponent, exponent <= 0 {
            return sign + "0." + String(repeating: "0", count: -exponent) + digits
        }
        let power = exponent - 1
        let suffix = "e" + (power < 0 ? "-" : "+") + String(abs(power))
        return sign + digits.prefix(1) + (count > 1 ? "." + digits.dropFirst() : "") + suffix
    }

    /// The shortest digits d and n such that the value is 0.d × 10^n and reads back exactly.
    private static func shortestDigits(of value: Double) -> (String, Int) {
        let parts = value.description.split(separator: "e", omittingEmptySubsequences: false)
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(mantissa[0])
        let fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
        var digits = Array((whole + fraction).utf8)
        var exponent = whole.utf8.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.count > 1, digits.first == UInt8(ascii: "0") {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (String(decoding: digits, as: UTF8.self), exponent)
    }
}
