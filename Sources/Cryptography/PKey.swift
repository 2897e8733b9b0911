import COpenSSL

/// An `EVP_PKEY`, private or public, and the operations that the key types share.
///
/// Never changed after its maker handed it out; libcrypto allows concurrent use of such a key.
@safe final class PKey: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over the reference that `pointer` owns.
    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit { unsafe EVP_PKEY_free(pointer) }

    /// A fresh key pair of an algorithm without parameters, such as `ED25519`.
    static func generate(_ algorithm: String, group: String? = nil) -> PKey {
        let context = unsafe LibCrypto.required(
            EVP_PKEY_CTX_new_from_name(nil, algorithm, nil), algorithm)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        LibCrypto.require(unsafe EVP_PKEY_keygen_init(context), "EVP_PKEY_keygen_init")
        if let group {
            LibCrypto.require(
                unsafe EVP_PKEY_CTX_set_group_name(context, group), "EVP_PKEY_CTX_set_group_name")
        }
        var key: OpaquePointer?
        LibCrypto.require(unsafe EVP_PKEY_generate(context, &key), "EVP_PKEY_generate")
        return unsafe PKey(owning: LibCrypto.required(key, "a key"))
    }

    /// A private key from its 32 raw bytes (RFC 8032 §5.1.5, RFC 7748 §5).
    static func privateKey(_ algorithm: String, raw: [UInt8]) throws(CryptographyError) -> PKey {
        try checkSize(raw, "private", algorithm)
        let pointer = unsafe EVP_PKEY_new_raw_private_key_ex(nil, algorithm, nil, raw, raw.count)
        guard let pointer = unsafe pointer else { throw invalid("private", algorithm) }
        return unsafe PKey(owning: pointer)
    }

    /// A public key from its 32 raw bytes.
    static func publicKey(_ algorithm: String, raw: [UInt8]) throws(CryptographyError) -> PKey {
        try checkSize(raw, "public", algorithm)
        let pointer = unsafe EVP_PKEY_new_raw_public_key_ex(nil, algorithm, nil, raw, raw.count)
        guard let pointer = unsafe pointer else { throw invalid("public", algorithm) }
        return unsafe PKey(owning: pointer)
    }

    private static func checkSize(
        _ raw: [UInt8], _ kind: String, _ algorithm: String
    ) throws(CryptographyError) {
        guard raw.count == 32 else {
            throw CryptographyError(
                .invalidKeySize, "a raw \(algorithm) \(kind) key of \(raw.count) bytes",
                hint: "it must be 32 bytes long")
        }
    }

    private static func invalid(_ kind: String, _ algorithm: String) -> CryptographyError {
        CryptographyError(
            .invalidKey, "the bytes are no \(algorithm) \(kind) key: \(LibCrypto.lastFailure())",
            hint: "check where the key comes from")
    }

    /// The 32 raw bytes of the private key.
    var rawPrivateKey: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { raw, count in
            count = 32
            let status = unsafe EVP_PKEY_get_raw_private_key(pointer, raw.baseAddress, &count)
            LibCrypto.require(status, "EVP_PKEY_get_raw_private_key")
        }
    }

    /// The 32 raw bytes of the public key.
    var rawPublicKey: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { raw, count in
            count = 32
            let status = unsafe EVP_PKEY_get_raw_public_key(pointer, raw.baseAddress, &count)
            LibCrypto.require(status, "EVP_PKEY_get_raw_public_key")
        }
    }

    /// Signs `message` in one call.
    ///
    /// - Parameter digest: the digest's name, or nil where the scheme has its own (Ed25519).
    func sign(_ message: [UInt8], digest: String?) throws(CryptographyError) -> [UInt8] {
        let context = unsafe LibCrypto.required(EVP_MD_CTX_new(), "a digest context")
        defer { unsafe EVP_MD_CTX_free(context) }
        var count = 0
        guard
            unsafe EVP_DigestSignInit_ex(context, nil, digest, nil, nil, pointer, nil) == 1,
            unsafe EVP_DigestSign(context, nil, &count, message, message.count) == 1
        else { throw LibCrypto.failure("EVP_DigestSignInit_ex") }
        var signature = [UInt8](repeating: 0, count: count)
        guard
            unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1
        else { throw LibCrypto.failure("EVP_DigestSign") }
        // A DER signature is often shorter than the bound that the first call gave.
        signature.removeLast(signature.count - count)
        return signature
    }

    /// Whether `signature` is one of `message` under this key.
    func verify(_ signature: [UInt8], of message: [UInt8], digest: String?) -> Bool {
        let context = unsafe LibCrypto.required(EVP_MD_CTX_new(), "a digest context")
        defer { unsafe EVP_MD_CTX_free(context) }
        let valid =
            unsafe EVP_DigestVerifyInit_ex(context, nil, digest, nil, nil, pointer, nil) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        if !valid { ERR_clear_error() }
        return valid
    }
}
