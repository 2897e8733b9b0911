public import Cryptography

/// A log's signing key with its name.
public struct NoteSigner: Sendable {
    /// The key that checks this signer's signatures.
    public let verifierKey: VerifierKey
    private let privateKey: Ed25519.PrivateKey

    /// A signer; `name` is the log's origin.
    public init(name: String, privateKey: Ed25519.PrivateKey) throws(MerkleLogError) {
        verifierKey = try VerifierKey(name: name, publicKey: privateKey.publicKey)
        self.privateKey = privateKey
    }

    /// Signs `text`, which ends with a newline.
    public func sign(_ text: String) throws(CryptographyError) -> NoteSignature {
        NoteSignature(
            name: verifierKey.name, keyID: verifierKey.keyID,
            signature: try privateKey.signature(for: Array(text.utf8)))
    }
}
