internal import Glibc

/// Finds bytes, eight at a time.
enum ByteSearch {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// A byte in each of the eight places.
    static func spread(_ byte: UInt8) -> UInt64 { UInt64(byte) &* ones }

    /// The top bit of the lowest byte of `word` that is zero, and perhaps of higher ones.
    ///
    /// Source: H. S. Warren, Hacker's Delight (2nd ed.), §6–1; exact for the lowest zero byte.
    @inline(__always)
    static func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & tops }

    /// The first place from `start` on that holds one of three bytes (spread); `count` if none.
    @inline(__always)
    static func first(
        of a: UInt64, _ b: UInt64, _ c: UInt64, in base: UnsafePointer<UInt8>, from start: Int,
        to count: Int
    ) -> Int {
        var i = start
        let raw = unsafe UnsafeRawPointer(base)
        while i &+ 8 <= count {
            let word = unsafe UInt64(
                littleEndian: raw.loadUnaligned(fromByteOffset: i, as: UInt64.self))
            let found = zeroBytes(word ^ a) | zeroBytes(word ^ b) | zeroBytes(word ^ c)
            if found != 0 { return i &+ found.trailingZeroBitCount &>> 3 }
            i &+= 8
        }
        let (x, y, z) = (
            UInt8(truncatingIfNeeded: a), UInt8(truncatingIfNeeded: b),
            UInt8(truncatingIfNeeded: c)
        )
        while i < count {
            let byte = unsafe base[i]
            if byte == x || byte == y || byte == z { return i }
            i &+= 1
        }
        return count
    }

    /// The first place from `start` on that holds `byte`; `count` if none.
    @inline(__always)
    static func first(
        _ byte: UInt8, in base: UnsafePointer<UInt8>, from start: Int, to count: Int
    ) -> Int {
        guard start < count, let hit = unsafe memchr(base + start, Int32(byte), count - start)
        else { return count }
        return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }

    /// `bytes` without white space (space, tab, CR, LF) at both ends.
    static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        var (start, end) = (0, bytes.count)
        while start < end, unsafe isSpace(bytes[start]) { start += 1 }
        while end > start, unsafe isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// The white space of JSON (RFC 8259 §2).
    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
