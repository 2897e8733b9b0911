import COpenSSL

/// PEM and DER of elliptic-curve keys.
extension PKey {
    /// Reads `PRIVATE KEY` or `EC PRIVATE KEY`.
    static func readPrivate(pem: String) throws(CryptographyError) -> PKey {
        try unsafe read(Array(pem.utf8), "private") { bio in
            // Without a callback libcrypto would ask the terminal for the passphrase.
            unsafe PEM_read_bio_PrivateKey_ex(bio, nil, { _, _, _, _ in -1 }, nil, nil, nil)
        }
    }

    /// Reads `PUBLIC KEY`.
    static func readPublic(pem: String) throws(CryptographyError) -> PKey {
        try unsafe read(Array(pem.utf8), "public") { bio in
            unsafe PEM_read_bio_PUBKEY_ex(bio, nil, { _, _, _, _ in -1 }, nil, nil, nil)
        }
    }

    /// Reads SubjectPublicKeyInfo and refuses bytes after it.
    static func readPublic(der: [UInt8]) throws(CryptographyError) -> PKey {
        let key = try unsafe read(der, "public") { bio in unsafe d2i_PUBKEY_bio(bio, nil) }
        guard key.publicDER.count == der.count else {
            throw CryptographyError(
                .invalidKey, "bytes follow the public key, or it is no DER",
                hint: "give SubjectPublicKeyInfo (RFC 5280) and nothing else")
        }
        return key
    }

    private static func read(
        _ bytes: [UInt8], _ kind: String, _ body: (OpaquePointer?) -> OpaquePointer?
    ) throws(CryptographyError) -> PKey {
        // The buffer only borrows the bytes, so it lives and dies inside the closure.
        let key = unsafe bytes.withUnsafeBytes { bytes -> OpaquePointer? in
            guard let base = bytes.baseAddress else { return nil }
            let bio = unsafe BIO_new_mem_buf(base, Int32(clamping: bytes.count))
            defer { unsafe BIO_free(bio) }
            return unsafe body(bio)
        }
        guard let pointer = unsafe key else {
            throw CryptographyError(
                .invalidPEM, "no \(kind) key could be read: \(LibCrypto.lastFailure())",
                hint: "give an unencrypted PEM made by `openssl genpkey` or by this tool")
        }
        ERR_clear_error()
        return unsafe PKey(owning: pointer)
    }

    /// This key, if it is one of P-256, brought to its one encoding: named curve, point uncompressed.
    func checkedP256() throws(CryptographyError) -> PKey {
        var name = [CChar](repeating: 0, count: 64)
        var count = 0
        let known = unsafe EVP_PKEY_get_group_name(pointer, &name, name.count, &count) == 1
        let group = String(decoding: name.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let fits =
            unsafe known && (group == "prime256v1" || group == "P-256")
            && EVP_PKEY_set_utf8_string_param(pointer, OSSL_PKEY_PARAM_EC_ENCODING, "named_curve")
                == 1
            && EVP_PKEY_set_utf8_string_param(
                pointer, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed") == 1
            && publicDER.count == P256.PublicKey.derByteCount
        ERR_clear_error()
        guard fits else {
            throw CryptographyError(
                .invalidKey, "the key is not one of the curve P-256",
                hint: "make one with "
                    + "`openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`")
        }
        return self
    }

    /// PKCS #8 in PEM, in clear.
    var privatePEM: String {
        unsafe write { bio in
            unsafe PEM_write_bio_PKCS8PrivateKey(bio, pointer, nil, nil, 0, nil, nil)
        }
    }

    /// SubjectPublicKeyInfo in PEM.
    var publicPEM: String {
        unsafe write { bio in unsafe PEM_write_bio_PUBKEY(bio, pointer) }
    }

    private func write(_ body: (OpaquePointer) -> Int32) -> String {
        // A secure-memory BIO wipes itself when it is freed.
        let bio = unsafe LibCrypto.required(BIO_new(BIO_s_secmem()), "a memory buffer")
        defer { unsafe BIO_free(bio) }
        LibCrypto.require(unsafe body(bio), "PEM_write_bio")
        var text = [UInt8](repeating: 0, count: Int(unsafe BIO_ctrl_pending(bio)))
        var count = 0
        LibCrypto.require(
            unsafe BIO_read_ex(bio, &text, text.count, &count), "BIO_read_ex")
        return String(decoding: text.prefix(count), as: UTF8.self)
    }

    /// SubjectPublicKeyInfo in DER.
    var publicDER: [UInt8] {
        let count = Int(unsafe i2d_PUBKEY(pointer, nil))
        precondition(count > 0, "libcrypto could not encode a public key")
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
            var cursor = bytes.baseAddress
            written = Int(unsafe i2d_PUBKEY(pointer, &cursor))
        }
    }
}
