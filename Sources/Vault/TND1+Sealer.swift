internal import Cryptography
internal import Records

extension TND1 {
    /// Seals one object piece by piece, holding one chunk at a time.
    ///
    /// ```swift
    /// let sealer = try TND1.Sealer(key: .random(context: context), options: .stream)
    /// var out: [UInt8] = []
    /// try sealer.update(piece, into: &out)   // as often as wanted; write and empty `out` between
    /// try sealer.finish(into: &out)          // once
    /// ```
    /// One thread at a time.
    public final class Sealer {
        /// The object's id.
        public let object: ObjectID
        private let chunkSize: SealOptions.ChunkSize
        private let cipher: AES256GCM.Sealer
        private var compressor: Compressor?
        private var nonce: ChunkNonce
        private var front: [UInt8]
        private var pending: [UInt8] = []
        private var isFinished = false

        /// Prepares to seal under a key that has never sealed anything.
        public convenience init(
            key: ObjectKey, options: SealOptions = .segment
        ) throws(VaultError) {
            try self.init(
                key: key, options: options, salt: SecureRandom.bytes(saltByteCount),
                noncePrefix: SecureRandom.bytes(noncePrefixByteCount))
        }

        /// As above with the random parts handed in, for tests.
        init(
            key: ObjectKey, options: SealOptions, salt: [UInt8], noncePrefix: [UInt8]
        ) throws(VaultError) {
            let header = Header(
                chunkSize: options.chunkSize, isCompressed: options.compress, object: key.object)
            let aad = associatedData(header: header, context: key.context)
            let bodyKey = bodyKey(key: key.secret, salt: salt, associatedData: aad)
            object = key.object
            chunkSize = options.chunkSize
            cipher = try cryptographic("cannot seal") { () throws(CryptographyError) in
                try AES256GCM.Sealer(key: bodyKey)
            }
            compressor = options.compress ? try Compressor.take() : nil
            nonce = ChunkNonce(prefix: noncePrefix)
            front = header.boundBytes + commitment(key: key.secret, associatedData: aad)
            front.append(UInt8(bodyHeaderByteCount))
            front += salt
            front += noncePrefix
        }

        /// Takes more plaintext; appends what is ready to `out`.
        public func update(
            _ plaintext: [UInt8], into out: inout [UInt8]
        ) throws(VaultError) {
            precondition(!isFinished, "an object is finished once")
            writeFront(&out)
            if let compressor {
                var compressed: [UInt8] = []
                try compressor.update(plaintext, into: &compressed)
                try append(compressed, into: &out)
            } else {
                try append(plaintext, into: &out)
            }
        }

        /// Ends the object with `plaintext`; appends its rest to `out`.
        public func finish(
            with plaintext: [UInt8] = [], into out: inout [UInt8]
        ) throws(VaultError) {
            precondition(!isFinished, "an object is finished once")
            writeFront(&out)
            if let compressor {
                var compressed: [UInt8] = []
                try compressor.finish(with: plaintext, into: &compressed)
                try append(compressed, into: &out)
                compressor.giveBack()
                self.compressor = nil
            } else {
                try append(plaintext, into: &out)
            }
            isFinished = true
            try seal(pending[...], isLast: true, into: &out)
            pending = []
        }

        private func writeFront(_ out: inout [UInt8]) {
            guard !front.isEmpty else { return }
            out += front
            front = []
        }

        /// A full chunk waits until more follows: only then is it known not to be the last.
        private func append(_ bytes: [UInt8], into out: inout [UInt8]) throws(VaultError) {
            var offset = 0
            while true {
                let capacity = TND1.capacity(ofChunk: nonce.index, chunkSize: chunkSize)
                guard pending.count + bytes.count - offset > capacity else { break }
                if pending.isEmpty {
                    try seal(bytes[offset..<offset + capacity], isLast: false, into: &out)
                    offset += capacity
                } else {
                    let taken = capacity - pending.count
                    pending += bytes[offset..<offset + taken]
                    offset += taken
                    try seal(pending[...], isLast: false, into: &out)
                    pending.removeAll(keepingCapacity: true)
                }
            }
            pending += bytes[offset...]
        }

        private func seal(
            _ chunk: ArraySlice<UInt8>, isLast: Bool, into out: inout [UInt8]
        ) throws(VaultError) {
            let nonce = try nonce.next(isLast: isLast)
            let start = out.count
            out += [UInt8](repeating: 0, count: chunk.count + tagByteCount)
            var failure: CryptographyError?
            unsafe out.withUnsafeMutableBytes { target in
                unsafe chunk.withUnsafeBytes { source in
                    let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[start...])
                    do throws(CryptographyError) {
                        try unsafe cipher.seal(source, into: rest, nonce: nonce)
                    } catch {
                        failure = error
                    }
                }
            }
            if let failure { throw VaultError(.cryptography, "cannot seal: \(failure.message)") }
        }
    }

    /// The counter nonce of the body: prefix7 ‖ u32 index ‖ u8 last.
    struct ChunkNonce {
        private(set) var index: UInt64 = 0
        private let prefix: [UInt8]

        init(prefix: [UInt8]) { self.prefix = prefix }

        func bytes(index: UInt32, isLast: Bool) -> [UInt8] {
            prefix + BigEndian.bytes(index) + [isLast ? 1 : 0]
        }

        /// The nonce of this chunk; counts on. 2^32 chunks are all that a counter of 32 bits has.
        mutating func next(isLast: Bool) throws(VaultError) -> [UInt8] {
            guard let counter = UInt32(exactly: index) else {
                throw VaultError(.badArgument, "an object has at most 2^32 chunks")
            }
            index += 1
            return bytes(index: counter, isLast: isLast)
        }
    }
}
