import COpenSSL

/// SHA-256 (FIPS 180-4).
///
/// ```swift
/// let digest = SHA256.hash(Array("abc".utf8))  // 32 bytes
/// ```
public enum SHA256 {
    /// The length of a digest in bytes.
    public static let byteCount = 32
    /// The length of a block in bytes.
    public static let blockByteCount = 64

    /// The digest of `bytes`, 32 bytes.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        unsafe bytes.withUnsafeBytes { unsafe hash($0) }
    }

    /// The digest of `bytes`, 32 bytes.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
            let status = unsafe EVP_Digest(
                bytes.baseAddress, bytes.count, digest.baseAddress, nil, LibCrypto.sha256, nil)
            LibCrypto.require(status, "EVP_Digest")
            count = byteCount
        }
    }

    /// SHA-256 over a message that comes in pieces; a value: copies go on independently.
    ///
    /// ```swift
    /// var hasher = SHA256.Hasher()
    /// hasher.update(head)
    /// hasher.update(body)
    /// let digest = hasher.finalize()
    /// ```
    public struct Hasher: Sendable {
        private var context: DigestContext

        /// Starts a message.
        public init() {
            context = DigestContext()
        }

        /// Appends `bytes` to the message.
        public mutating func update(_ bytes: [UInt8]) {
            unsafe bytes.withUnsafeBytes { unsafe update($0) }
        }

        /// Appends `bytes` to the message.
        public mutating func update(_ bytes: UnsafeRawBufferPointer) {
            if !isKnownUniquelyReferenced(&context) { context = DigestContext(copying: context) }
            unsafe context.update(bytes)
        }

        /// The digest of the message, 32 bytes. The hasher stays as it was and can go on.
        public func finalize() -> [UInt8] {
            DigestContext(copying: context).finish()
        }
    }
}

/// An `EVP_MD_CTX` for SHA-256, changed only while a single ``SHA256/Hasher`` refers to it.
@safe private final class DigestContext: @unchecked Sendable {
    private let pointer: OpaquePointer

    init() {
        unsafe pointer = LibCrypto.required(EVP_MD_CTX_new(), "a digest context")
        LibCrypto.require(
            unsafe EVP_DigestInit_ex2(pointer, LibCrypto.sha256, nil), "EVP_DigestInit_ex2")
    }

    init(copying other: DigestContext) {
        unsafe pointer = LibCrypto.required(EVP_MD_CTX_new(), "a digest context")
        LibCrypto.require(unsafe EVP_MD_CTX_copy_ex(pointer, other.pointer), "EVP_MD_CTX_copy_ex")
    }

    deinit { unsafe EVP_MD_CTX_free(pointer) }

    func update(_ bytes: UnsafeRawBufferPointer) {
        let status = unsafe EVP_DigestUpdate(pointer, bytes.baseAddress, bytes.count)
        LibCrypto.require(status, "EVP_DigestUpdate")
    }

    func finish() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { digest, count in
            let status = unsafe EVP_DigestFinal_ex(pointer, digest.baseAddress, nil)
            LibCrypto.require(status, "EVP_DigestFinal_ex")
            count = SHA256.byteCount
        }
    }
}
