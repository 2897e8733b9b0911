public import Cryptography
public import Records

/// A principal's public keys: one to check signatures, one to seal to.
public struct PrincipalKeys: Hashable, Sendable {
    /// Checks the principal's signatures.
    public let signing: Ed25519.PublicKey
    /// What is for the principal's eyes is sealed to this.
    public let opening: X25519.PublicKey

    /// Pairs two keys.
    public init(signing: Ed25519.PublicKey, opening: X25519.PublicKey) {
        self.signing = signing
        self.opening = opening
    }

    /// Reads two raw keys of 32 bytes.
    public init(signing: [UInt8], opening: [UInt8]) throws(VaultError) {
        self = try cryptographic("a public key is malformed", code: .badArgument) {
            () throws(CryptographyError) in
            PrincipalKeys(
                signing: try Ed25519.PublicKey(rawRepresentation: signing),
                opening: try X25519.PublicKey(rawRepresentation: opening))
        }
    }

    /// Reads what `json` gives.
    public init(json: JSONValue) throws(VaultError) {
        guard let signing = json["signing"]?.stringValue.flatMap(Base64.decode),
            let opening = json["opening"]?.stringValue.flatMap(Base64.decode)
        else {
            throw VaultError(
                .badArgument, "public keys are an object with signing and opening, in Base64")
        }
        try self.init(signing: signing, opening: opening)
    }

    /// `{"opening":"<base64>","signing":"<base64>"}`
    public var json: JSONValue {
        [
            "signing": .string(Base64.encode(signing.rawRepresentation)),
            "opening": .string(Base64.encode(opening.rawRepresentation)),
        ]
    }

    /// 32 hex digits for people to compare: half of SHA-256(signing ‖ opening).
    public var fingerprint: String {
        let digest = SHA256.hash(signing.rawRepresentation + opening.rawRepresentation)
        return Hex.encode(Array(digest.prefix(16)))
    }
}
