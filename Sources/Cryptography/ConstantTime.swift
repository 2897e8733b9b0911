import COpenSSL

/// Whether `a` and `b` are the same bytes, in time that depends on their lengths only.
///
/// Use it wherever an attacker could learn from how long a comparison takes: tags, tokens, keys.
public func constantTimeEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    unsafe a.withUnsafeBytes { left in
        unsafe b.withUnsafeBytes { right in unsafe constantTimeEqual(left, right) }
    }
}

func constantTimeEqual(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard a.count == b.count else { return false }
    guard let left = a.baseAddress, let right = b.baseAddress else { return true }
    return unsafe CRYPTO_memcmp(left, right, a.count) == 0
}
