import COpenSSL

/// An `EVP_CIPHER_CTX` for AES-256-GCM with its key set.
@safe final class CipherContext {
    private let pointer: OpaquePointer

    convenience init(sealingWith key: SymmetricKey) throws(CryptographyError) {
        try self.init(key: key, direction: 1)
    }

    convenience init(openingWith key: SymmetricKey) throws(CryptographyError) {
        try self.init(key: key, direction: 0)
    }

    private init(key: SymmetricKey, direction: Int32) throws(CryptographyError) {
        guard key.byteCount == AES256GCM.keyByteCount else {
            throw CryptographyError(
                .invalidKeySize, "AES-256-GCM got a key of \(key.byteCount) bytes",
                hint: "the key must be 32 bytes long")
        }
        let context = unsafe LibCrypto.required(EVP_CIPHER_CTX_new(), "a cipher context")
        unsafe pointer = context
        let status = unsafe key.withBytes { key in
            unsafe EVP_CipherInit_ex2(
                context, LibCrypto.aes256GCM, key.baseAddress?.assumingMemoryBound(to: UInt8.self),
                nil, direction, nil)
        }
        guard status == 1 else { throw LibCrypto.failure("EVP_CipherInit_ex2") }
    }

    deinit { unsafe EVP_CIPHER_CTX_free(pointer) }

    static func checkRoom(_ room: Int, needed: Int) throws(CryptographyError) {
        guard room >= needed else {
            throw CryptographyError(
                .bufferTooSmall, "the output buffer holds \(room) bytes of \(needed)",
                hint: "give \(needed) bytes")
        }
    }

    /// Starts a message: sets the nonce, keeps the key, takes in the associated data.
    func begin(nonce: [UInt8], aad: [UInt8]) throws(CryptographyError) {
        guard nonce.count == AES256GCM.nonceByteCount else {
            throw CryptographyError(
                .invalidNonceSize, "AES-256-GCM got a nonce of \(nonce.count) bytes",
                hint: "the nonce must be 12 bytes long")
        }
        guard unsafe EVP_CipherInit_ex2(pointer, nil, nil, nonce, -1, nil) == 1 else {
            throw LibCrypto.failure("EVP_CipherInit_ex2")
        }
        let status = try unsafe aad.span.withUnsafeBytes { aad throws(CryptographyError) in
            try unsafe transform(aad, into: nil)
        }
        guard status else { throw LibCrypto.failure("EVP_CipherUpdate") }
    }

    /// Encrypts or decrypts `input` to the start of `output`.
    func update(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CryptographyError) {
        guard try unsafe transform(input, into: output.baseAddress) else {
            throw LibCrypto.failure("EVP_CipherUpdate")
        }
    }

    /// One `EVP_CipherUpdate` per piece, since its lengths are 32-bit.
    private func transform(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawPointer?
    ) throws(CryptographyError) -> Bool {
        let longest = 1 << 30
        var offset = 0
        while offset < input.count {
            let piece = unsafe UnsafeRawBufferPointer(
                rebasing: input[offset..<min(input.count, offset + longest)])
            var written: Int32 = 0
            let status = unsafe EVP_CipherUpdate(
                pointer, output.map { unsafe ($0 + offset).assumingMemoryBound(to: UInt8.self) },
                &written, piece.baseAddress?.assumingMemoryBound(to: UInt8.self),
                Int32(piece.count))
            guard status == 1, Int(written) == piece.count else { return false }
            offset += piece.count
        }
        return true
    }

    /// Ends a sealed message and writes its 16-byte tag.
    func finishSealing(tag: UnsafeMutableRawBufferPointer) throws(CryptographyError) {
        var written: Int32 = 0
        var block: [UInt8] = Array(repeating: 0, count: 16)
        guard unsafe EVP_CipherFinal_ex(pointer, &block, &written) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(
                pointer, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), tag.baseAddress) == 1
        else { throw LibCrypto.failure("EVP_CipherFinal_ex") }
    }

    /// Ends an opened message: whether `tag` fits it.
    func finishOpening(tag: [UInt8]) -> Bool {
        var written: Int32 = 0
        var tag = tag
        var block: [UInt8] = Array(repeating: 0, count: 16)
        let fits =
            unsafe EVP_CIPHER_CTX_ctrl(
                pointer, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
            && EVP_CipherFinal_ex(pointer, &block, &written) == 1
        if !fits { ERR_clear_error() }
        return fits
    }
}
