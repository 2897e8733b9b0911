import COpenSSL

/// The algorithms fetched from libcrypto's providers, once per process.
///
/// Fetching by name costs about a microsecond and takes a lock, so it is kept out of every hot path
/// (OpenSSL 3, `crypto(7)`, "Explicit fetching"). What is fetched lives as long as the process.
///
/// Rules of this room:
/// 1. Sizes are checked in Swift before libcrypto sees a pointer.
/// 2. libcrypto's error queue is left empty, also after a failure that was expected.
/// 3. A failure that no input can cause (out of memory, no SHA-256) traps with a plain text;
///    everything that an input can cause is a ``CryptographyError``.
enum LibCrypto {
    nonisolated(unsafe) static let sha256 = unsafe required(
        EVP_MD_fetch(nil, "SHA256", nil), "SHA-256")
    nonisolated(unsafe) static let aes256GCM = unsafe required(
        EVP_CIPHER_fetch(nil, "AES-256-GCM", nil), "AES-256-GCM")
    nonisolated(unsafe) static let aes256Wrap = unsafe required(
        EVP_CIPHER_fetch(nil, "AES-256-WRAP", nil), "AES-256-WRAP")
    nonisolated(unsafe) static let hmac = unsafe required(EVP_MAC_fetch(nil, "HMAC", nil), "HMAC")

    /// Unwraps what an allocation or a fetch returned.
    static func required(_ pointer: OpaquePointer?, _ what: String) -> OpaquePointer {
        guard let pointer = unsafe pointer else {
            fatalError("libcrypto does not offer \(what): \(lastFailure())")
        }
        return unsafe pointer
    }

    /// Traps unless libcrypto reported success; for calls that no input can make fail.
    static func require(_ status: Int32, _ what: StaticString) {
        guard status == 1 else { fatalError("libcrypto: \(what) failed: \(lastFailure())") }
    }

    /// The reason of the latest failure in libcrypto's words; empties the queue.
    static func lastFailure() -> String {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0, let reason = unsafe ERR_reason_error_string(code) else {
            return "no reason given"
        }
        return unsafe String(cString: reason)
    }

    /// An error for a call that libcrypto refused.
    static func failure(_ call: StaticString) -> CryptographyError {
        CryptographyError(
            .libraryFailure, "libcrypto refused \(call): \(lastFailure())",
            hint: "check the installed OpenSSL 3 and its providers with `openssl list -providers`")
    }
}
