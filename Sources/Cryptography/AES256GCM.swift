/// AES-256 in Galois/Counter mode (NIST SP 800-38D) with 12-byte nonces and 16-byte tags.
///
/// A nonce must never come twice under one key. Where a key seals many chunks, count the nonce up;
/// where nonces are random, stay far below 2^32 messages per key.
///
/// ```swift
/// let sealed = try AES256GCM.seal(text, key: key, nonce: SecureRandom.bytes(12))
/// ```
public enum AES256GCM {
    /// The length of a key in bytes.
    public static let keyByteCount = 32
    /// The length of a nonce in bytes.
    public static let nonceByteCount = 12
    /// The length of a tag in bytes.
    public static let tagByteCount = 16

    /// Encrypts and authenticates: `ciphertext ‖ tag16`.
    ///
    /// - Parameter aad: bytes that are authenticated with the text but not stored in the result.
    public static func seal(
        _ plaintext: [UInt8], key: SymmetricKey, nonce: [UInt8],
        authenticating aad: [UInt8] = []
    ) throws(CryptographyError) -> [UInt8] {
        let sealer = try Sealer(key: key)
        var output = [UInt8](repeating: 0, count: plaintext.count + tagByteCount)
        try unsafe withBuffers(plaintext, &output) { input, output throws(CryptographyError) in
            unsafe try sealer.seal(input, into: output, nonce: nonce, authenticating: aad)
        }
        return output
    }

    /// Checks and decrypts what ``seal(_:key:nonce:authenticating:)`` made.
    ///
    /// - Throws: `.authenticationFailed` when key, nonce, associated data or any byte differs.
    public static func open(
        _ sealed: [UInt8], key: SymmetricKey, nonce: [UInt8], authenticating aad: [UInt8] = []
    ) throws(CryptographyError) -> [UInt8] {
        let opener = try Opener(key: key)
        var output = [UInt8](repeating: 0, count: max(0, sealed.count - tagByteCount))
        try unsafe withBuffers(sealed, &output) { input, output throws(CryptographyError) in
            unsafe try opener.open(input, into: output, nonce: nonce, authenticating: aad)
        }
        return output
    }

    private static func withBuffers(
        _ input: [UInt8], _ output: inout [UInt8],
        _ body: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) throws(CryptographyError)
            -> Int
    ) throws(CryptographyError) {
        _ = try unsafe input.span.withUnsafeBytes { input throws(CryptographyError) in
            var bytes = output.mutableSpan
            return try unsafe bytes.withUnsafeMutableBytes { output throws(CryptographyError) in
                try unsafe body(input, output)
            }
        }
    }
}
