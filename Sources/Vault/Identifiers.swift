internal import Cryptography
internal import Records

/// What the vault's ids share: a fixed number of bytes, ordered as bytes, written as lower-case hex.
public protocol VaultIdentifier: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// How many bytes an id has.
    static var byteCount: Int { get }
    /// The bytes.
    var bytes: [UInt8] { get }
    /// Wraps bytes already known to be of the right number.
    init(unchecked bytes: [UInt8])
}

extension VaultIdentifier {
    /// Makes an id of exactly `byteCount` bytes.
    public init(bytes: [UInt8]) throws(VaultError) {
        guard bytes.count == Self.byteCount else {
            throw VaultError(
                .badArgument, "\(Self.self) has \(Self.byteCount) bytes, not \(bytes.count)")
        }
        self.init(unchecked: bytes)
    }

    /// Reads hex digits; nil when they are not, or not the right number.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex), bytes.count == Self.byteCount else { return nil }
        self.init(unchecked: bytes)
    }

    /// A fresh random id.
    public static func random() -> Self { Self(unchecked: SecureRandom.bytes(byteCount)) }

    /// The bytes as lower-case hex digits.
    public var hex: String { Hex.encode(bytes) }

    /// The bytes as lower-case hex digits.
    public var description: String { hex }

    /// Byte order.
    public static func < (left: Self, right: Self) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

/// The id of a workspace: 16 random bytes, bound into every object sealed in it.
public struct WorkspaceID: VaultIdentifier {
    /// 16
    public static var byteCount: Int { 16 }
    /// The 16 bytes.
    public let bytes: [UInt8]
    /// Wraps 16 bytes.
    public init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// The id of what a key is for: a dataset or a model, 16 bytes.
public struct ScopeID: VaultIdentifier {
    /// 16
    public static var byteCount: Int { 16 }
    /// The 16 bytes.
    public let bytes: [UInt8]
    /// Wraps 16 bytes.
    public init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// The id of a sealed object: 32 random bytes, standing in its header.
public struct ObjectID: VaultIdentifier {
    /// 32
    public static var byteCount: Int { 32 }
    /// The 32 bytes.
    public let bytes: [UInt8]
    /// Wraps 32 bytes.
    public init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// The id of a stage's key-encryption key: 16 random bytes.
public struct KEKID: VaultIdentifier {
    /// 16
    public static var byteCount: Int { 16 }
    /// The 16 bytes.
    public let bytes: [UInt8]
    /// Wraps 16 bytes.
    public init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// The id of a pack file: 16 random bytes, its name in hex.
public struct PackID: VaultIdentifier {
    /// 16
    public static var byteCount: Int { 16 }
    /// The 16 bytes.
    public let bytes: [UInt8]
    /// Wraps 16 bytes.
    public init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}
