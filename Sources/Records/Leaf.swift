public import Cryptography

/// A record's leaf in its version's Merkle tree.
///
/// The commitment is salted with a key that dies with the person's erasure, so a leaf that stays
/// behind in a historic root tells nothing about what it stood for.
public enum Leaf {
    /// salt = HMAC-SHA256(subject key, "leaf" ‖ rid ‖ SHA-256(canonical bytes)), 32 bytes.
    public static func salt(
        key: SymmetricKey, rid: RecordID, canonical: [UInt8], purpose: String = "leaf"
    ) -> [UInt8] {
        HMACSHA256.authenticate(
            Array(purpose.utf8) + rid.bytes + SHA256.hash(canonical), key: key)
    }

    /// C = SHA-256(salt ‖ canonical bytes), 32 bytes.
    public static func commitment(salt: [UInt8], canonical: [UInt8]) -> [UInt8] {
        var hasher = SHA256.Hasher()
        hasher.update(salt)
        hasher.update(canonical)
        return hasher.finalize()
    }

    /// leaf = SHA-256(0x00 ‖ rid ‖ C), 32 bytes: RFC 6962's leaf hash of rid ‖ C.
    public static func hash(rid: RecordID, commitment: [UInt8]) -> [UInt8] {
        SHA256.hash([0x00] + rid.bytes + commitment)
    }

    /// The leaf of a record in one step: ``salt(key:rid:canonical:purpose:)``,
    /// ``commitment(salt:canonical:)`` and ``hash(rid:commitment:)`` with one context for all.
    public static func hash(
        rid: RecordID, canonical: [UInt8], key: HMACSHA256.PaddedKey,
        purpose: [UInt8] = recordPurpose,
        with hashes: RepeatedSHA256
    ) -> [UInt8] {
        let id = rid.bytes
        let salt = hashes.authenticate(purpose, id, hashes.hash(canonical), key: key)
        return hashes.hash([0x00], id, hashes.hash(salt, canonical))
    }

    /// What a record's salt is derived for.
    public static let recordPurpose = Array("leaf".utf8)
    /// What an origin's salt is derived for.
    public static let originPurpose = Array("origin".utf8)

    /// A leaf of the subject tree: SHA-256(0x00 ‖ blind id ‖ u64 number of records).
    public static func hash(subject: SubjectID, recordCount: UInt64) -> [UInt8] {
        SHA256.hash([0x00] + subject.bytes + BigEndian.bytes(recordCount))
    }
}

extension RecordID {
    /// What a record's id is derived from.
    public enum Tag: String, Sendable {
        /// The declared key column.
        case key
        /// The record's canonical content.
        case content
        /// A parent record, an operation and an index.
        case child
    }

    /// rid = first 16 bytes of HMAC-SHA256(rid key, tag ‖ u64 length ‖ value ‖ u64 n).
    ///
    /// - Parameter repetition: n, which counts exact repetitions in source order.
    public init(tag: Tag, value: [UInt8], repetition: UInt64 = 0, key: SymmetricKey) {
        var context = HMACSHA256.Context(key: key)
        context.update(Array(tag.rawValue.utf8))
        context.update(BigEndian.bytes(UInt64(value.count)))
        context.update(value)
        context.update(BigEndian.bytes(repetition))
        self.init(prefixOf: context.finalize())
    }

    /// The same of many values under one key, with one context for all.
    public init(
        tag: [UInt8], value: [UInt8], repetition: UInt64 = 0, key: HMACSHA256.PaddedKey,
        with hashes: RepeatedSHA256
    ) {
        self.init(
            prefixOf: hashes.authenticate(
                tag, BigEndian.bytes(UInt64(value.count)), value, BigEndian.bytes(repetition),
                key: key))
    }

    /// The id of a generated child: value = parent rid ‖ operation digest ‖ u64 index.
    public init(
        childOf parent: RecordID, operationDigest: [UInt8], index: UInt64, key: SymmetricKey
    ) {
        self.init(
            tag: .child, value: parent.bytes + operationDigest + BigEndian.bytes(index), key: key)
    }
}
