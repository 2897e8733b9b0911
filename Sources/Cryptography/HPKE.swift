/// HPKE (RFC 9180), base mode, one message: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
///
/// Anyone can seal to a public key; the recipient learns nothing about the sender. Sealing makes a
/// fresh key pair every time, so two sealings of one text differ.
///
/// ```swift
/// let sealed = try HPKE.seal(secret, to: reader.publicKey, info: context)
/// let again = try HPKE.open(sealed, with: reader, info: context)
/// ```
public enum HPKE {
    /// The length of the encapsulated key at the start of a sealed text, in bytes.
    public static let encapsulatedKeyByteCount = 32
    /// Bytes that sealing adds: the encapsulated key and the tag.
    public static let overhead = 48

    /// Seals `plaintext`: `enc32 ‖ ciphertext ‖ tag16` (RFC 9180 §6.1, `SealBase`).
    ///
    /// - Parameters:
    ///   - info: what the text is for; the same bytes are needed to open it.
    ///   - aad: bytes that are authenticated but not stored.
    public static func seal(
        _ plaintext: [UInt8], to recipient: X25519.PublicKey, info: [UInt8],
        authenticating aad: [UInt8] = []
    ) throws(CryptographyError) -> [UInt8] {
        try seal(
            plaintext, to: recipient, info: info, authenticating: aad,
            ephemeral: X25519.PrivateKey())
    }

    /// As above with a given ephemeral key, so that the RFC's vectors can be replayed.
    static func seal(
        _ plaintext: [UInt8], to recipient: X25519.PublicKey, info: [UInt8],
        authenticating aad: [UInt8], ephemeral: X25519.PrivateKey
    ) throws(CryptographyError) -> [UInt8] {
        let encapsulated = ephemeral.publicKey.rawRepresentation
        let schedule = HPKEKeySchedule(
            sharedSecret: HPKEKeySchedule.sharedSecret(
                diffieHellman: try ephemeral.sharedSecret(with: recipient),
                encapsulated: encapsulated, recipient: recipient.rawRepresentation),
            info: info)
        return encapsulated
            + (try AES256GCM.seal(
                plaintext, key: schedule.key, nonce: schedule.baseNonce, authenticating: aad))
    }

    /// Opens what ``seal(_:to:info:authenticating:)`` made (RFC 9180 §6.1, `OpenBase`).
    ///
    /// - Throws: `.authenticationFailed` when the key, `info`, `aad` or any byte differs.
    public static func open(
        _ sealed: [UInt8], with recipient: X25519.PrivateKey, info: [UInt8],
        authenticating aad: [UInt8] = []
    ) throws(CryptographyError) -> [UInt8] {
        guard sealed.count >= overhead else {
            throw CryptographyError(
                .authenticationFailed, "an HPKE text of \(sealed.count) bytes",
                hint: "at least 48 bytes are needed; the text was cut off")
        }
        let encapsulated = Array(sealed.prefix(encapsulatedKeyByteCount))
        let ephemeral = try X25519.PublicKey(rawRepresentation: encapsulated)
        let schedule = HPKEKeySchedule(
            sharedSecret: HPKEKeySchedule.sharedSecret(
                diffieHellman: try recipient.sharedSecret(with: ephemeral),
                encapsulated: encapsulated, recipient: recipient.publicKey.rawRepresentation),
            info: info)
        return try AES256GCM.open(
            Array(sealed.dropFirst(encapsulatedKeyByteCount)), key: schedule.key,
            nonce: schedule.baseNonce, authenticating: aad)
    }
}
