internal import Cryptography

/// The sealed-object format `TND1`: a header with a key commitment, then a body in Tink's
/// AES256-GCM-HKDF streaming format, so that an existing tool can read it.
///
/// ```
/// 0  "TND1" | 4 u8 version=1 | 5 u8 suite=1 | 6 u16 flags (bit 0: zstd) | 8 u32 S
/// 12 objectId[32] | 44 commit[32] = HKDF-SHA256(DEK, info = "tnd1/commit" ‖ AAD) | 76 body
/// AAD   = bytes 0–43 ‖ workspace16 ‖ scope16 ‖ u8 stage
/// body  = 0x28 | salt[32] | noncePrefix[7] | chunks;  key = HKDF-SHA256(DEK, salt, info = AAD, 32)
/// nonce = prefix7 ‖ u32 i ‖ u8 last; chunk 0 carries S-56 plaintext bytes, the others S-16
/// ```
/// Integers are big-endian. The rules of this room:
/// 1. An object never holds its key, wrapped or not.
/// 2. One key seals one object, once.
/// 3. A commitment is checked before any byte is opened: GCM alone lets one ciphertext open under
///    two keys.
public enum TND1 {
    /// Magic to commitment, in bytes.
    public static let headerByteCount = 76
    /// What the associated data takes from the header: everything before the commitment.
    static let boundHeaderByteCount = 44
    /// Length byte, salt and nonce prefix before chunk 0.
    public static let bodyHeaderByteCount = 40
    /// Bytes of a GCM tag.
    static let tagByteCount = 16
    /// Bytes of a data-encryption key.
    static let keyByteCount = 32
    static let saltByteCount = 32
    static let noncePrefixByteCount = 7

    /// Plaintext bytes that chunk `index` carries at most.
    static func capacity(ofChunk index: UInt64, chunkSize: SealOptions.ChunkSize) -> Int {
        chunkSize.byteCount - tagByteCount - (index == 0 ? bodyHeaderByteCount : 0)
    }

    /// The length in bytes of the sealed form of `count` bytes (after compression, if any).
    public static func sealedByteCount(of count: Int, chunkSize: SealOptions.ChunkSize) -> Int {
        let first = capacity(ofChunk: 0, chunkSize: chunkSize)
        let later = capacity(ofChunk: 1, chunkSize: chunkSize)
        let chunks = count <= first ? 1 : 1 + (count - first + later - 1) / later
        return headerByteCount + bodyHeaderByteCount + count + chunks * tagByteCount
    }

    /// Seals `plaintext` as one object.
    public static func seal(
        _ plaintext: [UInt8], key: ObjectKey, options: SealOptions = .segment
    ) throws(VaultError) -> [UInt8] {
        let sealer = try Sealer(key: key, options: options)
        var out: [UInt8] = []
        out.reserveCapacity(sealedByteCount(of: plaintext.count, chunkSize: options.chunkSize))
        try sealer.finish(with: plaintext, into: &out)
        return out
    }

    /// Opens a whole object; gives nothing unless every byte authenticates.
    ///
    /// - Parameters:
    ///   - sealed: header and body.
    ///   - key: the object's key.
    ///   - context: where the reader believes the object to be.
    ///   - isWhole: whether `sealed` is known to have the length that was written, so that a last
    ///     chunk that fails was altered rather than cut.
    public static func open(
        _ sealed: [UInt8], key: ObjectKey, context: SealContext, isWhole: Bool = false
    ) throws(VaultError) -> [UInt8] {
        let opener = Opener(
            key: key, context: context,
            expectedByteCount: isWhole ? UInt64(sealed.count) : nil)
        var out: [UInt8] = []
        out.reserveCapacity(sealed.count)
        try opener.update(sealed, into: &out)
        try opener.finish(into: &out)
        return out
    }

    /// The associated data: the header before the commitment, then where the object belongs.
    static func associatedData(header: Header, context: SealContext) -> [UInt8] {
        var out = header.boundBytes
        out.reserveCapacity(boundHeaderByteCount + 33)
        out += context.workspace.bytes
        out += context.scope.scope.bytes
        out.append(context.scope.stage.rawValue)
        return out
    }

    /// The key commitment: 32 bytes that bind the key to the associated data.
    static func commitment(key: SymmetricKey, associatedData: [UInt8]) -> [UInt8] {
        HKDFSHA256.derive(
            inputKey: key, salt: [], info: Array("tnd1/commit".utf8) + associatedData,
            byteCount: 32
        ).bytes
    }

    /// The key of the body: HKDF-SHA256 (RFC 5869) as Tink's streaming AEAD derives it.
    static func bodyKey(
        key: SymmetricKey, salt: [UInt8], associatedData: [UInt8]
    ) -> SymmetricKey {
        HKDFSHA256.derive(inputKey: key, salt: salt, info: associatedData, byteCount: keyByteCount)
    }
}
