import COpenSSL

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1).
public enum HMACSHA256 {
    /// The length of a tag in bytes.
    public static let byteCount = 32

    /// The tag of `message`, 32 bytes.
    public static func authenticate(_ message: [UInt8], key: SymmetricKey) -> [UInt8] {
        unsafe message.withUnsafeBytes { unsafe authenticate($0, key: key) }
    }

    /// The tag of `message`, 32 bytes.
    public static func authenticate(
        _ message: UnsafeRawBufferPointer, key: SymmetricKey
    ) -> [UInt8] {
        var context = Context(key: key)
        unsafe context.update(message)
        return context.consume()
    }

    /// Whether `tag` is the tag of `message`; compares in constant time.
    public static func isValid(_ tag: [UInt8], for message: [UInt8], key: SymmetricKey) -> Bool {
        constantTimeEqual(tag, authenticate(message, key: key))
    }

    /// HMAC over a message that comes in pieces; a value: copies go on independently.
    ///
    /// For many messages under one key, make one context and copy it: the key is hashed once.
    ///
    /// ```swift
    /// let keyed = HMACSHA256.Context(key: key)
    /// for row in rows {
    ///     var context = keyed
    ///     context.update(row)
    ///     tags.append(context.finalize())
    /// }
    /// ```
    public struct Context: Sendable {
        private var state: MACContext

        /// Starts a message under `key`.
        public init(key: SymmetricKey) {
            state = MACContext(key: key)
        }

        /// Appends `bytes` to the message.
        public mutating func update(_ bytes: [UInt8]) {
            unsafe bytes.withUnsafeBytes { unsafe update($0) }
        }

        /// Appends `bytes` to the message.
        public mutating func update(_ bytes: UnsafeRawBufferPointer) {
            if !isKnownUniquelyReferenced(&state) { state = MACContext(copying: state) }
            unsafe state.update(bytes)
        }

        /// The tag of the message, 32 bytes. The context stays as it was and can go on.
        public func finalize() -> [UInt8] { MACContext(copying: state).finish() }

        /// The tag without a copy of the state; the context is of no use after it.
        mutating func consume() -> [UInt8] {
            isKnownUniquelyReferenced(&state) ? state.finish() : finalize()
        }
    }
}

/// An `EVP_MAC_CTX` for HMAC-SHA256, changed only while a single context refers to it.
@safe private final class MACContext: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// A context that knows its digest but no key: copying it spares the fetch of SHA-256 by name.
    nonisolated(unsafe) private static let template: OpaquePointer = {
        let context = unsafe LibCrypto.required(EVP_MAC_CTX_new(LibCrypto.hmac), "a MAC context")
        var name = Array("SHA256".utf8CString)
        let status = unsafe name.withUnsafeMutableBufferPointer { name in
            let parameters = unsafe [
                OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.baseAddress, 0),
                OSSL_PARAM_construct_end(),
            ]
            return unsafe EVP_MAC_CTX_set_params(context, parameters)
        }
        LibCrypto.require(status, "EVP_MAC_CTX_set_params")
        return unsafe context
    }()

    init(key: SymmetricKey) {
        let context = unsafe LibCrypto.required(
            EVP_MAC_CTX_dup(MACContext.template), "a MAC context")
        unsafe pointer = context
        let status = unsafe key.withBytes { key in
            unsafe EVP_MAC_init(
                context, key.baseAddress?.assumingMemoryBound(to: UInt8.self), key.count, nil)
        }
        LibCrypto.require(status, "EVP_MAC_init")
    }

    init(copying other: MACContext) {
        unsafe pointer = LibCrypto.required(EVP_MAC_CTX_dup(other.pointer), "a MAC context")
    }

    deinit { unsafe EVP_MAC_CTX_free(pointer) }

    func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        let status = unsafe EVP_MAC_update(
            pointer, base.assumingMemoryBound(to: UInt8.self), bytes.count)
        LibCrypto.require(status, "EVP_MAC_update")
    }

    func finish() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: HMACSHA256.byteCount) { tag, count in
            var written = 0
            let status = unsafe EVP_MAC_final(pointer, tag.baseAddress, &written, tag.count)
            LibCrypto.require(status, "EVP_MAC_final")
            count = HMACSHA256.byteCount
        }
    }
}
