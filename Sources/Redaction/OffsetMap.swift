/// Turns byte offsets of a UTF-8 text into offsets in code points and UTF-16 units.
///
/// Ask in ascending order: the walk goes on where it stopped, O(n) over all questions. A smaller
/// offset starts again from the beginning.
///
/// ```swift
/// var map = OffsetMap(Array("😀 a".utf8))
/// map.codePoint(atByte: 5)  // 2
/// map.utf16(atByte: 5)      // 3
/// ```
public struct OffsetMap {
    private let bytes: [UInt8]
    private var byte = 0
    private var codePoints = 0
    private var units = 0

    /// Makes a map of a text in UTF-8.
    public init(_ utf8: [UInt8]) { bytes = utf8 }

    /// The number of code points before `offset`; inside a character: up to and with it.
    public mutating func codePoint(atByte offset: Int) -> Int {
        advance(to: offset)
        return codePoints
    }

    /// The number of UTF-16 units before `offset`.
    public mutating func utf16(atByte offset: Int) -> Int {
        advance(to: offset)
        return units
    }

    private mutating func advance(to offset: Int) {
        if offset < byte { (byte, codePoints, units) = (0, 0, 0) }
        let stop = min(offset, bytes.count)
        while byte < stop {
            let lead = bytes[byte]
            // Continuation bytes count nothing; four-byte sequences are two UTF-16 units.
            if lead & 0xC0 != 0x80 {
                codePoints += 1
                units += lead >= 0xF0 ? 2 : 1
            }
            byte += 1
        }
    }
}
