/// A tree head as text (C2SP tlog-checkpoint).
///
/// ```text
/// <origin>
/// <size>
/// <base64 root>
/// [extension lines]
/// ```
public struct Checkpoint: Sendable, Hashable {
    /// Which log this is, by advice a URL without its scheme.
    public let origin: String
    /// The number of entries.
    public let size: Int
    /// The root of the tree over them, 32 bytes.
    public let root: [UInt8]
    /// Further lines; not advised, since nobody can check them.
    public let extensions: [String]

    /// A checkpoint by its parts.
    public init(
        origin: String, size: Int, root: [UInt8], extensions: [String] = []
    ) throws(MerkleLogError) {
        try MerkleLogError.checkHash(root)
        guard size >= 0, size > 0 || root == MerkleTree.emptyRoot else {
            throw Self.malformed("a size below 0, or size 0 with a root of its own")
        }
        for line in [origin] + extensions {
            guard !line.isEmpty, !line.utf8.contains(where: { $0 < 0x20 }) else {
                throw Self.malformed("an empty line or a control character")
            }
        }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// A checkpoint from the text of a note.
    public init(text: String) throws(MerkleLogError) {
        var lines = LineScanner(Array(text.utf8)[...])
        guard let origin = lines.next(), let size = lines.next(), let root = lines.next() else {
            throw Self.malformed("fewer than three lines")
        }
        guard let size = LineScanner.number(size) else {
            throw Self.malformed("the second line is no size")
        }
        guard let root = LineScanner.hash(root) else {
            throw Self.malformed("the third line is no root hash")
        }
        var extensions: [String] = []
        while let line = lines.next() { extensions.append(String(decoding: line, as: UTF8.self)) }
        guard lines.rest.isEmpty else { throw Self.malformed("no newline at the end") }
        try self.init(
            origin: String(decoding: origin, as: UTF8.self), size: size, root: root,
            extensions: extensions)
    }

    /// The text that is signed; every line ends with a newline.
    public var text: String {
        ([origin, String(size), Base64Text.encode(root)] + extensions)
            .map { $0 + "\n" }.joined()
    }

    /// The checkpoint as a note.
    public func signed(by signers: [NoteSigner]) throws -> SignedNote {
        try SignedNote(signing: text, with: signers)
    }

    /// The checkpoint in `note`, if one of `keys` has signed it.
    ///
    /// - Parameter origin: the log that is meant; nil takes any, for callers who look themselves.
    /// - Throws: `.originMismatch` for a checkpoint of another log.
    public static func open(
        _ note: SignedNote, keys: [VerifierKey], origin: String? = nil
    ) throws(MerkleLogError) -> Checkpoint {
        _ = try note.verified(by: keys)
        let checkpoint = try Checkpoint(text: note.text)
        if let origin, !checkpoint.origin.utf8.elementsEqual(origin.utf8) {
            throw MerkleLogError(
                .originMismatch, "the checkpoint is one of another log than the one meant",
                hint: "it names \(checkpoint.origin.debugDescription); wanted is "
                    + "\(origin.debugDescription)")
        }
        return checkpoint
    }

    private static func malformed(_ what: String) -> MerkleLogError {
        MerkleLogError(
            .malformedCheckpoint, "the text is no checkpoint: \(what)",
            hint: "see c2sp.org/tlog-checkpoint: origin, size and root, one line each")
    }
}
