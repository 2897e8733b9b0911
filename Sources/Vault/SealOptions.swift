/// How an object is sealed. Whatever is chosen stands in the object's header.
public struct SealOptions: Hashable, Sendable {
    /// The sealed size of a chunk in bytes.
    public enum ChunkSize: UInt32, Sendable, CaseIterable {
        /// 65,536: segments and other small objects.
        case small = 65_536
        /// 1,048,576: models and checkpoints.
        case large = 1_048_576

        /// Bytes.
        public var byteCount: Int { Int(rawValue) }
    }

    /// The sealed size of a chunk.
    public var chunkSize: ChunkSize
    /// Whether the plaintext is a zstd frame before it is sealed.
    public var compress: Bool

    /// Chooses.
    public init(chunkSize: ChunkSize = .small, compress: Bool = true) {
        self.chunkSize = chunkSize
        self.compress = compress
    }

    /// Small chunks, compressed: groups of records.
    public static let segment = SealOptions()
    /// Large chunks, as they are: weights do not compress.
    public static let stream = SealOptions(chunkSize: .large, compress: false)
}

/// An object as it lies on disk, and its id. The key is elsewhere.
public struct SealedObject: Sendable, Hashable {
    /// The id that stands in the header.
    public let id: ObjectID
    /// Header and body.
    public let bytes: [UInt8]

    /// Pairs them.
    public init(id: ObjectID, bytes: [UInt8]) {
        self.id = id
        self.bytes = bytes
    }
}
