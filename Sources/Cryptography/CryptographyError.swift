/// What went wrong in a cryptographic call, and how to mend it.
///
/// No text ever holds key material, plaintext or a passphrase.
public struct CryptographyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure, stable for programs.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// Bytes that are no key of the wanted algorithm.
        case invalidKey = "invalid-key"
        /// A key of the wrong length.
        case invalidKeySize = "invalid-key-size"
        /// A nonce that is not 12 bytes long.
        case invalidNonceSize = "invalid-nonce-size"
        /// An input of an impossible length.
        case invalidSize = "invalid-size"
        /// An output buffer that cannot hold the result.
        case bufferTooSmall = "buffer-too-small"
        /// The authentication tag does not fit: wrong key, nonce or associated data, or changed bytes.
        case authenticationFailed = "authentication-failed"
        /// A wrapped key that the given key-encryption key does not open.
        case unwrapFailed = "unwrap-failed"
        /// Text that is no PEM of the wanted kind.
        case invalidPEM = "invalid-pem"
        /// Scrypt parameters that ask for more memory than allowed.
        case memoryLimit = "memory-limit"
        /// A parameter outside its range.
        case invalidParameter = "invalid-parameter"
        /// libcrypto refused for a reason of its own.
        case libraryFailure = "library-failure"
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, and where.
    public let message: String
    /// How to mend it.
    public let hint: String

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// `message (hint)`.
    public var description: String { "\(message) (\(hint))" }
}
