import Cryptography
import Glibc

/// The bytes of a file: held in memory, or mapped read-only from the disk.
@safe final class FileBytes: @unchecked Sendable {
    let count: Int
    private let array: [UInt8]
    private let mapped: UnsafeRawPointer?

    /// Holds `bytes`, without a copy.
    init(_ bytes: [UInt8]) {
        array = bytes
        unsafe mapped = nil
        count = bytes.count
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
        array = []
        unsafe mapped = UnsafeRawPointer(memory)
        count = size
    }

    deinit {
        if let mapped = unsafe mapped {
            unsafe munmap(UnsafeMutableRawPointer(mutating: mapped), count)
        }
    }

    /// Calls `body` with the bytes of `range`, which must lie inside.
    func withBytes<Result, Failure>(
        _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the file")
        if let mapped = unsafe mapped {
            return try unsafe body(
                UnsafeRawBufferPointer(start: mapped + range.lowerBound, count: range.count))
        }
        return try unsafe array.withUnsafeBufferPointer { buffer throws(Failure) in
            try unsafe body(
                UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[range]))
        }
    }

    /// A copy of the bytes of `range`.
    func bytes(_ range: Range<Int>) -> [UInt8] { unsafe withBytes(range) { unsafe Array($0) } }

    /// SHA-256 of everything.
    func digest() -> [UInt8] { unsafe withBytes(0..<count) { unsafe SHA256.hash($0) } }

    /// Adds everything to a digest of more than one file.
    func update(_ hasher: inout SHA256.Hasher) {
        unsafe withBytes(0..<count) { unsafe hasher.update($0) }
    }
}
