import COpenSSL

/// Random bytes from libcrypto's generators, seeded by the operating system.
public enum SecureRandom {
    /// `count` random bytes that may become public (nonces, salts, ids).
    public static func bytes(_ count: Int) -> [UInt8] {
        precondition(count >= 0, "a count of random bytes cannot be negative")
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            unsafe fill(UnsafeMutableRawBufferPointer(buffer))
            written = count
        }
    }

    /// Overwrites `buffer` with random bytes that may become public.
    public static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let base = buffer.baseAddress, buffer.count > 0 else { return }
        let status = unsafe RAND_bytes_ex(
            nil, base.assumingMemoryBound(to: UInt8.self), buffer.count, 0)
        LibCrypto.require(status, "RAND_bytes_ex")
    }

    /// Overwrites `buffer` with bytes from the generator kept for secrets.
    static func fillPrivate(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let base = buffer.baseAddress, buffer.count > 0 else { return }
        let status = unsafe RAND_priv_bytes_ex(
            nil, base.assumingMemoryBound(to: UInt8.self), buffer.count, 0)
        LibCrypto.require(status, "RAND_priv_bytes_ex")
    }
}
