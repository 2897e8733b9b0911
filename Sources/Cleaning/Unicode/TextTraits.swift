/// What a piece of text may hold, found in one look at its bytes, so that steps with nothing to do
/// are left out without a copy.
struct TextTraits: OptionSet, Sendable {
    let rawValue: UInt8

    /// A byte that is not ASCII.
    static let beyondASCII = TextTraits(rawValue: 1)
    /// A byte from 0xCC: scalars from U+0300, where normalisation begins.
    static let beyondLatin = TextTraits(rawValue: 2)
    /// An ASCII control other than tab, LF and CR.
    static let control = TextTraits(rawValue: 4)
    /// White space that is not a single space between two other characters.
    static let looseSpace = TextTraits(rawValue: 8)
    /// `&` or `<`.
    static let markup = TextTraits(rawValue: 16)

    /// A lone space: no trait in itself.
    private static let space: UInt8 = 32

    private static let ofByte: [UInt8] = (0...255).map { byte in
        switch byte {
        case 0x20: space
        case 0x09, 0x0A, 0x0D: looseSpace.rawValue
        case 0..<0x20, 0x7F: control.rawValue | looseSpace.rawValue
        case 0x26, 0x3C: markup.rawValue
        case 0x80..<0xCC: beyondASCII.rawValue
        case 0xCC...0xFF: beyondASCII.rawValue | beyondLatin.rawValue
        default: 0
        }
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Looks at every byte of UTF-8 once. Complexity: O(n).
    init(_ text: String) {
        let fast = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe Self.look($0) }
        rawValue = fast ?? Self.look(Array(text.utf8).span)
    }

    /// Looks at every byte of UTF-8 once. Complexity: O(n).
    init(_ bytes: [UInt8]) { rawValue = Self.look(bytes.span) }

    private static func look(_ buffer: UnsafeBufferPointer<UInt8>) -> UInt8 {
        look(unsafe Span(_unsafeElements: buffer))
    }

    private static func look(_ bytes: Span<UInt8>) -> UInt8 {
        let table = ofByte.span
        var (all, double, last) = (UInt8(0), UInt8(0), space)
        for index in bytes.indices {
            let trait = table[Int(bytes[index])]
            all |= trait
            double |= trait & last
            last = trait
        }
        // Two spaces in a row, or one at an end: the bit is left in `double` or in `last`.
        if (double | last) & space != 0 { all |= looseSpace.rawValue }
        return all & ~space
    }
}
