/// What is wrong with a proof, a note or a tile, and how to mend it.
///
/// Texts name positions and sizes, never the content of an entry.
public struct MerkleLogError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure, stable for programs.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// An index or a size that the tree does not have.
        case outOfRange = "out-of-range"
        /// A hash that is not 32 bytes long.
        case malformedHash = "malformed-hash"
        /// Bytes that are no signed note.
        case malformedNote = "malformed-note"
        /// Text that is no verifier key, or a name that a key cannot have.
        case malformedKey = "malformed-key"
        /// A note text that is no checkpoint.
        case malformedCheckpoint = "malformed-checkpoint"
        /// Bytes that are no `c2sp.org/tlog-proof@v1`.
        case malformedProof = "malformed-proof"
        /// A tile path or tile bytes of an impossible shape.
        case malformedTile = "malformed-tile"
        /// An entry longer than 65,535 bytes, or an entry bundle of an impossible shape.
        case malformedEntry = "malformed-entry"
        /// A hash reader gave another number of hashes than it was asked for.
        case missingHash = "missing-hash"
        /// No known key has signed.
        case unverifiedNote = "unverified-note"
        /// A known key's signature does not fit the text.
        case invalidSignature = "invalid-signature"
        /// A proof that does not lead to the root.
        case proofMismatch = "proof-mismatch"
        /// Tiles or entries that do not lead to the root.
        case rootMismatch = "root-mismatch"
        /// A checkpoint of another log.
        case originMismatch = "origin-mismatch"
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong, and where.
    public let message: String
    /// How to mend it.
    public let hint: String

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// `message (hint)`.
    public var description: String { "\(message) (\(hint))" }

    static func checkHash(_ hash: [UInt8]) throws(MerkleLogError) {
        guard hash.count == MerkleTree.hashByteCount else {
            throw MerkleLogError(
                .malformedHash, "a hash of \(hash.count) bytes", hint: "a hash is 32 bytes long")
        }
    }
}
