import Foundation

/// General categories as Hugging Face's tokenizers see them: those of **Unicode 8.0**.
///
/// Its tables are frozen there, so a scalar that is younger is neither mark nor punctuation nor
/// format: it stays where it is and, mostly, becomes `[UNK]`. The age property tells which those
/// are; seven scalars changed their category since and are named.
extension Unicode.Scalar {
    /// Whether Unicode 8.0 had this scalar.
    var isInUnicode8: Bool {
        guard let age = properties.age else { return false }
        return age.major <= 8
    }

    /// Control, format, private use. (Unassigned scalars stay.)
    var isDroppedByCleaning: Bool {
        switch properties.generalCategory {
        case .control, .privateUse: true
        case .format: isInUnicode8
        default: false
        }
    }

    /// A mark without width of its own.
    var isNonspacingMark: Bool {
        switch value {
        case 0x1734, 0x1171E: true  // Mc since
        case 0x1885, 0x1886, 0xA9BD, 0x111C9: false  // Mn since
        default: properties.generalCategory == .nonspacingMark && isInUnicode8
        }
    }

    /// ASCII punctuation and symbols, and general category P beyond ASCII.
    var isBERTPunctuation: Bool {
        switch value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return true
        case 0..<0x80: return false
        case 0x166D, 0x111C9: return true  // So and Mn since
        default: break
        }
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            return isInUnicode8
        default:
            return false
        }
    }

    /// The CJK blocks that BERT spaces out (no Hiragana, Katakana or Hangul).
    var isBERTIdeograph: Bool {
        switch value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
            0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }

    /// This scalar decomposed canonically (NFD). One scalar at a time is enough here: reordering
    /// only ever moves marks, and the marks that it moves are the ones that are dropped.
    var canonicalDecomposition: String.UnicodeScalarView {
        let text = String(Character(self))
        guard isInUnicode8 else { return text.unicodeScalars }
        return text.decomposedStringWithCanonicalMapping.unicodeScalars
    }
}
