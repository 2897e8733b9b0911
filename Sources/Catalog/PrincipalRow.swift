internal import Cryptography
internal import GRDB
public import Records

/// A principal about to be added.
public struct NewPrincipal: Sendable, Hashable {
    /// Random and pseudonymous: `p-` and 8 hex digits.
    public var id: String
    /// Person, service or group.
    public var kind: PrincipalKind
    /// The name people use; kept in an erasable table of its own.
    public var name: String
    /// Ed25519 public key, 32 bytes; empty for a group.
    public var ed25519: [UInt8]
    /// X25519 public key, 32 bytes; empty for a group.
    public var x25519: [UInt8]

    /// Makes a principal; the id is random unless given.
    public init(
        id: String? = nil, kind: PrincipalKind, name: String, ed25519: [UInt8] = [],
        x25519: [UInt8] = []
    ) {
        self.id = id ?? ShortID.random("p")
        self.kind = kind
        self.name = name
        self.ed25519 = ed25519
        self.x25519 = x25519
    }

    /// What the log keeps of a new principal: everything but the name.
    public var facts: JSONValue {
        [
            "ed25519": .string(Hex.encode(ed25519)), "id": .string(id),
            "kind": .string(kind.rawValue), "x25519": .string(Hex.encode(x25519)),
        ]
    }
}

/// A principal as stored, without its name.
public struct PrincipalRow: Sendable, Hashable {
    /// Pseudonymous id.
    public var id: String
    /// Person, service or group.
    public var kind: PrincipalKind
    /// Ed25519 public key, 32 bytes; empty for a group.
    public var ed25519: [UInt8]
    /// X25519 public key, 32 bytes; empty for a group.
    public var x25519: [UInt8]
    /// When it was added.
    public var created: Timestamp
    /// Since when it may do nothing, if so.
    public var disabled: Timestamp?

    init(_ row: Row) throws(CatalogError) {
        id = try row.text("id")
        kind = try row.word("kind")
        ed25519 = try row.bytes("ed25519")
        x25519 = try row.bytes("x25519")
        created = try row.time("created")
        disabled = try row.optionalTime("disabled")
    }

    /// What the log keeps of it, in the form of ``NewPrincipal/facts``.
    public var facts: JSONValue {
        NewPrincipal(id: id, kind: kind, name: "", ed25519: ed25519, x25519: x25519).facts
    }
}

/// Short random ids such as `g-1a2b3c4d`.
public enum ShortID {
    /// A prefix, a dash, and 8 random hex digits.
    public static func random(_ prefix: String) -> String {
        prefix + "-" + Hex.encode(SecureRandom.bytes(4))
    }
}
