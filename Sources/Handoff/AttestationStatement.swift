public import Cryptography
public import Records

/// What a person attests about a dataset version after it was made: an in-toto Statement v1 whose
/// subject is the version and whose predicate holds the evidence.
public struct AttestationStatement: Sendable, Hashable {
    /// What an attestation is about.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// People reviewed findings and a random sample; the predicate holds the leak's estimate.
        case review = "urn:x-tundish:attestation:review:v1"
        /// The k-anonymity report over quasi-identifiers.
        case anonymity = "urn:x-tundish:attestation:anonymity:v1"
    }

    /// What it is about.
    public let kind: Kind
    /// The version's id: lower-case hex, SHA-256 of its manifest.
    public let version: String
    /// The evidence; no values of records.
    public let predicate: JSONValue

    /// Makes a statement.
    public init(_ kind: Kind, version: String, predicate: JSONValue) {
        self.kind = kind
        self.version = version
        self.predicate = predicate
    }

    /// The statement as canonical JSON: the bytes that are signed.
    public func canonicalBytes() -> [UInt8] {
        CanonicalJSON.encode([
            "_type": .string(ProvenanceStatement.type), "predicateType": .string(kind.rawValue),
            "subject": [
                ["name": "dataset-version", "digest": ["sha256": .string(version)]]
            ],
            "predicate": predicate,
        ])
    }

    /// Reads a statement back.
    public init(json bytes: [UInt8]) throws(HandoffError) {
        guard let json = try? JSONParser.parse(bytes),
            json["_type"]?.stringValue == ProvenanceStatement.type,
            let kind = json["predicateType"]?.stringValue.flatMap(Kind.init),
            let subjects = json["subject"]?.arrayValue, subjects.count == 1,
            let version = subjects[0]["digest"]?["sha256"]?.stringValue,
            let predicate = json["predicate"]
        else {
            throw HandoffError(
                .malformed, "this is no attestation on a dataset version",
                hint: "in-toto Statement v1 with one subject, a version's id")
        }
        self.init(kind, version: version, predicate: predicate)
    }

    /// Signs the statement into an envelope.
    ///
    /// - Parameter signature: gives the 64-byte Ed25519 signature of a message.
    public func sign(
        publicKey: Ed25519.PublicKey, signature: ([UInt8]) throws -> [UInt8]
    ) throws(HandoffError) -> SignatureEnvelope {
        try SignatureEnvelope.sign(
            payload: canonicalBytes(), publicKey: publicKey, signature: signature)
    }

    /// The statement of an envelope, once a signature of this key was found and holds.
    public init(
        verifying envelope: SignatureEnvelope, publicKey: Ed25519.PublicKey
    ) throws(HandoffError) {
        try self.init(json: envelope.verifiedPayload(publicKey: publicKey))
    }
}

/// An attestation with the digest of the envelope that holds its signature.
public struct SignedAttestation: Sendable, Hashable {
    /// SHA-256 of the envelope's canonical bytes, lower-case hex.
    public var envelope: String
    /// What it says.
    public var statement: AttestationStatement

    /// Ties both together.
    public init(envelope: String, statement: AttestationStatement) {
        self.envelope = envelope
        self.statement = statement
    }

    /// As releases and provenance statements quote it.
    public var json: JSONValue {
        [
            "envelope": ["sha256": .string(envelope)],
            "predicateType": .string(statement.kind.rawValue),
            "version": .string(statement.version), "predicate": statement.predicate,
        ]
    }
}
