extension [UInt8] {
    /// Bytes from hex; spaces are skipped.
    init(hex text: String) {
        let digits = text.utf8.filter { $0 != UInt8(ascii: " ") }.map { digit -> UInt8 in
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
            default: fatalError("not hex: \(text)")
            }
        }
        precondition(digits.count % 2 == 0)
        self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// Lower-case hex.
    var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    init(_ text: String) { self = Array(text.utf8) }

    /// These bytes with one bit of byte `index` changed.
    func flipped(at index: Int) -> [UInt8] {
        var copy = self
        copy[index] ^= 0x20
        return copy
    }
}
