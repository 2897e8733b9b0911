internal import ReaderProtocol

/// What is inside of a gzip file, checked against its checksum, which libarchive does not do.
///
/// RFC 1952 §2.3.1 keeps the checksum and the length at the end of each part of the file. Where the
/// length is that of all that came out, the checksum has to be right, too. Where it is not, the
/// file has several parts or bytes behind its end, and cannot be checked.
final class GzipInput: ByteProducer {
    private let outer: ArchiveHandle
    private let source: DocumentInput
    private var checksum = CRC32()
    private var length: UInt32 = 0
    private var isBegun = false
    private var isEnded = false
    /// Whether the file ended in a way that leaves its checksum unknown.
    private(set) var isUnchecked = false

    /// Reads gzip from `source`.
    init(_ source: DocumentInput) throws(ReaderFault) {
        self.source = source
        outer = try ArchiveHandle(source, .gzip)
    }

    /// How many compressed bytes were read so far.
    var consumed: UInt64 { outer.consumed }

    /// What comes out, as an input of its own.
    var inflated: DocumentInput { DocumentInput(self, limits: source.limits) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReaderFault) -> Int {
        if isEnded { return 0 }
        if !isBegun {
            isBegun = true
            // An empty file inside has no first member.
            isEnded = try outer.nextMember() == nil
            guard outer.isFiltered else {
                throw .malformed("a gzip file that breaks off", hint: "fetch it again")
            }
            if isEnded { return 0 }
        }
        let count = try unsafe outer.read(into: buffer)
        if count == 0 {
            isEnded = true
            try check()
        } else {
            unsafe checksum.add(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            length &+= UInt32(truncatingIfNeeded: count)
        }
        return count
    }

    private func check() throws(ReaderFault) {
        let tail = source.lastBytes
        guard tail.count == 8 else { return }
        func number(_ at: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(tail[at + $1]) << (8 * UInt32($1)) }
        }
        guard number(4) == length else {
            isUnchecked = true
            return
        }
        guard number(0) == checksum.value else {
            throw .malformed("a gzip file whose checksum is wrong", hint: "fetch it again")
        }
    }
}
