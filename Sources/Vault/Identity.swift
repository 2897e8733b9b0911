public import Cryptography

/// A principal's own keys: Ed25519 to sign, X25519 to open what is sealed to the principal.
///
/// They live in a 0600 file, a line of JSON:
/// ```
/// {"format":"tundish-identity-1","principal":"<id>","keys":{"opening":"<base64>","signing":"<base64>"},
///  "secret":{"kind":"plain","bytes":"<base64, 64 bytes>"}}
/// ```
/// or, under a passphrase, as people should:
/// ```
///  "secret":{"kind":"passphrase","scrypt":{"n":131072,"p":1,"r":8},"salt":"<base64, 32 bytes>",
///            "nonce":"<base64, 12 bytes>","sealed":"<base64, 80 bytes>"}
/// ```
/// The 64 bytes are the Ed25519 seed (RFC 8032 §5.1.5), then the X25519 key. They are sealed with
/// AES-256-GCM under scrypt(passphrase, salt); the associated data is "tundish/identity" ‖ the
/// canonical JSON (RFC 8785) of the object without `secret`, so that nobody can swap the public part.
///
/// Neither description nor reflection shows a private key.
public struct Identity: Sendable {
    /// The principal's id.
    public let principal: String
    /// Signs.
    public let signing: Ed25519.PrivateKey
    /// Opens.
    public let opening: X25519.PrivateKey

    init(principal: String, signing: Ed25519.PrivateKey, opening: X25519.PrivateKey) {
        self.principal = principal
        self.signing = signing
        self.opening = opening
    }

    /// Fresh keys for a principal; `save` keeps them.
    public static func create(principal: String) -> Identity {
        Identity(
            principal: principal, signing: Ed25519.PrivateKey(), opening: X25519.PrivateKey())
    }

    /// The public part.
    public var publicKeys: PrincipalKeys {
        PrincipalKeys(signing: signing.publicKey, opening: opening.publicKey)
    }

    /// Signs with Ed25519 (RFC 8032), 64 bytes.
    public func sign(_ message: [UInt8]) throws(VaultError) -> [UInt8] {
        try cryptographic("cannot sign") { () throws(CryptographyError) in
            try signing.signature(for: message)
        }
    }
}

extension Identity: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The principal and the public keys' fingerprint, never a private key.
    public var description: String { "Identity(\(principal), \(publicKeys.fingerprint))" }
    /// The principal and the public keys' fingerprint, never a private key.
    public var debugDescription: String { description }
    /// The principal and the public keys' fingerprint, never a private key.
    public var customMirror: Mirror {
        Mirror(
            self, children: ["principal": principal, "fingerprint": publicKeys.fingerprint])
    }
}
