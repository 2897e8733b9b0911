import COpenSSL

/// AES-256 key wrap (RFC 3394 with its default initial value; NIST SP 800-38F "KW").
///
/// The result is 8 bytes longer than the key. Wrapping is deterministic and needs no nonce.
public enum AESKeyWrap {
    /// Bytes that wrapping adds.
    public static let overhead = 8

    /// Wraps `key` under the 32-byte key-encryption key `kek`.
    ///
    /// - Parameter key: 16…4096 bytes, a multiple of 8.
    public static func wrap(
        _ key: SymmetricKey, with kek: SymmetricKey
    ) throws(CryptographyError) -> [UInt8] {
        guard (16...4096).contains(key.byteCount), key.byteCount % 8 == 0 else {
            throw CryptographyError(
                .invalidSize, "key wrap got \(key.byteCount) bytes to wrap",
                hint: "RFC 3394 wraps multiples of 8 bytes, 16 at least, here 4096 at most")
        }
        let wrapped = try unsafe SymmetricKey(byteCount: key.byteCount + overhead) {
            output throws(CryptographyError) in
            let done = try unsafe key.withBytes { input throws(CryptographyError) in
                try unsafe transform(input, into: output, kek: kek, direction: 1)
            }
            guard done else { throw LibCrypto.failure("EVP_CipherUpdate") }
        }
        return wrapped.bytes
    }

    /// Unwraps what ``wrap(_:with:)`` made.
    ///
    /// - Throws: `.unwrapFailed` when `kek` is another key or a byte differs.
    public static func unwrap(
        _ wrapped: [UInt8], with kek: SymmetricKey
    ) throws(CryptographyError) -> SymmetricKey {
        guard (24...4104).contains(wrapped.count), wrapped.count % 8 == 0 else {
            throw CryptographyError(
                .invalidSize, "key wrap got a wrapped key of \(wrapped.count) bytes",
                hint: "a wrapped 32-byte key is 40 bytes long")
        }
        return try unsafe SymmetricKey(byteCount: wrapped.count - overhead) {
            output throws(CryptographyError) in
            let done = try unsafe wrapped.span.withUnsafeBytes { input throws(CryptographyError) in
                try unsafe transform(input, into: output, kek: kek, direction: 0)
            }
            guard done else {
                ERR_clear_error()
                throw CryptographyError(
                    .unwrapFailed, "the wrapped key does not open with this key-encryption key",
                    hint: "use the key-encryption key it was wrapped with, or a sound backup of it")
            }
        }
    }

    private static func transform(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
        kek: SymmetricKey, direction: Int32
    ) throws(CryptographyError) -> Bool {
        guard kek.byteCount == 32 else {
            throw CryptographyError(
                .invalidKeySize, "key wrap got a key-encryption key of \(kek.byteCount) bytes",
                hint: "the key-encryption key must be 32 bytes long")
        }
        let context = unsafe LibCrypto.required(EVP_CIPHER_CTX_new(), "a cipher context")
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        unsafe EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW)
        let ready = unsafe kek.withBytes { kek in
            unsafe EVP_CipherInit_ex2(
                context, LibCrypto.aes256Wrap, kek.baseAddress?.assumingMemoryBound(to: UInt8.self),
                nil, direction, nil)
        }
        guard ready == 1 else { throw LibCrypto.failure("EVP_CipherInit_ex2") }
        var written: Int32 = 0
        let status = unsafe EVP_CipherUpdate(
            context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), &written,
            input.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(input.count))
        return status == 1 && Int(written) == output.count
    }
}
