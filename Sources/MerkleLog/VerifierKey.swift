public import Cryptography

/// A public key with a name, as notes refer to it (C2SP signed-note, "vkey").
///
/// ```text
/// keyID = SHA-256(name ‖ 0x0A ‖ algorithm ‖ pub32)[0..<4]
/// vkey  = name "+" hex8(keyID) "+" base64(algorithm ‖ pub32)
/// ```
public struct VerifierKey: Sendable, Hashable, CustomStringConvertible {
    /// What a key's signatures are over, by the type byte that C2SP assigned.
    public enum Algorithm: UInt8, Sendable, Hashable, CaseIterable {
        /// Ed25519 over the note's text: a log's own signature.
        case ed25519 = 0x01
        /// Ed25519 over time and text: a witness's `cosignature/v1`.
        case cosignatureV1 = 0x04
    }

    /// The key's name, by advice a URL without its scheme; a log's is its origin.
    public let name: String
    /// What the key signs.
    public let algorithm: Algorithm
    /// The key itself.
    public let publicKey: Ed25519.PublicKey
    /// The first 4 bytes of the hash over all of the above: a hint, no proof.
    public let keyID: [UInt8]

    /// A key by its parts.
    ///
    /// - Throws: `.malformedKey` for a name that is empty or holds a space, a plus sign or a control
    ///   character.
    public init(
        name: String, publicKey: Ed25519.PublicKey, algorithm: Algorithm = .ed25519
    ) throws(MerkleLogError) {
        guard Self.isValidName(name) else {
            throw MerkleLogError(
                .malformedKey, "\(name.debugDescription) cannot name a key",
                hint: "use a name without spaces and plus signs, like example.org/log")
        }
        self.name = name
        self.algorithm = algorithm
        self.publicKey = publicKey
        let material = [algorithm.rawValue] + publicKey.rawRepresentation
        keyID = Array(SHA256.hash(Array(name.utf8) + [0x0a] + material).prefix(4))
    }

    /// A key from its text form.
    ///
    /// - Throws: `.malformedKey`, also when the id in the text is not the key's.
    public init(_ vkey: String) throws(MerkleLogError) {
        let parts = vkey.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let material = Base64Text.decode(Array(parts[2].utf8)),
            let first = material.first, let algorithm = Algorithm(rawValue: first),
            let publicKey = try? Ed25519.PublicKey(rawRepresentation: Array(material.dropFirst()))
        else { throw Self.malformed }
        try self.init(name: String(parts[0]), publicKey: publicKey, algorithm: algorithm)
        guard parts[1] == Self.hex(keyID) else { throw Self.malformed }
    }

    /// The text form, fit for command lines and configuration.
    public var description: String {
        let material = [algorithm.rawValue] + publicKey.rawRepresentation
        return "\(name)+\(Self.hex(keyID))+\(Base64Text.encode(material))"
    }

    /// Whether this key is the one that `signature` claims to come from.
    public func matches(_ signature: NoteSignature) -> Bool {
        // Bytes, since Swift strings are equal already when they look alike.
        signature.keyID == keyID && signature.name.utf8.elementsEqual(name.utf8)
    }

    /// Whether `signature` is this key's, over `text`.
    public func verifies(_ signature: NoteSignature, of text: String) -> Bool {
        guard matches(signature) else { return false }
        switch algorithm {
        case .ed25519:
            return publicKey.isValidSignature(signature.signature, for: Array(text.utf8))
        case .cosignatureV1:
            guard let time = signature.cosignatureTime else { return false }
            return publicKey.isValidSignature(
                Array(signature.signature.dropFirst(8)),
                for: Witness.message(time: time, text: text))
        }
    }

    private static let malformed = MerkleLogError(
        .malformedKey, "the text is no verifier key",
        hint: "it looks like example.org/log+1a2b3c4d+AQ…; copy it whole")

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func isValidName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0 != "+" && $0.value >= 0x20 && !$0.properties.isWhitespace
            }
    }
}
