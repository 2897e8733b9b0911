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
    static func count(_ bytes: some Sequence<UInt8>) -> Int { counts(bytes).scalars }

    /// How many scalars, and runs of bytes above the space, `bytes` hold.
    static func counts(_ bytes: some Sequence<UInt8>) -> (scalars: Int, words: Int) {
        let fast = bytes.withContiguousStorageIfAvailable {
            counts(unsafe Span(_unsafeElements: $0))
        }
        return fast ?? counts(Array(bytes).span)
    }

    private static func counts(_ bytes: Span<UInt8>) -> (scalars: Int, words: Int) {
        var (scalars, words, last) = (0, 0, UInt8(0))
        for index in bytes.indices {
            let byte = bytes[index]
            scalars &+= byte & 0xC0 == 0x80 ? 0 : 1
            words &+= byte > 0x20 && last <= 0x20 ? 1 : 0
            last = byte
        }
        return (scalars, words)
    }
}
