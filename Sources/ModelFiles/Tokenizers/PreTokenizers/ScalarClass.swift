/// What the word scanners and splitters want to know about a scalar.
///
/// Hugging Face's tokenizers run their patterns through Oniguruma, whose tables are those of
/// **Unicode 16**: a letter or number that is younger is neither to a pattern. (`Digits` asks the
/// Rust library instead, whose tables are as young as Swift's.) The age property keeps them apart.
struct ScalarClass: OptionSet, Sendable {
    let rawValue: UInt8

    /// `\p{L}`.
    static let letter = ScalarClass(rawValue: 1)
    /// `\p{N}`.
    static let number = ScalarClass(rawValue: 2)
    /// `\s`: White_Space.
    static let space = ScalarClass(rawValue: 4)
    /// `[\r\n]`, which is a space too.
    static let newline = ScalarClass(rawValue: 8)
    /// Of a numeric category in any version of Unicode.
    static let digit = ScalarClass(rawValue: 16)

    /// `[\s\p{L}\p{N}]`.
    static let named: ScalarClass = [.letter, .number, .space]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ scalar: Unicode.Scalar) {
        let properties = scalar.properties
        var found: ScalarClass = []
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            if let age = properties.age, age.major <= 16 { found.insert(.letter) }
        case .decimalNumber, .letterNumber, .otherNumber:
            found.insert(.digit)
            if let age = properties.age, age.major <= 16 { found.insert(.number) }
        default:
            if properties.isWhitespace { found.insert(.space) }
            if scalar == "\n" || scalar == "\r" { found.insert(.newline) }
        }
        self = found
    }

    /// Classes of the first two planes, where almost all text is.
    private static let table: [ScalarClass] = (0..<0x20000).map { value in
        Unicode.Scalar(UInt32(value)).map(ScalarClass.init) ?? []
    }

    /// The class of the scalar at `index`, and its length in bytes.
    @inline(__always)
    static func at(
        _ index: Int, _ bytes: [UInt8], limit: Int
    ) -> (class: ScalarClass, length: Int) {
        let (scalar, length) = UTF8Scalars.scalar(bytes, at: index, limit: limit)
        let value = Int(scalar.value)
        return (value < table.count ? table[value] : ScalarClass(scalar), length)
    }
}
