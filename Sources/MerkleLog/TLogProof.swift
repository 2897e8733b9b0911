/// That an entry is in a log, checkable without the log (C2SP tlog-proof).
///
/// ```text
/// c2sp.org/tlog-proof@v1
/// [extra <base64>]
/// index <i>
/// <base64 hash> …
///
/// <signed checkpoint>
/// ```
/// The entry itself is not in it. By advice a file of it ends with `.tlog-proof`.
public struct TLogProof: Sendable, Hashable {
    private static let magic = "c2sp.org/tlog-proof@v1"

    /// The number of the entry in the log.
    public let index: Int
    /// The inclusion path, 63 hashes at most.
    public let path: [[UInt8]]
    /// The signed checkpoint.
    public let note: SignedNote
    /// Bytes that travel along; nobody vouches for them.
    public let extra: [UInt8]?

    /// A proof by its parts.
    public init(
        index: Int, path: [[UInt8]], note: SignedNote, extra: [UInt8]? = nil
    ) throws(MerkleLogError) {
        guard index >= 0, path.count < Int.bitWidth, path.allSatisfy({ $0.count == 32 }) else {
            throw Self.malformed("an index below 0, more than 63 hashes, or a hash not of 32 bytes")
        }
        self.index = index
        self.path = path
        self.note = note
        self.extra = extra
    }

    /// A proof from its bytes.
    ///
    /// - Throws: `.malformedProof`, or `.malformedNote` for its checkpoint.
    public init(_ bytes: [UInt8]) throws(MerkleLogError) {
        var lines = LineScanner(bytes[...])
        guard lines.next()?.elementsEqual(Self.magic.utf8) == true else {
            throw Self.malformed("the first line is not \(Self.magic)")
        }
        var line = lines.next() ?? []
        var extra: [UInt8]?
        if let value = Self.value(of: line, after: "extra ") {
            guard let decoded = Base64Text.decode(value) else {
                throw Self.malformed("the extra data is no Base64")
            }
            extra = decoded
            line = lines.next() ?? []
        }
        guard let value = Self.value(of: line, after: "index "),
            let index = LineScanner.number(value)
        else { throw Self.malformed("the index is missing or no number") }
        var path: [[UInt8]] = []
        while let line = lines.next(), !line.isEmpty {
            guard let hash = LineScanner.hash(line), path.count < Int.bitWidth else {
                throw Self.malformed("line \(path.count + 1) of the path is no hash")
            }
            path.append(hash)
        }
        try self.init(
            index: index, path: path, note: SignedNote(Array(lines.rest)), extra: extra)
    }

    /// The proof as it is stored and sent.
    public var bytes: [UInt8] {
        var lines = [Self.magic]
        if let extra { lines.append("extra \(Base64Text.encode(extra))") }
        lines.append("index \(index)")
        lines += path.map(Base64Text.encode)
        return Array(lines.map { $0 + "\n" }.joined().utf8) + [0x0a] + note.bytes
    }

    /// Checks the signatures and the path of an entry with the hash `leafHash`.
    ///
    /// - Parameters:
    ///   - logKey: the trusted key of the log; its name must be the checkpoint's origin.
    ///   - witnesses: trusted witnesses.
    ///   - quorum: how many of them must have cosigned.
    /// - Returns: the checkpoint that vouches for the entry.
    public func verify(
        leafHash: [UInt8], logKey: VerifierKey, witnesses: [VerifierKey] = [], quorum: Int = 0
    ) throws(MerkleLogError) -> Checkpoint {
        let checkpoint = try Checkpoint.open(note, keys: [logKey], origin: logKey.name)
        if quorum > 0 {
            let cosigned = try note.verified(by: witnesses).count
            guard cosigned >= quorum else {
                throw MerkleLogError(
                    .unverifiedNote, "\(cosigned) of \(quorum) wanted witnesses have cosigned",
                    hint: "fetch a later checkpoint, or lower the quorum")
            }
        }
        try MerkleTree.verifyInclusion(
            leafHash: leafHash, index: index, size: checkpoint.size, path: path,
            root: checkpoint.root)
        return checkpoint
    }

    private static func value(
        of line: ArraySlice<UInt8>, after prefix: String
    ) -> ArraySlice<UInt8>? {
        line.starts(with: prefix.utf8) ? line.dropFirst(prefix.utf8.count) : nil
    }

    private static func malformed(_ what: String) -> MerkleLogError {
        MerkleLogError(
            .malformedProof, "the bytes are no \(magic): \(what)",
            hint: "see c2sp.org/tlog-proof; copy the file whole")
    }
}
