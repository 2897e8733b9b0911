public import Cryptography

/// The keys and the table that operators need, handed in by the caller.
public struct RedactionKeys: Sendable {
    /// The dataset's key for `hash`, `pseudonym` and `date-shift`; nil where none is used.
    public var pseudonymKey: SymmetricKey?
    /// The dataset's key for `encrypt`, 32 bytes; nil where it is not used.
    public var encryptionKey: SymmetricKey?
    /// The dataset's table for `token`; nil where it is not used.
    public var tokens: TokenTable?

    /// Makes keys.
    public init(
        pseudonymKey: SymmetricKey? = nil, encryptionKey: SymmetricKey? = nil,
        tokens: TokenTable? = nil
    ) {
        self.pseudonymKey = pseudonymKey
        self.encryptionKey = encryptionKey
        self.tokens = tokens
    }

    /// Makes keys from the bytes of a pseudonym key, 32 random ones as a rule.
    public init(pseudonymKey bytes: [UInt8]) {
        self.init(pseudonymKey: SymmetricKey(bytes: bytes))
    }

    /// No keys at all: enough for `mask`, `redact`, `replace`, `generalize` and `keep`.
    public static let none = RedactionKeys()

    /// Random keys and an empty table: for results that nobody keeps, such as a test scan.
    public static func ephemeral() -> RedactionKeys {
        RedactionKeys(
            pseudonymKey: .random(), encryptionKey: .random(), tokens: TokenTable())
    }

    /// Whether it has what an operator needs.
    func has(_ need: RedactionNeed) -> Bool {
        switch need {
        case .pseudonymKey: pseudonymKey != nil
        case .encryptionKey: encryptionKey != nil
        case .tokens: tokens != nil
        }
    }
}
