import COpenSSL

/// Secret bytes that are overwritten when the last reference goes away.
///
/// The bytes live outside of Swift arrays, which may be copied and are never wiped; so prefer
/// ``withBytes(_:)`` to ``bytes``.
@safe public final class SymmetricKey: @unchecked Sendable {
    /// Written in `init` only; that makes sharing between threads safe.
    private let storage: UnsafeMutableRawBufferPointer

    /// The length of the key in bytes.
    public var byteCount: Int { unsafe storage.count }

    private init(byteCount: Int) {
        // One byte more than needed keeps the address non-nil for the empty key: libcrypto reads
        // a null HMAC key as "the key that was set before".
        let allocation = UnsafeMutableRawBufferPointer.allocate(
            byteCount: byteCount + 1, alignment: 16)
        unsafe allocation[byteCount] = 0
        unsafe storage = UnsafeMutableRawBufferPointer(rebasing: allocation[..<byteCount])
    }

    /// A key with a copy of `bytes`.
    public convenience init(bytes: [UInt8]) {
        self.init(byteCount: bytes.count)
        unsafe storage.copyBytes(from: bytes)
    }

    /// A key with the bytes of `bytes`, which are overwritten and left empty.
    ///
    /// Another array that shares its storage with `bytes` keeps its copy.
    public convenience init(wiping bytes: inout [UInt8]) {
        self.init(bytes: bytes)
        unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        }
        bytes = []
    }

    /// A key with a copy of the bytes behind `bytes`.
    public convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(byteCount: bytes.count)
        unsafe storage.copyMemory(from: bytes)
    }

    /// A key whose bytes `body` writes into zeroed memory.
    convenience init<E: Error>(
        byteCount: Int, filledBy body: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        self.init(byteCount: byteCount)
        unsafe storage.initializeMemory(as: UInt8.self, repeating: 0)
        try unsafe body(storage)
    }

    deinit {
        unsafe OPENSSL_cleanse(storage.baseAddress, storage.count)
        unsafe storage.deallocate()
    }

    /// A fresh random key from libcrypto's private generator.
    public static func random(byteCount: Int = 32) -> SymmetricKey {
        precondition(byteCount >= 0, "a key cannot have a negative length")
        return unsafe SymmetricKey(byteCount: byteCount) { (bytes) in
            unsafe SecureRandom.fillPrivate(bytes)
        }
    }

    /// Lends the bytes to `body`; the pointer is valid only inside.
    public func withBytes<R, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try unsafe body(UnsafeRawBufferPointer(storage))
    }

    /// A copy of the bytes; it is not wiped, so ask for it only where the bytes must travel.
    public var bytes: [UInt8] { unsafe Array(storage) }

    /// Whether both keys hold the same bytes, in time that depends on the lengths only.
    public func isEqual(to other: SymmetricKey) -> Bool {
        unsafe constantTimeEqual(
            UnsafeRawBufferPointer(storage), UnsafeRawBufferPointer(other.storage))
    }
}

extension SymmetricKey: CustomStringConvertible {
    /// Names the length only, so that a key never lands in a log.
    public var description: String { "SymmetricKey(\(byteCount) bytes)" }
}
