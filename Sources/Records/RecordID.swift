/// The stable identity of a record: 16 bytes, the first half of an HMAC-SHA256.
///
/// Equal input under one dataset's key has an equal id, in every version and on every machine.
public struct RecordID: Hashable, Comparable, Sendable, BlindIdentifier {
    /// The id as two big-endian words, so that comparing words compares bytes.
    public let words: (UInt64, UInt64)

    /// Makes an id of two big-endian words.
    public init(words: (UInt64, UInt64)) { self.words = words }
}

/// The blind id of a data subject: 16 bytes, an HMAC of the subject's value under the workspace's
/// subject-index key. Without that key it says nothing about the person.
public struct SubjectID: Hashable, Comparable, Sendable, BlindIdentifier {
    /// The id as two big-endian words, so that comparing words compares bytes.
    public let words: (UInt64, UInt64)

    /// Makes an id of two big-endian words.
    public init(words: (UInt64, UInt64)) { self.words = words }
}

/// What record and subject ids share: 16 bytes, ordered as bytes, written as lower-case hex.
public protocol BlindIdentifier: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The id as two big-endian words.
    var words: (UInt64, UInt64) { get }
    /// Makes an id of two big-endian words.
    init(words: (UInt64, UInt64))
}

extension BlindIdentifier {
    /// The length of an id in bytes.
    public static var byteCount: Int { 16 }

    /// Makes an id of exactly 16 bytes.
    public init(bytes: [UInt8]) throws(RecordsError) {
        guard bytes.count == Self.byteCount else {
            throw RecordsError(
                .malformedIdentifier, "an id has 16 bytes, this one has \(bytes.count)")
        }
        self.init(prefixOf: bytes)
    }

    /// Makes an id of the first 16 bytes of a digest.
    ///
    /// - Precondition: `digest` has at least 16 bytes.
    public init(prefixOf digest: [UInt8]) { self.init(prefixOf: digest[...]) }

    /// Makes an id of the first 16 bytes of a digest.
    ///
    /// - Precondition: `digest` has at least 16 bytes.
    public init(prefixOf digest: ArraySlice<UInt8>) {
        precondition(digest.count >= Self.byteCount)
        let start = digest.startIndex
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in start..<(start + 8) { high = high << 8 | UInt64(digest[index]) }
        for index in (start + 8)..<(start + 16) { low = low << 8 | UInt64(digest[index]) }
        self.init(words: (high, low))
    }

    /// Reads 32 hex digits; nil when they are not.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex), bytes.count == Self.byteCount else { return nil }
        self.init(prefixOf: bytes)
    }

    /// The 16 bytes.
    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(16)
        BigEndian.append(words.0, to: &out)
        BigEndian.append(words.1, to: &out)
        return out
    }

    /// The id as 32 lower-case hex digits.
    public var hex: String { Hex.encode(bytes) }

    /// The id as 32 lower-case hex digits.
    public var description: String { hex }

    /// Byte order.
    public static func < (left: Self, right: Self) -> Bool {
        left.words.0 != right.words.0
            ? left.words.0 < right.words.0 : left.words.1 < right.words.1
    }

    /// Equal when all 16 bytes are.
    public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    /// Hashes both words.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}
