/// A text with signatures under it (C2SP signed-note).
///
/// ```text
/// text, ends with a newline
///
/// — name base64(keyID4 ‖ signature)
/// — other …
/// ```
/// Believe the text only after ``verified(by:)``. Signatures of unknown keys are ignored: so keys can
/// be changed, and witnesses can add theirs.
public struct SignedNote: Sendable, Hashable {
    /// The longest note that is read, in bytes.
    public static let maximumByteCount = 1_000_000
    /// The most signatures that are read.
    public static let maximumSignatureCount = 100

    /// What is signed; ends with a newline.
    public let text: String
    /// One line each, in their order.
    public let signatures: [NoteSignature]

    /// A note by its parts.
    public init(text: String, signatures: [NoteSignature]) throws(MerkleLogError) {
        guard text.utf8.last == 0x0a, !Self.hasControlCharacter(text.utf8) else {
            throw Self.malformed("a text without a final newline, or with a control character")
        }
        guard (1...Self.maximumSignatureCount).contains(signatures.count) else {
            throw Self.malformed("\(signatures.count) signatures")
        }
        self.text = text
        self.signatures = signatures
    }

    /// Signs `text`, which ends with a newline.
    public init(signing text: String, with signers: [NoteSigner]) throws {
        try self.init(text: text, signatures: signers.map { try $0.sign(text) })
    }

    /// A note from its bytes.
    ///
    /// - Throws: `.malformedNote` for any deviation from the format.
    public init(_ bytes: [UInt8]) throws(MerkleLogError) {
        guard bytes.count <= Self.maximumByteCount else {
            throw Self.malformed("\(bytes.count) bytes")
        }
        guard String(validating: bytes, as: UTF8.self) != nil, !Self.hasControlCharacter(bytes)
        else { throw Self.malformed("bytes that are no UTF-8, or a control character") }
        // Text and signatures part at the last empty line, since a text may have empty lines.
        guard
            let end = bytes.indices.dropFirst().last(where: {
                bytes[$0] == 0x0a && bytes[$0 - 1] == 0x0a
            })
        else { throw Self.malformed("no empty line between text and signatures") }
        var lines = LineScanner(bytes[(end + 1)...])
        var signatures: [NoteSignature] = []
        while let line = lines.next() {
            guard let signature = NoteSignature(line: line) else {
                throw Self.malformed("signature line \(signatures.count + 1) cannot be read")
            }
            signatures.append(signature)
        }
        guard lines.rest.isEmpty else { throw Self.malformed("no newline at the end") }
        try self.init(
            text: String(decoding: bytes[..<end], as: UTF8.self), signatures: signatures)
    }

    /// The note as it is stored and sent.
    public var bytes: [UInt8] {
        Array((text + "\n" + signatures.map { $0.line + "\n" }.joined()).utf8)
    }

    /// This note with one signature more; one of the same key is replaced.
    public func adding(_ signature: NoteSignature) throws(MerkleLogError) -> SignedNote {
        let others = signatures.filter {
            $0.keyID != signature.keyID || !$0.name.utf8.elementsEqual(signature.name.utf8)
        }
        return try SignedNote(text: text, signatures: others + [signature])
    }

    /// The signatures of the keys in `keys`, one for each key that signed.
    ///
    /// - Throws: `.invalidSignature` when a known key's signature does not fit, even if others do;
    ///   `.unverifiedNote` when no known key has signed.
    public func verified(by keys: [VerifierKey]) throws(MerkleLogError) -> [NoteSignature] {
        var verified: [NoteSignature] = []
        for signature in signatures {
            guard let key = keys.first(where: { $0.matches(signature) }) else { continue }
            guard key.verifies(signature, of: text) else {
                throw MerkleLogError(
                    .invalidSignature, "the signature of \(key.name) does not fit the note",
                    hint: "the text was changed after it was signed; do not trust it")
            }
            if !verified.contains(where: { key.matches($0) }) { verified.append(signature) }
        }
        guard !verified.isEmpty else {
            throw MerkleLogError(
                .unverifiedNote, "no known key has signed the note",
                hint: "give the verifier key of its signer; signers are: "
                    + signatures.map(\.name).joined(separator: ", "))
        }
        return verified
    }

    private static func hasControlCharacter(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.contains { $0 < 0x20 && $0 != 0x0a }
    }

    private static func malformed(_ what: String) -> MerkleLogError {
        MerkleLogError(
            .malformedNote, "the bytes are no signed note: \(what)",
            hint: "see c2sp.org/signed-note; copy the note whole, with its last newline")
    }
}
