/// Ed25519 signatures (RFC 8032 §5.1).
///
/// ```swift
/// let key = Ed25519.PrivateKey()
/// let signature = try key.signature(for: message)  // 64 bytes
/// key.publicKey.isValidSignature(signature, for: message)  // true
/// ```
public enum Ed25519 {
    /// The length of a signature in bytes.
    public static let signatureByteCount = 64
    /// The length of a raw key, private or public, in bytes.
    public static let keyByteCount = 32

    /// A signing key; libcrypto wipes it when the last copy goes away.
    public struct PrivateKey: Sendable {
        private let key: PKey
        /// The key that checks this key's signatures.
        public let publicKey: PublicKey

        /// A fresh key.
        public init() {
            self.init(key: PKey.generate("ED25519"))
        }

        /// A key from its seed.
        ///
        /// - Parameter rawRepresentation: the 32 bytes that RFC 8032 calls the private key.
        public init(rawRepresentation: [UInt8]) throws(CryptographyError) {
            self.init(key: try PKey.privateKey("ED25519", raw: rawRepresentation))
        }

        private init(key: PKey) {
            self.key = key
            publicKey = PublicKey(key: key)
        }

        /// The seed, 32 bytes: a secret that the caller has to protect.
        public var rawRepresentation: [UInt8] { key.rawPrivateKey }

        /// Signs `message`; the same message always gives the same 64 bytes.
        public func signature(for message: [UInt8]) throws(CryptographyError) -> [UInt8] {
            try key.sign(message, digest: nil)
        }
    }

    /// A key that checks signatures.
    public struct PublicKey: Sendable {
        private let key: PKey
        /// The encoded point, 32 bytes.
        public let rawRepresentation: [UInt8]

        /// A key from its encoded point, 32 bytes.
        ///
        /// Any 32 bytes are taken here; bytes that are no point of the curve verify nothing.
        public init(rawRepresentation: [UInt8]) throws(CryptographyError) {
            key = try PKey.publicKey("ED25519", raw: rawRepresentation)
            self.rawRepresentation = rawRepresentation
        }

        fileprivate init(key: PKey) {
            self.key = key
            rawRepresentation = key.rawPublicKey
        }

        /// Whether `signature` is this key's signature of `message`.
        public func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
            signature.count == signatureByteCount
                && key.verify(signature, of: message, digest: nil)
        }
    }
}

extension Ed25519.PublicKey: Hashable {
    /// Two keys are equal when their points are.
    public static func == (a: Self, b: Self) -> Bool { a.rawRepresentation == b.rawRepresentation }

    /// Hashes the encoded point.
    public func hash(into hasher: inout Hasher) { hasher.combine(rawRepresentation) }
}
