/// The escapes of JSON strings (RFC 8259 §7).
enum JSONEscapes {
    /// The text that `bytes` (what stands between the quotes) means.
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var i = 0
        while i < bytes.count {
            let byte = unsafe bytes[i]
            guard byte == UInt8(ascii: "\\") else {
                output.append(byte)
                i += 1
                continue
            }
            guard i + 1 < bytes.count else { throw fault(i) }
            switch unsafe bytes[i + 1] {
            case UInt8(ascii: "\""): output.append(0x22)
            case UInt8(ascii: "\\"): output.append(0x5C)
            case UInt8(ascii: "/"): output.append(0x2F)
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0C)
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "u"):
                let (scalar, length) = try unsafe scalar(bytes, at: i)
                output.append(contentsOf: Array(String(Character(scalar)).utf8))
                i += length
                continue
            default: throw fault(i)
            }
            i += 2
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The scalar written as `\uXXXX` or as two of them, and the bytes that took.
    private static func scalar(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int
    ) throws(JSONFault) -> (Unicode.Scalar, Int) {
        guard let first = unsafe unit(bytes, at: start) else { throw fault(start) }
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        guard first & 0xFC00 == 0xD800, let second = unsafe unit(bytes, at: start + 6),
            second & 0xFC00 == 0xDC00,
            let scalar = Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF)
        else {
            throw JSONFault(.jsonSyntax, "half a surrogate pair at byte \(start) of a string")
        }
        return (scalar, 12)
    }

    private static func unit(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt32? {
        guard start + 6 <= bytes.count, unsafe bytes[start] == UInt8(ascii: "\\"),
            unsafe bytes[start + 1] == UInt8(ascii: "u")
        else { return nil }
        var value: UInt32 = 0
        for i in start + 2..<start + 6 {
            let byte = unsafe bytes[i]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private static func fault(_ offset: Int) -> JSONFault {
        JSONFault(.jsonSyntax, "an escape that JSON does not have at byte \(offset) of a string")
    }
}
