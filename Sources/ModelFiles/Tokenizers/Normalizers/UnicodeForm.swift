import Foundation

/// The four normalisation forms (Unicode Standard Annex #15), as Hugging Face's tokenizers apply
/// them: with the tables of **Unicode 9**.
///
/// A scalar that is younger has neither decomposition nor combining class there, so it stays as it
/// is and nothing is reordered or composed across it.
enum UnicodeForm: String, Sendable {
    case nfc = "NFC"
    case nfd = "NFD"
    case nfkc = "NFKC"
    case nfkd = "NFKD"

    /// The text in this form.
    ///
    /// - Complexity: O(bytes); stretches of scalars that no form can change are copied, only what
    ///   lies between goes through Foundation.
    func apply(_ text: [UInt8]) -> [UInt8] {
        // By definition; what decomposes into Hangul letters must be composed by us.
        if self == .nfkc { return Self.nfc.apply(Self.nfkd.apply(text)) }
        guard let first = text.firstIndex(where: { $0 >= 0x80 }) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 16)
        // The last scalar that cannot change alone may still compose with what follows it.
        var runStart = max(first - 1, 0)
        result.append(contentsOf: text[..<runStart])
        var index = first
        var runIsInert = true
        while index < text.count {
            let (scalar, length) = UTF8Scalars.scalar(text, at: index, limit: text.count)
            if isInert(scalar) {
                close(text, runStart..<index, isInert: runIsInert, into: &result)
                (runStart, runIsInert) = (index, true)
            } else {
                runIsInert = false
            }
            index += length
        }
        close(text, runStart..<text.count, isInert: runIsInert, into: &result)
        return result
    }

    /// Whether a scalar starts a new stretch: it stays as it is and composes with nothing before.
    func isInert(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return true }
        guard self == .nfc else { return false }
        switch scalar.value {
        case 0x80..<0x300, 0x400...0x482, 0x2010...0x2027, 0x3001...0x3029, 0x3041...0x3096,
            0x30A1...0x30FA, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xFF01...0xFFEE,
            0x1F300...0x1FAFF:
            return true
        default:
            return false
        }
    }

    private func close(
        _ text: [UInt8], _ run: Range<Int>, isInert: Bool, into result: inout [UInt8]
    ) {
        guard !isInert else {
            result.append(contentsOf: text[run])
            return
        }
        var start = run.lowerBound
        var index = start
        // A Hangul letter or syllable that may still grow.
        var hangul: Unicode.Scalar?
        func flush(_ end: Int) {
            if start == end { return }
            if let scalar = hangul { result.append(scalar) }
            hangul = nil
            result.append(contentsOf: normalized(text[start..<end]).utf8)
        }
        while index < run.upperBound {
            let (scalar, length) = UTF8Scalars.scalar(text, at: index, limit: run.upperBound)
            if self == .nfc, Hangul.contains(scalar) {
                flush(index)
                if let before = hangul, let whole = Hangul.compose(before, scalar) {
                    hangul = whole
                } else {
                    if let scalar = hangul { result.append(scalar) }
                    hangul = scalar
                }
                start = index + length
            } else if !scalar.isASCII, !scalar.isIn(unicode: 9) {
                // Young scalars stay.
                flush(index)
                if let scalar = hangul { result.append(scalar) }
                hangul = nil
                result.append(contentsOf: text[index..<index + length])
                start = index + length
            }
            index += length
        }
        flush(run.upperBound)
        if let scalar = hangul { result.append(scalar) }
    }

    private func normalized(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return switch self {
        case .nfc: text.precomposedStringWithCanonicalMapping
        case .nfd: text.decomposedStringWithCanonicalMapping
        case .nfkc: text.precomposedStringWithCompatibilityMapping
        case .nfkd: text.decomposedStringWithCompatibilityMapping
        }
    }
}

/// Composition of Hangul syllables (Unicode 16, section 3.12).
///
/// Foundation's own, on Linux, leaves some syllables apart and composes one letter too many.
private enum Hangul {
    static func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x1112, 0x1161...0x1175, 0x11A8...0x11C2, 0xAC00...0xD7A3: true
        default: false
        }
    }

    /// The syllable of two neighbours, nil if they make none.
    static func compose(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        switch (first.value, second.value) {
        case (0x1100...0x1112, 0x1161...0x1175):
            Unicode.Scalar(
                0xAC00 + ((first.value - 0x1100) * 21 + second.value - 0x1161) * 28)
        case (0xAC00...0xD7A3, 0x11A8...0x11C2) where (first.value - 0xAC00) % 28 == 0:
            Unicode.Scalar(first.value + second.value - 0x11A7)
        default: nil
        }
    }
}

extension Unicode.Scalar {
    /// Whether a version of Unicode had this scalar.
    func isIn(unicode version: Int) -> Bool {
        guard let age = properties.age else { return false }
        return age.major <= version
    }

    /// A combining mark (general category M) of Unicode 9.
    var isOldMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: isIn(unicode: 9)
        default: false
        }
    }
}
