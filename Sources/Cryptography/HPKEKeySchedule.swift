/// From the Diffie-Hellman value to key and nonce (RFC 9180 §4, §4.1, §5.1), base mode.
struct HPKEKeySchedule {
    /// The AEAD key, 32 bytes.
    let key: SymmetricKey
    /// The nonce of the first message, 12 bytes; a context of ours sends one message only.
    let baseNonce: [UInt8]
    /// The secret for exports, 32 bytes; kept for the vectors.
    let exporterSecret: SymmetricKey

    /// `"KEM" ‖ I2OSP(0x0020)`: DHKEM(X25519, HKDF-SHA256).
    private static let kemSuite: [UInt8] = Array("KEM".utf8) + [0x00, 0x20]
    /// `"HPKE" ‖ kem 0x0020 ‖ kdf 0x0001 (HKDF-SHA256) ‖ aead 0x0002 (AES-256-GCM)`.
    private static let suite: [UInt8] = Array("HPKE".utf8) + [0x00, 0x20, 0x00, 0x01, 0x00, 0x02]

    /// `ExtractAndExpand(dh, enc ‖ pkR)` of the KEM, 32 bytes (§4.1).
    static func sharedSecret(
        diffieHellman: SymmetricKey, encapsulated: [UInt8], recipient: [UInt8]
    ) -> SymmetricKey {
        let extracted = labeledExtract(
            salt: [], label: "eae_prk", inputKey: diffieHellman, suite: kemSuite)
        return labeledExpand(
            extracted, label: "shared_secret", info: encapsulated + recipient, byteCount: 32,
            suite: kemSuite)
    }

    /// `KeySchedule(mode_base, shared_secret, info, "", "")` (§5.1).
    init(sharedSecret: SymmetricKey, info: [UInt8]) {
        let empty = SymmetricKey(bytes: [])
        let identity = Self.labeledExtract(
            salt: [], label: "psk_id_hash", inputKey: empty, suite: Self.suite)
        let information = Self.labeledExtract(
            salt: [], label: "info_hash", inputKey: SymmetricKey(bytes: info), suite: Self.suite)
        // mode_base = 0x00, then both hashes.
        let context = [0x00] + identity.bytes + information.bytes
        let secret = Self.labeledExtract(
            salt: sharedSecret.bytes, label: "secret", inputKey: empty, suite: Self.suite)
        func expand(_ label: String, _ byteCount: Int) -> SymmetricKey {
            Self.labeledExpand(
                secret, label: label, info: context, byteCount: byteCount, suite: Self.suite)
        }
        key = expand("key", AES256GCM.keyByteCount)
        baseNonce = expand("base_nonce", AES256GCM.nonceByteCount).bytes
        exporterSecret = expand("exp", 32)
    }

    /// `Extract(salt, "HPKE-v1" ‖ suite ‖ label ‖ ikm)` (§4).
    private static func labeledExtract(
        salt: [UInt8], label: String, inputKey: SymmetricKey, suite: [UInt8]
    ) -> SymmetricKey {
        var context = HMACSHA256.Context(key: SymmetricKey(bytes: salt))
        context.update(Array("HPKE-v1".utf8) + suite + Array(label.utf8))
        unsafe inputKey.withBytes { unsafe context.update($0) }
        var extracted = context.consume()
        return SymmetricKey(wiping: &extracted)
    }

    /// `Expand(prk, I2OSP(L, 2) ‖ "HPKE-v1" ‖ suite ‖ label ‖ info, L)` (§4).
    private static func labeledExpand(
        _ pseudorandomKey: SymmetricKey, label: String, info: [UInt8], byteCount: Int,
        suite: [UInt8]
    ) -> SymmetricKey {
        let length = [UInt8(byteCount >> 8), UInt8(byteCount & 0xff)]
        return HKDFSHA256.expand(
            pseudorandomKey: pseudorandomKey,
            info: length + Array("HPKE-v1".utf8) + suite + Array(label.utf8) + info,
            byteCount: byteCount)
    }
}
