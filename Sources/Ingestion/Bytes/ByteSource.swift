internal import Glibc

/// Bytes that can be read twice.
protocol ByteSource: AnyObject {
    /// Fills the front of `buffer`; returns how many bytes, 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestionError) -> Int
    /// Goes back to the first byte.
    func rewind() throws(IngestionError)
}

/// A regular file.
final class FileSource: ByteSource {
    /// The open file; a reader process may be given it.
    let descriptor: Int32
    private let name: String

    /// Opens `path`; `name` is what errors call it.
    init(path: String, name: String) throws(IngestionError) {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        self.name = name
        guard descriptor >= 0 else {
            throw IngestionError(
                errno == ENOENT ? .notFound : .unreadable,
                "cannot open '\(name)': \(SystemError.text(errno))", hint: "check the path")
        }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit { close(descriptor) }

    /// Whether it can be read twice; a pipe cannot.
    var isSeekable: Bool { lseek(descriptor, 0, SEEK_CUR) >= 0 }

    /// Size and times of the file: differ once somebody has written to it.
    var state: [Int] {
        var info = stat()
        guard unsafe fstat(descriptor, &info) == 0 else { return [] }
        return [
            info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_ctim.tv_sec,
            info.st_ctim.tv_nsec,
        ]
    }

    /// All it still has, where it can be read twice.
    func spooled() throws(IngestionError) -> SealedSpool {
        try SealedSpool(reading: descriptor, name: name)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestionError) -> Int {
        try unsafe SystemError.read(descriptor, into: buffer, name: name)
    }

    func rewind() throws(IngestionError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw IngestionError(
                .unreadable, "cannot go back to the start of '\(name)'",
                hint: "only regular files can be read twice")
        }
    }
}

/// Bytes in memory.
final class MemorySource: ByteSource {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - position)
        unsafe buffer.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
    }

    func rewind() { position = 0 }
}

/// System calls that retry, and their errors in words.
enum SystemError {
    static func text(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }

    /// `read(2)`, again after an interruption.
    static func read(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, name: String
    ) throws(IngestionError) -> Int {
        while true {
            let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno == EINTR { continue }
            throw IngestionError(
                .unreadable, "cannot read '\(name)': \(text(errno))",
                hint: "check that it is a file and readable")
        }
    }
}
