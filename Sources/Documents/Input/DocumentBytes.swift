internal import Glibc

/// All bytes of a document: mapped from its file, or in memory.
@safe final class DocumentBytes {
    private let pointer: UnsafeMutableRawPointer
    /// How many bytes.
    let count: Int
    private let isMapped: Bool

    /// A copy of bytes in memory.
    init(_ bytes: [UInt8]) {
        count = bytes.count
        isMapped = false
        let copy = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(1, bytes.count), alignment: 16)
        unsafe copy.copyBytes(from: bytes)
        unsafe pointer =
            unsafe copy.baseAddress
            ?? UnsafeMutableRawPointer.allocate(
                byteCount: 1, alignment: 16)
    }

    /// A regular file's first `count` bytes; nil if it cannot be mapped.
    init?(mapping descriptor: Int32, count: Int) {
        let mapped = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { return nil }
        unsafe pointer = unsafe mapped
        self.count = count
        isMapped = true
    }

    deinit {
        if isMapped { _ = unsafe munmap(pointer, count) } else { unsafe pointer.deallocate() }
    }

    /// Lends the bytes.
    func withUnsafeBytes<R, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try unsafe body(UnsafeRawBufferPointer(start: pointer, count: count))
    }

    /// The byte at `index`.
    subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count)
        return unsafe pointer.load(fromByteOffset: index, as: UInt8.self)
    }

    /// A copy of the bytes in `range`, cut to what there is.
    subscript(range: Range<Int>) -> [UInt8] {
        let cut = range.clamped(to: 0..<count)
        return unsafe withUnsafeBytes { unsafe Array($0[cut]) }
    }

    /// Whether they begin with `prefix`.
    func hasPrefix(_ prefix: [UInt8]) -> Bool { self[0..<prefix.count] == prefix }

    /// Where `pattern` stands first at or behind `start`.
    func firstRange(of pattern: [UInt8], from start: Int = 0) -> Range<Int>? {
        guard !pattern.isEmpty, start >= 0, start + pattern.count <= count else { return nil }
        var at = start
        while at + pattern.count <= count {
            guard
                let found = unsafe memchr(
                    pointer + at, Int32(pattern[0]), count - at - pattern.count + 1)
            else { return nil }
            at = unsafe UnsafeMutableRawPointer(found) - pointer
            if unsafe memcmp(pointer + at, pattern, pattern.count) == 0 {
                return at..<at + pattern.count
            }
            at += 1
        }
        return nil
    }
}
