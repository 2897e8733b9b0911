import Cryptography
import Glibc

/// The bytes of a file: held in memory, or mapped read-only from the disk.
@safe final class FileBytes: @unchecked Sendable {
    private let base: UnsafeRawPointer
    let count: Int
    private let isMapped: Bool

    /// A copy of `bytes`.
    init(_ bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(1, bytes.count), alignment: 64)
        unsafe copy.copyBytes(from: bytes)
        unsafe base = UnsafeRawPointer(copy.baseAddress.unsafelyUnwrapped)
        count = bytes.count
        isMapped = false
    }

    /// Maps the file at `path`.
    init(mapping path: String) throws(ModelFilesError) {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw ModelFilesError(
                .unreadable, "cannot open \(path): \(unsafe String(cString: strerror(errno)))",
                hint: "Check the path and that this user may read it.")
        }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size > 0
        else {
            throw ModelFilesError(
                .unreadable, "\(path) is empty or not a file",
                hint: "Give the path of a model file, not of its folder.")
        }
        let size = Int(status.st_size)
        guard let memory = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0),
            unsafe memory != MAP_FAILED
        else {
            throw ModelFilesError(
                .unreadable, "cannot map \(path): \(unsafe String(cString: strerror(errno)))",
                hint: "Copy the file to a local disk.")
        }
        unsafe base = UnsafeRawPointer(memory)
        count = size
        isMapped = true
    }

    deinit {
        if isMapped {
            unsafe munmap(UnsafeMutableRawPointer(mutating: base), count)
        } else {
            unsafe UnsafeMutableRawPointer(mutating: base).deallocate()
        }
    }

    /// Calls `body` with the bytes of `range`, which must lie inside.
    func withBytes<Result>(
        _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the file")
        return unsafe body(
            UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// A copy of the bytes of `range`.
    func bytes(_ range: Range<Int>) -> [UInt8] { unsafe withBytes(range) { unsafe Array($0) } }

    /// SHA-256 of everything.
    func digest() -> [UInt8] { unsafe withBytes(0..<count) { unsafe SHA256.hash($0) } }
}
