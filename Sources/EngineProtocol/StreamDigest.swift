internal import Cryptography
internal import Records

/// The digest of a stream of records: SHA-256 over, for each, u32 length ‖ payload.
public struct StreamDigest: Sendable {
    private var hasher = SHA256.Hasher()
    /// Records added.
    public private(set) var count = 0

    /// The digest of no records.
    public init() {}

    /// Adds the payload of one record frame (rid ‖ canonical JSON).
    public mutating func add(record payload: [UInt8]) {
        hasher.update(BigEndian.bytes(UInt32(truncatingIfNeeded: payload.count)))
        hasher.update(payload)
        count += 1
    }

    /// The digest so far, as lower-case hex.
    public func finalizeHex() -> String {
        Hex.encode(hasher.finalize())
    }
}
