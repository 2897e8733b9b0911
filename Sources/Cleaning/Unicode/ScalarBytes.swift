/// Valid UTF-8, scalar by scalar, without going through `String`.
enum ScalarBytes {
    /// The scalar at `i` and how many bytes it takes.
    @inline(__always)
    static func scalar(_ bytes: [UInt8], at i: Int) -> (value: UInt32, length: Int) {
        let lead = bytes[i]
        if lead < 0x80 { return (UInt32(lead), 1) }
        func next(_ k: Int) -> UInt32 { UInt32(bytes[i + k] & 0x3F) }
        if lead < 0xE0 { return (UInt32(lead & 0x1F) << 6 | next(1), 2) }
        if lead < 0xF0 { return (UInt32(lead & 0x0F) << 12 | next(1) << 6 | next(2), 3) }
        return (UInt32(lead & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4)
    }

    /// Appends `scalar` in UTF-8.
    static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(scalar) else { return }
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    /// How many scalars `bytes` hold.
    static func count(_ bytes: some Sequence<UInt8>) -> Int {
        bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }
}
