internal import Records

extension TND1 {
    /// The 76 bytes before the body.
    public struct Header: Hashable, Sendable {
        /// The sealed size of a chunk.
        public let chunkSize: SealOptions.ChunkSize
        /// Whether the plaintext is a zstd frame.
        public let isCompressed: Bool
        /// The object's id.
        public let object: ObjectID
        /// The key commitment, 32 bytes.
        public let commitment: [UInt8]

        init(
            chunkSize: SealOptions.ChunkSize, isCompressed: Bool, object: ObjectID,
            commitment: [UInt8] = []
        ) {
            self.chunkSize = chunkSize
            self.isCompressed = isCompressed
            self.object = object
            self.commitment = commitment
        }

        /// Bytes 0–43: all but the commitment.
        var boundBytes: [UInt8] {
            var out = Array("TND1".utf8)
            out += [1, 1, 0, isCompressed ? 1 : 0]
            BigEndian.append(chunkSize.rawValue, to: &out)
            return out + object.bytes
        }

        /// Reads the header at the front of `bytes`.
        public init(_ bytes: [UInt8]) throws(VaultError) {
            // The magic first: four wrong bytes are another file, not a short object.
            let magic = Array("TND1".utf8)
            guard bytes.prefix(4).elementsEqual(magic.prefix(bytes.count)) else {
                throw VaultError(
                    .notTND1, "this is not a sealed object: it begins with other bytes")
            }
            guard bytes.count >= TND1.headerByteCount,
                let flags = BigEndian.read(UInt16.self, from: bytes, at: 6),
                let size = BigEndian.read(UInt32.self, from: bytes, at: 8)
            else {
                throw VaultError(
                    .headerTruncated,
                    "a sealed object's header has \(TND1.headerByteCount) bytes, here are "
                        + "\(bytes.count)")
            }
            guard bytes[4] == 1 else {
                throw VaultError(
                    .unknownVersion, "sealed-object version \(bytes[4]) is unknown",
                    hint: "A newer tundish may have written it.")
            }
            guard bytes[5] == 1 else {
                throw VaultError(
                    .unknownSuite, "cipher suite \(bytes[5]) is unknown",
                    hint: "A newer tundish may have written it.")
            }
            guard flags & ~1 == 0 else {
                throw VaultError(
                    .unknownFlags, "flags \(flags) hold a bit that is unknown",
                    hint: "A newer tundish may have written it.")
            }
            guard let chunkSize = SealOptions.ChunkSize(rawValue: size) else {
                throw VaultError(.badChunkSize, "a chunk size of \(size) is not allowed")
            }
            self.init(
                chunkSize: chunkSize, isCompressed: flags & 1 == 1,
                object: ObjectID(unchecked: Array(bytes[12..<44])),
                commitment: Array(bytes[44..<76]))
        }
    }
}
