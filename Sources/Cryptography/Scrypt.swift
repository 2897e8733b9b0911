import COpenSSL

/// scrypt (RFC 7914): a key out of a passphrase, costly in memory for whoever guesses.
public enum Scrypt {
    /// The most memory one derivation may take: 256 MiB.
    ///
    /// libcrypto's own default of 32 MiB refuses N = 2^17, r = 8, which needs 128 MiB and a little.
    public static let memoryLimit: UInt64 = 256 << 20

    /// Derives a key.
    ///
    /// - Parameters:
    ///   - n: cost, a power of two above 1. The default 2^17 with r = 8 takes 128 MiB (`128·n·r`).
    ///   - r: block size.
    ///   - p: parallelism.
    ///   - byteCount: the length of the key in bytes, above 0.
    /// - Throws: `.memoryLimit` past ``memoryLimit``, `.invalidParameter` for values RFC 7914 §2
    ///   forbids.
    public static func derive(
        passphrase: [UInt8], salt: [UInt8], n: UInt64 = 1 << 17, r: UInt64 = 8, p: UInt64 = 1,
        byteCount: Int = 32
    ) throws(CryptographyError) -> SymmetricKey {
        try check(n: n, r: r, p: p, byteCount: byteCount)
        return try unsafe SymmetricKey(byteCount: byteCount) { (output) throws(CryptographyError) in
            // An empty Swift array may have no address, and a null passphrase only checks the
            // parameters; one byte more keeps the address.
            let secret = SymmetricKey(bytes: passphrase)
            let status = unsafe secret.withBytes { secret in
                unsafe EVP_PBE_scrypt(
                    secret.baseAddress?.assumingMemoryBound(to: CChar.self), secret.count,
                    salt + [0], salt.count, n, r, p, memoryLimit,
                    output.baseAddress?.assumingMemoryBound(to: UInt8.self), output.count)
            }
            guard status == 1 else { throw LibCrypto.failure("EVP_PBE_scrypt") }
        }
    }

    private static func check(
        n: UInt64, r: UInt64, p: UInt64, byteCount: Int
    ) throws(CryptographyError) {
        guard n > 1, n & (n - 1) == 0, r > 0, p > 0, byteCount > 0 else {
            throw CryptographyError(
                .invalidParameter, "scrypt cannot work with n=\(n), r=\(r), p=\(p)",
                hint: "n is a power of two above 1; r, p and the key length are above 0")
        }
        // RFC 7914 §6: B takes 128·r·p bytes, V takes 128·r·n, two blocks more for the mixing.
        let (perBlock, overflowR) = UInt64(128).multipliedReportingOverflow(by: r)
        let (blocks, overflowB) = n.addingReportingOverflow(p)
        let (need, overflowN) = perBlock.multipliedReportingOverflow(by: blocks &+ 2)
        guard !overflowR, !overflowB, !overflowN, need <= memoryLimit else {
            throw CryptographyError(
                .memoryLimit,
                "scrypt with n=\(n), r=\(r), p=\(p) needs more than \(memoryLimit >> 20) MiB",
                hint: "use n=131072, r=8, p=1")
        }
    }
}
