internal import Cryptography
public import Records

/// One entry of the audit log as it stands in the database.
public struct LogEntry: Sendable, Hashable {
    /// Its index, from 0.
    public let index: UInt64
    /// The exact bytes that the tree is over: RFC 8785 JSON, at most 65,535 bytes.
    public let bytes: [UInt8]
    /// The erasable detail as RFC 8785 bytes; nil when erased.
    public let detail: [UInt8]?
    /// The detail's salt, 32 bytes; nil when erased.
    public let salt: [UInt8]?

    /// The entry read as JSON.
    public func json() throws(CatalogError) -> JSONValue {
        do {
            return try JSONParser.parse(bytes)
        } catch {
            throw CatalogError(.integrity, "event \(index) is not JSON")
        }
    }

    /// The entry's members.
    public func event() throws(CatalogError) -> LoggedEvent {
        let json = try json()
        guard let time = json["time"]?.stringValue.flatMap({ try? Timestamp(rfc3339: $0) }),
            let actor = json["actor"]?.stringValue, let action = json["action"]?.stringValue,
            let object = json["object"]?.stringValue,
            let request = json["request"]?.stringValue,
            let outcome = json["outcome"]?.stringValue.flatMap(Outcome.init(rawValue:)),
            let facts = json["facts"]
        else { throw CatalogError(.integrity, "event \(index) lacks a member") }
        return LoggedEvent(
            index: index, time: time, actor: actor, action: action, object: object,
            requestID: request, outcome: outcome, facts: facts,
            detail: detail.flatMap { try? JSONParser.parse($0) })
    }
}

/// An event of the log with its members apart.
public struct LoggedEvent: Sendable, Hashable {
    /// Its index in the log.
    public let index: UInt64
    /// When it happened.
    public let time: Timestamp
    /// Pseudonymous id of who did it.
    public let actor: String
    /// What was done.
    public let action: String
    /// To what.
    public let object: String
    /// The request it belongs to.
    public let requestID: String
    /// How it came out.
    public let outcome: Outcome
    /// Non-personal facts.
    public let facts: JSONValue
    /// The erasable detail; nil when erased.
    public let detail: JSONValue?
}

/// How an entry is made, signed and checked.
///
/// `{"action", "actor", "detail": hex(SHA-256(salt ‖ detail)), "facts", "log": origin, "object",
/// "outcome", "request", "signature": base64, "time", "v": 1}`; the Ed25519 signature is over the
/// RFC 8785 form of all the others.
enum EntryFormat {
    /// tlog-tiles: an entry's length is a u16.
    static let maximumByteCount = 65_535

    static func make(
        _ draft: EventDraft, origin: String, detailDigest: [UInt8], signer: EventSigner,
        time: Timestamp
    ) throws(CatalogError) -> [UInt8] {
        var members: [String: JSONValue] = [
            "action": .string(draft.action), "actor": .string(signer.principal),
            "detail": .string(Hex.encode(detailDigest)), "facts": draft.facts,
            "log": .string(origin), "object": .string(draft.object),
            "outcome": .string(draft.outcome.rawValue), "request": .string(draft.requestID),
            "time": .string(time.rfc3339), "v": 1,
        ]
        let signature: [UInt8]
        do {
            signature = try signer.sign(CanonicalJSON.encode(.object(members)))
        } catch {
            throw CatalogError(
                .invalid, "\(signer.principal) cannot sign the event",
                hint: "check the identity file")
        }
        members["signature"] = .string(Base64.encode(signature))
        let entry = CanonicalJSON.encode(.object(members))
        guard entry.count <= maximumByteCount else {
            throw CatalogError(
                .invalid, "event \(draft.action) has \(entry.count) bytes, more than 65535",
                hint: "put what is long into the detail")
        }
        return entry
    }

    /// Whether the signature in an entry is by the key.
    static func isSigned(_ entry: JSONValue, by publicKey: [UInt8]) -> Bool {
        guard var members = entry.objectValue,
            let signature = members.removeValue(forKey: "signature")?.stringValue
                .flatMap(Base64.decode),
            let key = try? Ed25519.PublicKey(rawRepresentation: publicKey)
        else { return false }
        return key.isValidSignature(
            signature, for: CanonicalJSON.encode(.object(members)))
    }

    static func detailDigest(salt: [UInt8], detail: [UInt8]) -> [UInt8] {
        SHA256.hash(salt + detail)
    }
}
