extension AES256GCM {
    /// Seals many chunks under one key without copies: the key schedule is made once.
    ///
    /// Not `Sendable`: one per thread.
    ///
    /// - Complexity: about 4 GB/s per core with AES-NI or VAES.
    public final class Sealer {
        private let context: CipherContext

        /// Prepares `key`, 32 bytes.
        public init(key: SymmetricKey) throws(CryptographyError) {
            context = try CipherContext(sealingWith: key)
        }

        /// Writes `ciphertext ‖ tag16` to the start of `output`.
        ///
        /// - Parameters:
        ///   - output: at least `plaintext.count + 16` bytes; it may begin where `plaintext`
        ///     begins, but must not overlap it otherwise.
        ///   - nonce: 12 bytes, never used before under this key.
        /// - Returns: the number of bytes written, `plaintext.count + 16`.
        @discardableResult
        public func seal(
            _ plaintext: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
            nonce: [UInt8], authenticating aad: [UInt8] = []
        ) throws(CryptographyError) -> Int {
            let needed = plaintext.count + AES256GCM.tagByteCount
            try CipherContext.checkRoom(output.count, needed: needed)
            try context.begin(nonce: nonce, aad: aad)
            try unsafe context.update(plaintext, into: output)
            try unsafe context.finishSealing(
                tag: UnsafeMutableRawBufferPointer(rebasing: output[plaintext.count..<needed]))
            return needed
        }
    }

    /// Opens many chunks under one key without copies: the key schedule is made once.
    ///
    /// Not `Sendable`: one per thread.
    public final class Opener {
        private let context: CipherContext

        /// Prepares `key`, 32 bytes.
        public init(key: SymmetricKey) throws(CryptographyError) {
            context = try CipherContext(openingWith: key)
        }

        /// Checks `ciphertext ‖ tag16` and writes the plaintext to the start of `output`.
        ///
        /// - Parameters:
        ///   - output: at least `sealed.count - 16` bytes; it may begin where `sealed` begins, but
        ///     must not overlap it otherwise.
        ///   - nonce: 12 bytes.
        /// - Returns: the number of bytes written, `sealed.count - 16`.
        /// - Throws: `.authenticationFailed`; what was written to `output` is zeroed before.
        @discardableResult
        public func open(
            _ sealed: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
            nonce: [UInt8], authenticating aad: [UInt8] = []
        ) throws(CryptographyError) -> Int {
            let length = sealed.count - AES256GCM.tagByteCount
            guard length >= 0 else {
                throw CryptographyError(
                    .authenticationFailed,
                    "a sealed text of \(sealed.count) bytes is shorter than its tag of 16",
                    hint: "the bytes were cut off; fetch them again")
            }
            try CipherContext.checkRoom(output.count, needed: length)
            // The tag is copied first: `output` may lie over `sealed`.
            let tag = unsafe [UInt8](sealed[length...])
            try context.begin(nonce: nonce, aad: aad)
            try unsafe context.update(
                UnsafeRawBufferPointer(rebasing: sealed[..<length]), into: output)
            guard context.finishOpening(tag: tag) else {
                // Unauthenticated plaintext is never released (SP 800-38D §7.2).
                unsafe UnsafeMutableRawBufferPointer(rebasing: output[..<length])
                    .initializeMemory(as: UInt8.self, repeating: 0)
                throw CryptographyError(
                    .authenticationFailed, "the sealed bytes do not fit their authentication tag",
                    hint: "the key, the nonce or the associated data is another one, or the bytes "
                        + "were changed")
            }
            return length
        }
    }
}
