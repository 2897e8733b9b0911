/// A change to one piece of text. Pure: the same bytes always give the same bytes.
enum TextStep: Sendable, Hashable {
    /// UTF-8 that was read in a wrong set repaired.
    case mojibake
    /// Normalisation Form C.
    case unicode
    /// Control, zero-width and direction characters removed.
    case controls
    /// White space collapsed and trimmed; line ends become one space if not kept.
    case whitespace(keepsLines: Bool)
    /// Leftover HTML character references and line breaks undone.
    case entities
    /// Leftover HTML tags, comments and scripts removed, references undone.
    case html

    /// Whether text with these traits can change.
    func concerns(_ traits: TextTraits) -> Bool {
        switch self {
        case .mojibake: traits.contains(.beyondASCII)
        case .unicode: traits.contains(.beyondLatin)
        case .controls: !traits.isDisjoint(with: [.beyondASCII, .control])
        case .whitespace: !traits.isDisjoint(with: [.beyondASCII, .control, .looseSpace])
        case .entities, .html: traits.contains(.markup)
        }
    }

    /// The text after the change; nil if it stays as it is.
    func apply(_ bytes: [UInt8], reasons: inout ReasonCounts) -> [UInt8]? {
        switch self {
        case .mojibake: return Mojibake.repaired(bytes, reasons: &reasons)
        case .controls: return ControlCharacters.removed(bytes, reasons: &reasons)
        case .entities: return CharacterReferences.decoded(bytes, reasons: &reasons)
        case .html: return Markup.removed(bytes, reasons: &reasons)
        case .unicode:
            let result = UnicodeNFC.normalise(bytes)
            return result == bytes ? nil : result
        case .whitespace(let keepsLines):
            let result = WhiteSpace.collapsed(bytes, keepsLines: keepsLines)
            return result == bytes ? nil : result
        }
    }

    /// The operation's name in recipes and counts.
    var name: String {
        switch self {
        case .mojibake: "mojibake"
        case .unicode: "unicode"
        case .controls: "controls"
        case .whitespace: "whitespace"
        case .entities: "entities"
        case .html: "html"
        }
    }
}
