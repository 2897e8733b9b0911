internal import Cryptography
internal import MerkleLog
internal import Records

/// The Custodian's signed notes, made with a key that only its holder can use.
enum LogNote {
    /// The key that checks the notes of a log.
    static func verifierKey(origin: String, publicKey: [UInt8]) -> VerifierKey? {
        guard let key = try? Ed25519.PublicKey(rawRepresentation: publicKey) else { return nil }
        return try? VerifierKey(name: origin, publicKey: key)
    }

    /// Signs a tree head (C2SP tlog-checkpoint in a signed-note).
    static func sign(_ checkpoint: Checkpoint, signer: EventSigner) throws -> String {
        guard let key = verifierKey(origin: checkpoint.origin, publicKey: signer.publicKey) else {
            throw CatalogError(.invalid, "\(signer.principal) has no Ed25519 public key")
        }
        let signature = try signer.sign(Array(checkpoint.text.utf8))
        let line = "\u{2014} \(key.name) \(Base64.encode(key.keyID + signature))\n"
        let note = try SignedNote(Array("\(checkpoint.text)\n\(line)".utf8))
        _ = try note.verified(by: [key])
        return String(decoding: note.bytes, as: UTF8.self)
    }

    /// The tree head in a note, not yet believed; nil when it is malformed.
    static func parse(_ note: String) -> Checkpoint? {
        guard let note = try? SignedNote(Array(note.utf8)) else { return nil }
        return try? Checkpoint(text: note.text)
    }

    /// Whether a note bears a valid signature of the log's key.
    static func isSigned(_ note: String, origin: String, publicKey: [UInt8]) -> Bool {
        guard let note = try? SignedNote(Array(note.utf8)),
            let key = verifierKey(origin: origin, publicKey: publicKey)
        else { return false }
        return (try? Checkpoint.open(note, keys: [key])) != nil
    }
}
