public import Cryptography
internal import Records

/// A DSSE envelope (secure-systems-lab/dsse v1.0): a payload and Ed25519 signatures over its
/// pre-authentication encoding.
///
///     {"payload": base64, "payloadType": "application/vnd.in-toto+json",
///      "signatures": [{"keyid": hex SHA-256 of the public key, "sig": base64}]}
public struct SignatureEnvelope: Sendable, Hashable {
    /// The media type of in-toto statements.
    public static let statementType = "application/vnd.in-toto+json"

    /// One signature.
    public struct Signature: Sendable, Hashable {
        /// Which key; a hint, not trusted.
        public var keyID: String
        /// 64 bytes.
        public var bytes: [UInt8]
    }

    /// The payload's media type.
    public let payloadType: String
    /// What is signed.
    public let payload: [UInt8]
    /// By whom.
    public let signatures: [Signature]

    /// The id of a key: lower-case hex of SHA-256 over its 32 bytes.
    public static func keyID(of key: Ed25519.PublicKey) -> String {
        Hex.encode(SHA256.hash(key.rawRepresentation))
    }

    /// What is signed: `"DSSEv1" SP len(type) SP type SP len(payload) SP payload`, lengths decimal.
    public static func preAuthenticationEncoding(type: String, payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
    }

    /// Signs a statement with a key in hand.
    public static func sign(
        _ statement: ProvenanceStatement, key: Ed25519.PrivateKey
    ) throws(HandoffError) -> SignatureEnvelope {
        try sign(statement, publicKey: key.publicKey) { try key.signature(for: $0) }
    }

    /// Signs a statement with a key that stays where it is kept.
    ///
    /// - Parameter signature: gives the 64-byte Ed25519 signature of a message.
    public static func sign(
        _ statement: ProvenanceStatement, publicKey: Ed25519.PublicKey,
        signature: ([UInt8]) throws -> [UInt8]
    ) throws(HandoffError) -> SignatureEnvelope {
        try sign(
            payload: statement.canonicalBytes(), publicKey: publicKey, signature: signature)
    }

    /// Signs the canonical bytes of an in-toto statement.
    static func sign(
        payload: [UInt8], publicKey: Ed25519.PublicKey, signature: ([UInt8]) throws -> [UInt8]
    ) throws(HandoffError) -> SignatureEnvelope {
        let encoded = preAuthenticationEncoding(type: statementType, payload: payload)
        do {
            let signature = Signature(keyID: keyID(of: publicKey), bytes: try signature(encoded))
            return SignatureEnvelope(
                payloadType: statementType, payload: payload, signatures: [signature])
        } catch {
            throw HandoffError(
                .signature, "the statement could not be signed",
                hint: "the signing key is damaged", underlying: error)
        }
    }

    private init(payloadType: String, payload: [UInt8], signatures: [Signature]) {
        self.payloadType = payloadType
        self.payload = payload
        self.signatures = signatures
    }

    /// Reads an envelope. Nothing is verified yet.
    public init(json bytes: [UInt8]) throws(HandoffError) {
        guard let json = try? JSONParser.parse(bytes),
            let type = json["payloadType"]?.stringValue,
            let payload = json["payload"]?.stringValue.flatMap(Base64.decode),
            let list = json["signatures"]?.arrayValue, !list.isEmpty
        else { throw Self.malformed }
        var signatures: [Signature] = []
        for entry in list {
            guard let signature = entry["sig"]?.stringValue.flatMap(Base64.decode) else {
                throw Self.malformed
            }
            signatures.append(
                Signature(keyID: entry["keyid"]?.stringValue ?? "", bytes: signature))
        }
        self.init(payloadType: type, payload: payload, signatures: signatures)
    }

    private static var malformed: HandoffError {
        HandoffError(
            .malformed, "this is no DSSE envelope",
            hint: "payload, payloadType and signatures must be there, in base64")
    }

    /// The envelope as canonical JSON: the bytes that are stored and exported.
    public func canonicalBytes() -> [UInt8] {
        CanonicalJSON.encode([
            "payloadType": .string(payloadType), "payload": .string(Base64.encode(payload)),
            "signatures": .array(
                signatures.map { signature in
                    [
                        "keyid": .string(signature.keyID),
                        "sig": .string(Base64.encode(signature.bytes)),
                    ]
                }),
        ])
    }

    /// SHA-256 of the canonical bytes: what the audit log names.
    public var digest: [UInt8] { SHA256.hash(canonicalBytes()) }

    /// The statement, once a signature of this key was found and holds.
    ///
    /// - Throws: `.signature` if no signature is this key's, `.malformed` for another payload.
    public func verify(
        publicKey: Ed25519.PublicKey
    ) throws(HandoffError) -> ProvenanceStatement {
        try ProvenanceStatement(json: verifiedPayload(publicKey: publicKey))
    }

    /// The payload, once a signature of this key was found and holds.
    func verifiedPayload(publicKey: Ed25519.PublicKey) throws(HandoffError) -> [UInt8] {
        let encoded = Self.preAuthenticationEncoding(type: payloadType, payload: payload)
        guard signatures.contains(where: { publicKey.isValidSignature($0.bytes, for: encoded) })
        else {
            throw HandoffError(
                .signature, "no signature of the envelope is by the expected key",
                hint: "the statement was changed, or another key signed it")
        }
        guard payloadType == Self.statementType else {
            throw HandoffError(
                .malformed, "the envelope's payload is no in-toto statement",
                hint: "\(Self.statementType) is expected")
        }
        return payload
    }
}
