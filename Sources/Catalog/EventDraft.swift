public import Cryptography
public import Records

/// How the thing an event tells of came out.
public enum Outcome: String, Sendable, CaseIterable {
    /// It happened.
    case done
    /// It was refused.
    case denied
    /// It was tried and went wrong.
    case failed
}

/// An event before it is in the log: what the caller knows.
///
/// `object` and `facts` stand in the log for ever and must not hold personal data; everything that
/// might goes into `detail`, of which the log only keeps a salted hash.
public struct EventDraft: Sendable, Hashable {
    /// What was done: `noun.verb`.
    public var action: String
    /// To what: `kind:id`, e.g. `version:<hex>`, `grant:g-1a2b3c4d`.
    public var object: String
    /// How it came out.
    public var outcome: Outcome
    /// Which request this belongs to; several events may share one.
    public var requestID: String
    /// Non-personal facts, kept in the entry.
    public var facts: JSONValue
    /// What may be erased later.
    public var detail: JSONValue

    /// Makes a draft; without a request id it gets a random one.
    public init(
        _ action: String, object: String, outcome: Outcome = .done, requestID: String? = nil,
        facts: JSONValue = [:], detail: JSONValue = [:]
    ) {
        self.action = action
        self.object = object
        self.outcome = outcome
        self.requestID = requestID ?? Hex.encode(SecureRandom.bytes(8))
        self.facts = facts
        self.detail = detail
    }
}

/// Who signs an event: a principal and the way to its Ed25519 key.
public struct EventSigner: Sendable {
    /// The pseudonymous id that stands in the event.
    public let principal: String
    /// The principal's Ed25519 public key, 32 bytes.
    public let publicKey: [UInt8]
    /// Signs a message (RFC 8032), 64 bytes.
    public let sign: @Sendable ([UInt8]) throws -> [UInt8]

    /// A signer whose key lives elsewhere.
    public init(
        principal: String, publicKey: [UInt8], sign: @escaping @Sendable ([UInt8]) throws -> [UInt8]
    ) {
        self.principal = principal
        self.publicKey = publicKey
        self.sign = sign
    }

    /// A signer with its key in memory.
    public init(principal: String, key: Ed25519.PrivateKey) {
        self.principal = principal
        publicKey = key.publicKey.rawRepresentation
        sign = { message in try key.signature(for: message) }
    }
}
