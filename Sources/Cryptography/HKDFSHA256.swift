/// HKDF with SHA-256 (RFC 5869): keys out of one secret, kept apart by `info`.
public enum HKDFSHA256 {
    /// The longest output in bytes: 255 blocks (RFC 5869 §2.3).
    public static let maximumByteCount = 255 * SHA256.byteCount

    /// Extract, then expand.
    ///
    /// - Parameter byteCount: 0…8160; outside of it the program traps.
    public static func derive(
        inputKey: [UInt8], salt: [UInt8], info: [UInt8], byteCount: Int
    ) -> [UInt8] {
        expand(
            pseudorandomKey: extract(inputKey: inputKey, salt: salt), info: info,
            byteCount: byteCount)
    }

    /// Extract, then expand, from a key to a key; what lies between is wiped.
    public static func derive(
        inputKey: SymmetricKey, salt: [UInt8] = [], info: [UInt8], byteCount: Int = 32
    ) -> SymmetricKey {
        var extracted = unsafe inputKey.withBytes { input in
            unsafe HMACSHA256.authenticate(input, key: SymmetricKey(bytes: salt))
        }
        let pseudorandomKey = SymmetricKey(wiping: &extracted)
        return expand(pseudorandomKey: pseudorandomKey, info: info, byteCount: byteCount)
    }

    /// `PRK = HMAC(salt, IKM)`, 32 bytes (RFC 5869 §2.2).
    ///
    /// An empty salt stands for 32 zero bytes: HMAC pads its key with zeros, so both give one tag.
    public static func extract(inputKey: [UInt8], salt: [UInt8]) -> [UInt8] {
        HMACSHA256.authenticate(inputKey, key: SymmetricKey(bytes: salt))
    }

    /// `T(1) ‖ T(2) ‖ …` with `T(i) = HMAC(PRK, T(i−1) ‖ info ‖ u8 i)` (RFC 5869 §2.3).
    ///
    /// - Parameter byteCount: 0…8160; outside of it the program traps.
    public static func expand(
        pseudorandomKey: [UInt8], info: [UInt8], byteCount: Int
    ) -> [UInt8] {
        expand(
            pseudorandomKey: SymmetricKey(bytes: pseudorandomKey), info: info, byteCount: byteCount
        ).bytes
    }

    /// Expand, from a key to a key; what lies between is wiped.
    static func expand(
        pseudorandomKey: SymmetricKey, info: [UInt8], byteCount: Int
    ) -> SymmetricKey {
        precondition(
            (0...maximumByteCount).contains(byteCount),
            "HKDF-SHA256 gives at most \(maximumByteCount) bytes")
        let keyed = HMACSHA256.Context(key: pseudorandomKey)
        return unsafe SymmetricKey(byteCount: byteCount) { output in
            var block = SymmetricKey(bytes: [])
            var counter: UInt8 = 0
            for offset in stride(from: 0, to: byteCount, by: SHA256.byteCount) {
                counter += 1
                var context = keyed
                unsafe block.withBytes { unsafe context.update($0) }
                context.update(info)
                context.update([counter])
                var tag = context.consume()
                block = SymmetricKey(wiping: &tag)
                unsafe block.withBytes { block in
                    let room = min(SHA256.byteCount, byteCount - offset)
                    unsafe UnsafeMutableRawBufferPointer(rebasing: output[offset...])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: block[..<room]))
                }
            }
        }
    }
}
