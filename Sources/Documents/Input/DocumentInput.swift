internal import Glibc
internal import ReaderProtocol

/// Something that bytes come from, such as a file inside of another.
protocol ByteProducer: AnyObject {
    /// Fills the front of `buffer`; returns how many bytes, 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReaderFault) -> Int
}

/// The document, read once from front to back.
final class DocumentInput {
    /// Where it is read from; −1 for bytes in memory.
    let descriptor: Int32
    let limits: ReaderLimits
    /// Bytes read and not yet taken.
    private var pending: [UInt8] = []
    private var taken = 0
    private(set) var isAtEnd = false
    /// Makes the bytes, where they come from neither.
    private let producer: (any ByteProducer)?
    /// The last bytes that were taken, at most 8.
    private(set) var lastBytes: [UInt8] = []

    /// A file or a pipe, which stays the caller's to close.
    init(descriptor: Int32, limits: ReaderLimits) {
        self.descriptor = descriptor
        self.limits = limits
        producer = nil
    }

    /// Bytes that are made on the way.
    init(_ producer: any ByteProducer, limits: ReaderLimits) {
        descriptor = -1
        self.limits = limits
        self.producer = producer
    }

    /// Bytes in memory.
    init(_ bytes: [UInt8], limits: ReaderLimits = ReaderLimits()) {
        descriptor = -1
        self.limits = limits
        producer = nil
        pending = bytes
        isAtEnd = true
    }

    /// Whether it is a regular file, which other code may map or open by `/proc/self/fd`.
    var isRegularFile: Bool { regularFileSize != nil }

    /// How many bytes of input there are, where that is known before reading.
    var regularFileSize: UInt64? {
        var status = stat()
        guard descriptor >= 0, unsafe fstat(descriptor, &status) == 0,
            status.st_mode & S_IFMT == S_IFREG
        else { return nil }
        return UInt64(status.st_size)
    }

    /// Fills the front of `buffer`; returns how many bytes, 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReaderFault) -> Int {
        guard unsafe !buffer.isEmpty else { return 0 }
        if taken < pending.count {
            let count = min(buffer.count, pending.count - taken)
            unsafe pending.withUnsafeBytes {
                unsafe buffer.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: $0[taken..<taken + count]))
            }
            taken += count
            if taken == pending.count { (pending, taken) = ([], 0) }
            unsafe remember(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            return count
        }
        let count = try unsafe readSource(into: buffer)
        unsafe remember(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return count
    }

    private func remember(_ bytes: UnsafeRawBufferPointer) {
        lastBytes = unsafe Array((lastBytes + bytes.suffix(8)).suffix(8))
    }

    private func readSource(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(ReaderFault) -> Int {
        if isAtEnd { return 0 }
        while true {
            let count =
                if let producer {
                    try unsafe producer.read(into: buffer)
                } else {
                    unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                }
            if count == 0 { isAtEnd = true }
            if count >= 0 { return count }
            guard errno == EINTR else {
                throw .malformed("the input cannot be read (error \(errno))", hint: "try it again")
            }
        }
    }

    /// The next bytes, at most 256 KiB; none at the end.
    func next() throws(ReaderFault) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        let count = try unsafe chunk.withUnsafeMutableBufferPointer { buffer throws(ReaderFault) in
            try unsafe read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        chunk.removeLast(chunk.count - count)
        return chunk
    }

    /// The first bytes of the input, before anything is taken.
    func head(_ count: Int) throws(ReaderFault) -> [UInt8] {
        guard isRegularFile, pending.isEmpty, lseek(descriptor, 0, SEEK_CUR) == 0 else {
            return try peek(count)
        }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = unsafe bytes.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
        }
        return Array(bytes.prefix(max(0, read)))
    }

    /// The first bytes that were not taken yet, which stay in the input; fewer only at the end.
    func peek(_ count: Int) throws(ReaderFault) -> [UInt8] {
        while pending.count - taken < count, !isAtEnd {
            var chunk = [UInt8](repeating: 0, count: 256 << 10)
            let read = try unsafe chunk.withUnsafeMutableBufferPointer {
                target throws(ReaderFault) in
                try unsafe readSource(into: UnsafeMutableRawBufferPointer(target))
            }
            pending += chunk[..<read]
        }
        return Array(pending[taken...].prefix(count))
    }

    /// All of it: mapped where it is a regular file, else in memory.
    ///
    /// - Throws: `.overLimit` beyond half of the memory limit.
    func whole() throws(ReaderFault) -> DocumentBytes {
        let most = Int(clamping: limits.memoryBytes / 2)
        if let size = regularFileSize, pending.isEmpty, size > 0,
            lseek(descriptor, 0, SEEK_CUR) == 0
        {
            guard size <= UInt64(most) else { throw Self.tooBig(most) }
            if let mapped = DocumentBytes(mapping: descriptor, count: Int(size)) {
                isAtEnd = true
                return mapped
            }
        }
        var all = Array(pending[taken...])
        (pending, taken) = ([], 0)
        while true {
            guard all.count <= most else { throw Self.tooBig(most) }
            let chunk = try next()
            if chunk.isEmpty { break }
            all += chunk
        }
        return DocumentBytes(all)
    }

    /// All of it where that is not more than `most` bytes; else nothing is taken.
    func wholeUpTo(_ most: UInt64) throws(ReaderFault) -> DocumentBytes? {
        let most = Int(clamping: most)
        let bytes = try peek(most + 1)
        guard bytes.count <= most else { return nil }
        (pending, taken) = ([], 0)
        return DocumentBytes(bytes)
    }

    private static func tooBig(_ most: Int) -> ReaderFault {
        .overLimit("a document of more than \(most >> 20) MiB, which is read as a whole")
    }
}
