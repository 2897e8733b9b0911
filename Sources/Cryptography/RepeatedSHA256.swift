import COpenSSL

/// SHA-256 and HMAC-SHA256 over many short messages: one context of libcrypto is used for all.
///
/// A message of a few hundred bytes costs more for its context than for its blocks; records are
/// such messages, a dozen hashes each. One thread at a time.
///
/// ```swift
/// let hashes = RepeatedSHA256()
/// let key = HMACSHA256.PaddedKey(key)
/// for row in rows { tags.append(hashes.authenticate(tag, row, key: key)) }
/// ```
@safe public final class RepeatedSHA256 {
    private let context: OpaquePointer

    /// Makes the context.
    public init() {
        unsafe context = LibCrypto.required(EVP_MD_CTX_new(), "a digest context")
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// The digest of the parts, one after the other, 32 bytes.
    public func hash(_ first: [UInt8], _ second: [UInt8] = [], _ third: [UInt8] = []) -> [UInt8] {
        begin()
        update(first)
        update(second)
        update(third)
        return finish()
    }

    /// The HMAC (RFC 2104) of the parts, one after the other, 32 bytes.
    public func authenticate(
        _ first: [UInt8], _ second: [UInt8] = [], _ third: [UInt8] = [], _ fourth: [UInt8] = [],
        key: HMACSHA256.PaddedKey
    ) -> [UInt8] {
        begin()
        unsafe key.inner.withBytes { unsafe update($0) }
        update(first)
        update(second)
        update(third)
        update(fourth)
        let inner = finish()
        begin()
        unsafe key.outer.withBytes { unsafe update($0) }
        update(inner)
        return finish()
    }

    private func begin() {
        LibCrypto.require(
            unsafe EVP_DigestInit_ex2(context, LibCrypto.sha256, nil), "EVP_DigestInit_ex2")
    }

    private func update(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    private func update(_ bytes: UnsafeRawBufferPointer) {
        let status = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        LibCrypto.require(status, "EVP_DigestUpdate")
    }

    private func finish() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { digest, count in
            let status = unsafe EVP_DigestFinal_ex(context, digest.baseAddress, nil)
            LibCrypto.require(status, "EVP_DigestFinal_ex")
            count = SHA256.byteCount
        }
    }
}

extension HMACSHA256 {
    /// A key with its two pads, for ``RepeatedSHA256``; overwritten when it goes.
    public struct PaddedKey: Sendable {
        /// key ⊕ 0x36…, and key ⊕ 0x5C…, a block each (RFC 2104 §2).
        let inner: SymmetricKey
        let outer: SymmetricKey

        /// Pads `key`; one above a block is hashed first.
        public init(_ key: SymmetricKey) {
            var block = unsafe key.withBytes { bytes in
                unsafe bytes.count > SHA256.blockByteCount
                    ? SHA256.hash(bytes) : Array(bytes)
            }
            block += [UInt8](repeating: 0, count: SHA256.blockByteCount - block.count)
            var inner = block.map { $0 ^ 0x36 }
            var outer = block.map { $0 ^ 0x5C }
            self.inner = SymmetricKey(wiping: &inner)
            self.outer = SymmetricKey(wiping: &outer)
            _ = SymmetricKey(wiping: &block)
        }
    }
}
