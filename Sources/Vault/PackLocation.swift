/// Where a sealed object lies: a pack, and a range of its bytes.
public struct PackLocation: Hashable, Sendable {
    /// The pack.
    public let pack: PackID
    /// The object's first byte in the pack.
    public let offset: UInt64
    /// The object's length in bytes.
    public let length: UInt64

    /// Names a place.
    public init(pack: PackID, offset: UInt64, length: UInt64) {
        self.pack = pack
        self.offset = offset
        self.length = length
    }
}
