public import Cryptography

/// A witness's key: it says when it saw a checkpoint, after it checked that the log only grew
/// (C2SP tlog-cosignature, `cosignature/v1`).
///
/// ```text
/// signature = u64 t ‖ Ed25519("cosignature/v1\ntime <t>\n" ‖ checkpoint text)
/// ```
/// Checking consistency with the last checkpoint is the caller's part, with
/// ``MerkleTree/verifyConsistency(oldSize:oldRoot:newSize:newRoot:path:)``.
public struct Witness: Sendable {
    /// The key that checks this witness's cosignatures.
    public let verifierKey: VerifierKey
    private let privateKey: Ed25519.PrivateKey

    /// A witness.
    public init(name: String, privateKey: Ed25519.PrivateKey) throws(MerkleLogError) {
        verifierKey = try VerifierKey(
            name: name, publicKey: privateKey.publicKey, algorithm: .cosignatureV1)
        self.privateKey = privateKey
    }

    /// Cosigns `checkpoint`.
    ///
    /// - Parameter time: seconds since 1970, at most 2^63 − 1.
    public func cosign(_ checkpoint: Checkpoint, time: UInt64) throws -> NoteSignature {
        guard time <= UInt64(Int64.max) else {
            throw MerkleLogError(
                .outOfRange, "a cosignature cannot carry the time \(time)",
                hint: "give seconds since 1970")
        }
        let stamp = (0..<8).reversed().map { UInt8(truncatingIfNeeded: time >> (8 * $0)) }
        let signature = try privateKey.signature(
            for: Self.message(time: time, text: checkpoint.text))
        return NoteSignature(
            name: verifierKey.name, keyID: verifierKey.keyID, signature: stamp + signature)
    }

    static func message(time: UInt64, text: String) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }
}
