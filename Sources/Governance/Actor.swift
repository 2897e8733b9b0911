public import Catalog
public import Cryptography
public import Vault

/// Who acts: a principal and the way to its signing key.
public struct Actor: Sendable {
    /// The pseudonymous id.
    public let principal: String
    /// Signs this principal's events.
    public let signer: EventSigner

    /// An actor whose key lives elsewhere.
    public init(signer: EventSigner) {
        principal = signer.principal
        self.signer = signer
    }

    /// An actor with its key in memory.
    public init(principal: String, signingKey: Ed25519.PrivateKey) {
        self.init(signer: EventSigner(principal: principal, key: signingKey))
    }

    /// A person or service by its identity file.
    public init(_ identity: Identity) {
        self.init(principal: identity.principal, signingKey: identity.signing)
    }

    /// The Custodian, whose key the vault keeps; needs the root key.
    public init(custodianOf vault: Vault, principal: String) throws {
        let key = try vault.custodian.signing.rawRepresentation
        self.init(
            signer: EventSigner(principal: principal, publicKey: key) { message in
                try vault.sign(message)
            })
    }
}

/// One request of an actor: everything it does is logged under one request id.
public struct Session: Sendable {
    /// Who acts.
    public let actor: Actor
    /// The id that all its events share.
    public let requestID: String

    /// Begins a request; its id is random unless given.
    public init(actor: Actor, requestID: String? = nil) {
        self.actor = actor
        self.requestID = requestID ?? EventDraft("", object: "").requestID
    }

    /// The actor's signer.
    public var signer: EventSigner { actor.signer }
    /// The actor's pseudonymous id.
    public var principal: String { actor.principal }
}
