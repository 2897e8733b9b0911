public import Records

/// One line of the output of `tundish scan`.
public enum ScanLine {
    /// Encodes `{"id":…,"spans":[{"start","end","type","score","detector"}],"text":…}` and a line
    /// feed. Offsets count code points of `source`; `text` is the redacted text.
    public static func encode(
        id: JSONValue, source: [UInt8], findings: [Finding], text: [UInt8]
    ) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(text.count + 96 + findings.count * 96)
        line += Array("{\"id\":".utf8)
        line += CanonicalJSON.encode(id)
        line += Array(",\"spans\":[".utf8)
        var map = OffsetMap(source)
        for (k, finding) in findings.enumerated() {
            if k > 0 { line.append(0x2C) }
            let start = map.codePoint(atByte: finding.range.lowerBound)
            let end = map.codePoint(atByte: finding.range.upperBound)
            line += Array("{\"start\":\(start),\"end\":\(end),\"type\":\"".utf8)
            line += Array(finding.type.rawValue.utf8)
            line += Array("\",\"score\":\(decimal(finding.score)),\"detector\":".utf8)
            appendString(Array(finding.detector.utf8), to: &line)
            line.append(0x7D)
        }
        line += Array("],\"text\":".utf8)
        appendString(text, to: &line)
        line += Array("}\n".utf8)
        return line
    }

    /// A score with at most three decimals.
    private static func decimal(_ score: Float) -> String {
        let thousandths = Int((max(0, min(1, score)) * 1000).rounded())
        if thousandths % 1000 == 0 { return "\(thousandths / 1000)" }
        var digits = String(thousandths)
        digits = String(repeating: "0", count: 3 - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return "0." + digits
    }

    /// A JSON string of UTF-8 bytes, escaped as RFC 8259 §7 asks.
    private static func appendString(_ utf8: [UInt8], to line: inout [UInt8]) {
        let hex = Array("0123456789abcdef".utf8)
        line.append(0x22)
        for byte in utf8 {
            switch byte {
            case 0x22: line += [0x5C, 0x22]
            case 0x5C: line += [0x5C, 0x5C]
            case 0x0A: line += [0x5C, 0x6E]
            case 0x0D: line += [0x5C, 0x72]
            case 0x09: line += [0x5C, 0x74]
            case 0..<0x20:
                line += Array("\\u00".utf8)
                line.append(hex[Int(byte >> 4)])
                line.append(hex[Int(byte & 15)])
            default: line.append(byte)
            }
        }
        line.append(0x22)
    }
}
