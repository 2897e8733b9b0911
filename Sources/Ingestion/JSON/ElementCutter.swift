/// Finds where a JSON value ends without parsing it: aware of strings and of nesting, and able to
/// go on in the next chunk. Brackets are counted, not matched; the parser judges what was cut.
struct ElementCutter {
    private var depth = 0
    private var inString = false
    private var escaped = false
    private var scalar = false

    /// Looks at `base[from..<count]`. Returns the place after the value's last byte, or nil if it
    /// goes on.
    mutating func end(_ base: UnsafePointer<UInt8>, from start: Int, to count: Int) -> Int? {
        var i = start
        while i < count {
            if inString {
                if escaped {
                    escaped = false
                    i += 1
                    continue
                }
                i = unsafe Self.stringBreak(base, from: i, to: count)
                guard i < count else { return nil }
                if unsafe base[i] == UInt8(ascii: "\\") {
                    escaped = true
                } else {
                    inString = false
                    if depth == 0 { return i + 1 }
                }
                i += 1
                continue
            }
            let byte = unsafe base[i]
            switch byte {
            case UInt8(ascii: "\""):
                if scalar { return i }
                inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if scalar { return i }
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { return i }
                depth -= 1
                if depth == 0 { return i + 1 }
            case UInt8(ascii: ","):
                if depth == 0 { return i }
            case 0x20, 0x09, 0x0A, 0x0D:
                if scalar { return i }
            default:
                if depth == 0 { scalar = true }
            }
            i += 1
        }
        return nil
    }

    /// The next quote or backslash; `count` if none.
    private static func stringBreak(
        _ base: UnsafePointer<UInt8>, from start: Int, to count: Int
    ) -> Int {
        let quote = ByteSearch.spread(UInt8(ascii: "\""))
        let slash = ByteSearch.spread(UInt8(ascii: "\\"))
        return unsafe ByteSearch.first(of: quote, slash, slash, in: base, from: start, to: count)
    }
}
