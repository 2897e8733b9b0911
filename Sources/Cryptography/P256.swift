import COpenSSL

/// ECDSA over NIST P-256 with SHA-256 (FIPS 186-5), signatures in DER (RFC 3279 §2.2.3).
public enum P256 {
    /// A signing key; libcrypto wipes it when the last copy goes away.
    public struct PrivateKey: Sendable {
        private let key: PKey
        /// The key that checks this key's signatures.
        public let publicKey: PublicKey

        /// A fresh key.
        public init() {
            self.init(key: PKey.generate("EC", group: "P-256"))
        }

        /// A key from PEM: `PRIVATE KEY` (PKCS #8, RFC 5958) or `EC PRIVATE KEY` (RFC 5915).
        ///
        /// - Throws: `.invalidPEM`, also for an encrypted PEM; `.invalidKey` for another curve.
        public init(pemRepresentation: String) throws(CryptographyError) {
            self.init(key: try PKey.readPrivate(pem: pemRepresentation).checkedP256())
        }

        private init(key: PKey) {
            self.key = key
            publicKey = PublicKey(key: key)
        }

        /// `-----BEGIN PRIVATE KEY-----`, PKCS #8 in clear: a secret that the caller has to protect.
        public var pemRepresentation: String { key.privatePEM }

        /// Signs `message`; every call gives another DER signature of up to 72 bytes.
        public func signature(for message: [UInt8]) throws(CryptographyError) -> [UInt8] {
            try key.sign(message, digest: "SHA256")
        }
    }

    /// A key that checks signatures.
    public struct PublicKey: Sendable {
        /// The length of a P-256 SubjectPublicKeyInfo with its point uncompressed.
        static let derByteCount = 91

        private let key: PKey
        /// SubjectPublicKeyInfo in DER (RFC 5280 §4.1), point uncompressed, 91 bytes.
        public let derRepresentation: [UInt8]

        /// A key from PEM, `PUBLIC KEY`.
        public init(pemRepresentation: String) throws(CryptographyError) {
            self.init(key: try PKey.readPublic(pem: pemRepresentation).checkedP256())
        }

        /// A key from SubjectPublicKeyInfo in DER.
        public init(derRepresentation: [UInt8]) throws(CryptographyError) {
            self.init(key: try PKey.readPublic(der: derRepresentation).checkedP256())
        }

        fileprivate init(key: PKey) {
            self.key = key
            derRepresentation = key.publicDER
        }

        /// `-----BEGIN PUBLIC KEY-----`, SubjectPublicKeyInfo.
        public var pemRepresentation: String { key.publicPEM }

        /// The uncompressed point `0x04 ‖ X ‖ Y`, 65 bytes (SEC 1 §2.3.3).
        ///
        /// A SubjectPublicKeyInfo of P-256 ends with it.
        public var x963Representation: [UInt8] { Array(derRepresentation.suffix(65)) }

        /// Whether `signature`, in DER, is a signature of `message` under this key.
        public func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
            key.verify(signature, of: message, digest: "SHA256")
        }
    }
}

extension P256.PublicKey: Hashable {
    /// Two keys are equal when their encodings are.
    public static func == (a: Self, b: Self) -> Bool { a.derRepresentation == b.derRepresentation }

    /// Hashes the encoding.
    public func hash(into hasher: inout Hasher) { hasher.combine(derRepresentation) }
}
