/// Integers as big-endian bytes: the order of every format of this project.
public enum BigEndian {
    /// Appends the bytes of `value`, most significant first.
    @inlinable
    public static func append<Integer: FixedWidthInteger>(
        _ value: Integer, to bytes: inout [UInt8]
    ) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// The bytes of `value`, most significant first.
    @inlinable
    public static func bytes<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
        var out: [UInt8] = []
        append(value, to: &out)
        return out
    }

    /// Reads an integer at `offset`; nil when the bytes end before it does.
    @inlinable
    public static func read<Integer: FixedWidthInteger>(
        _ type: Integer.Type, from bytes: [UInt8], at offset: Int
    ) -> Integer? {
        let width = Integer.bitWidth / 8
        guard offset >= 0, bytes.count - offset >= width else { return nil }
        var value: Integer = 0
        for index in offset..<(offset + width) {
            value = value << 8 | Integer(truncatingIfNeeded: bytes[index])
        }
        return value
    }
}
