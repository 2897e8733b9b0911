/// A change to one piece of text. Pure: the same bytes always give the same bytes.
enum TextStep: Sendable, Hashable {
    /// Normalisation Form C.
    case unicode
    /// Control, zero-width and direction characters removed.
    case controls
    /// White space collapsed and trimmed; line ends become one space if not kept.
    case whitespace(keepsLines: Bool)
    /// Leftover HTML character references and line breaks undone.
    case entities

    /// The text after the change; nil if it stays as it is.
    func apply(_ bytes: [UInt8]) -> [UInt8]? {
        let result =
            switch self {
            case .unicode: UnicodeNFC.normalise(bytes)
            case .controls: ControlCharacters.removed(bytes)
            case .whitespace(let keepsLines): WhiteSpace.collapsed(bytes, keepsLines: keepsLines)
            case .entities: CharacterReferences.decoded(bytes)
            }
        return result == bytes ? nil : result
    }

    /// The operation's name in recipes and counts.
    var name: String {
        switch self {
        case .unicode: "unicode"
        case .controls: "controls"
        case .whitespace: "whitespace"
        case .entities: "entities"
        }
    }
}
