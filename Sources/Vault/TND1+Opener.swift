internal import Cryptography
internal import Records

extension TND1 {
    /// Opens one object piece by piece, holding about one chunk at a time.
    ///
    /// A chunk is given out once it authenticates; only `finish` knows that nothing is missing. Who
    /// must not act on part of an object uses ``TND1/open(_:key:context:isWhole:)``. One thread at
    /// a time.
    public final class Opener {
        let key: ObjectKey
        let context: SealContext
        let expectedByteCount: UInt64?
        private var received: UInt64 = 0
        private var pending: [UInt8] = []
        private var body: Body?

        /// What is known once header and body header are read.
        struct Body {
            let chunkSize: SealOptions.ChunkSize
            let cipher: AES256GCM.Opener
            let decompressor: Decompressor?
            var nonce: ChunkNonce

            /// Sealed bytes of a full chunk that is next.
            var fullByteCount: Int { capacity(ofChunk: nonce.index) + tagByteCount }

            func capacity(ofChunk index: UInt64) -> Int {
                TND1.capacity(ofChunk: index, chunkSize: chunkSize)
            }
        }

        /// Prepares to open the object of `key`.
        ///
        /// - Parameters:
        ///   - key: the object's key.
        ///   - context: where the reader believes the object to be.
        ///   - expectedByteCount: how many bytes were written, where that is known: it tells a cut
        ///     object from an altered one.
        public init(key: ObjectKey, context: SealContext, expectedByteCount: UInt64? = nil) {
            self.key = key
            self.context = context
            self.expectedByteCount = expectedByteCount
        }

        /// Takes more of the object; appends the plaintext that is ready to `out`.
        public func update(_ sealed: [UInt8], into out: inout [UInt8]) throws(VaultError) {
            received += UInt64(sealed.count)
            let front = headerByteCount + bodyHeaderByteCount
            var bytes = sealed[...]
            if body == nil {
                let taken = min(front - pending.count, bytes.count)
                pending += bytes.prefix(taken)
                bytes = bytes.dropFirst(taken)
                guard pending.count == front else { return }
                body = try begin(pending)
                pending = []
            }
            guard var body else { return }
            defer { self.body = body }
            // Never less than S bytes are held back, so that a chunk that stands in place of
            // chunk 0, which is shorter, can still be recognised.
            while !pending.isEmpty, pending.count + bytes.count > body.chunkSize.byteCount {
                let wanted = body.chunkSize.byteCount - pending.count
                pending += bytes.prefix(wanted)
                bytes = bytes.dropFirst(wanted)
                let count = body.fullByteCount
                try open(&body, pending[...], byteCount: count, isLast: false, into: &out)
                pending.removeFirst(count)
            }
            while bytes.count > body.chunkSize.byteCount {
                let count = body.fullByteCount
                try open(&body, bytes, byteCount: count, isLast: false, into: &out)
                bytes = bytes.dropFirst(count)
            }
            pending += bytes
        }

        /// Ends the object; appends its rest to `out`. Fails unless the object is whole.
        public func finish(into out: inout [UInt8]) throws(VaultError) {
            guard var body else {
                // A short header tells its own error: wrong magic before truncation.
                _ = try Header(pending)
                throw VaultError(.headerTruncated, "the sealed object ends before its first chunk")
            }
            while pending.count > body.fullByteCount {
                let count = body.fullByteCount
                try open(&body, pending[...], byteCount: count, isLast: false, into: &out)
                pending.removeFirst(count)
            }
            guard !pending.isEmpty else {
                throw VaultError(
                    .truncatedAtChunkBoundary,
                    "the sealed object ends before chunk \(body.nonce.index)")
            }
            let count = pending.count
            try open(&body, pending[...], byteCount: count, isLast: true, into: &out)
            try body.decompressor?.finish()
            body.decompressor?.giveBack()
            self.body = nil
            pending = []
        }

        private func begin(_ front: [UInt8]) throws(VaultError) -> Body {
            let header = try Header(front)
            let aad = associatedData(header: header, context: context)
            let expected = commitment(key: key.secret, associatedData: aad)
            let bodyHeader = front[headerByteCount...]
            guard header.object == key.object,
                constantTimeEqual(expected, header.commitment)
            else {
                throw diagnose(header: header)
            }
            guard bodyHeader.first == UInt8(bodyHeaderByteCount) else {
                throw VaultError(.badBodyHeader, "the body does not begin with its header's length")
            }
            let salt = Array(bodyHeader.dropFirst().prefix(saltByteCount))
            let bodyKey = bodyKey(key: key.secret, salt: salt, associatedData: aad)
            let cipher = try cryptographic("cannot open") { () throws(CryptographyError) in
                try AES256GCM.Opener(key: bodyKey)
            }
            return Body(
                chunkSize: header.chunkSize, cipher: cipher,
                decompressor: header.isCompressed ? try Decompressor.take() : nil,
                nonce: ChunkNonce(prefix: Array(bodyHeader.suffix(noncePrefixByteCount))))
        }

        private func open(
            _ body: inout Body, _ bytes: ArraySlice<UInt8>, byteCount: Int, isLast: Bool,
            into out: inout [UInt8]
        ) throws(VaultError) {
            let index = body.nonce.index
            let nonce = try body.nonce.next(isLast: isLast)
            let chunk = bytes.prefix(byteCount)
            if body.decompressor == nil {
                if Self.decrypt(chunk, body.cipher, nonce: nonce, into: &out) { return }
            } else {
                var plain: [UInt8] = []
                if Self.decrypt(chunk, body.cipher, nonce: nonce, into: &plain) {
                    try body.decompressor?.update(plain[...], into: &out)
                    return
                }
            }
            let isWhole = expectedByteCount.map { received >= $0 } ?? false
            throw diagnose(
                body, chunk: index, bytes: bytes, byteCount: byteCount, isLast: isLast,
                isWhole: isWhole)
        }

        /// Appends the plaintext of `chunk` to `out`; false, and nothing appended, when it does not
        /// authenticate.
        static func decrypt(
            _ chunk: ArraySlice<UInt8>, _ cipher: AES256GCM.Opener, nonce: [UInt8],
            into out: inout [UInt8]
        ) -> Bool {
            guard chunk.count >= tagByteCount else { return false }
            let start = out.count
            out += [UInt8](repeating: 0, count: chunk.count - tagByteCount)
            let isAuthentic = unsafe out.withUnsafeMutableBytes { target in
                unsafe chunk.withUnsafeBytes { source in
                    let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[start...])
                    do throws(CryptographyError) {
                        try unsafe cipher.open(source, into: rest, nonce: nonce)
                        return true
                    } catch {
                        return false
                    }
                }
            }
            if !isAuthentic { out.removeLast(out.count - start) }
            return isAuthentic
        }
    }
}
