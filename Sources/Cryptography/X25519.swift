import COpenSSL

/// X25519 key agreement (RFC 7748 §5, §6.1).
public enum X25519 {
    /// The length of a raw key, private or public, in bytes.
    public static let keyByteCount = 32

    /// A private scalar; libcrypto wipes it when the last copy goes away.
    public struct PrivateKey: Sendable {
        private let key: PKey
        /// The public key that belongs to this one.
        public let publicKey: PublicKey

        /// A fresh key.
        public init() {
            self.init(key: PKey.generate("X25519"))
        }

        /// A key from its 32 bytes; they are clamped when used, not when stored.
        public init(rawRepresentation: [UInt8]) throws(CryptographyError) {
            self.init(key: try PKey.privateKey("X25519", raw: rawRepresentation))
        }

        private init(key: PKey) {
            self.key = key
            publicKey = PublicKey(key: key)
        }

        /// The scalar, 32 bytes: a secret that the caller has to protect.
        public var rawRepresentation: [UInt8] { key.rawPrivateKey }

        /// The shared secret with the owner of `peer`, 32 bytes; feed it to a KDF, never use it raw.
        ///
        /// - Throws: `.invalidKey` for a point of small order, whose secret would be all zero
        ///   (RFC 7748 §6.1).
        public func sharedSecret(with peer: PublicKey) throws(CryptographyError) -> SymmetricKey {
            let context = unsafe LibCrypto.required(
                EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil), "a key context")
            defer { unsafe EVP_PKEY_CTX_free(context) }
            return try unsafe SymmetricKey(byteCount: keyByteCount) {
                output throws(CryptographyError) in
                var count = output.count
                guard unsafe EVP_PKEY_derive_init(context) == 1,
                    unsafe EVP_PKEY_derive_set_peer(context, peer.key.pointer) == 1,
                    unsafe EVP_PKEY_derive(
                        context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), &count)
                        == 1, count == keyByteCount
                else {
                    throw CryptographyError(
                        .invalidKey,
                        "X25519 found no shared secret: \(LibCrypto.lastFailure())",
                        hint: "the peer's public key is of small order; ask for another one")
                }
            }
        }
    }

    /// A public point.
    public struct PublicKey: Sendable {
        fileprivate let key: PKey
        /// The u-coordinate, little-endian, 32 bytes.
        public let rawRepresentation: [UInt8]

        /// A key from its u-coordinate, 32 bytes.
        public init(rawRepresentation: [UInt8]) throws(CryptographyError) {
            key = try PKey.publicKey("X25519", raw: rawRepresentation)
            self.rawRepresentation = rawRepresentation
        }

        fileprivate init(key: PKey) {
            self.key = key
            rawRepresentation = key.rawPublicKey
        }
    }
}

extension X25519.PublicKey: Hashable {
    /// Two keys are equal when their coordinates are.
    public static func == (a: Self, b: Self) -> Bool { a.rawRepresentation == b.rawRepresentation }

    /// Hashes the coordinate.
    public func hash(into hasher: inout Hasher) { hasher.combine(rawRepresentation) }
}
