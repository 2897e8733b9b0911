import Cryptography
import Glibc

/// A file that is read in pieces, so that memory stays flat however large it is.
final class FilePieces {
    private let path: String
    private let descriptor: Int32
    /// Its length in bytes when it was opened.
    let size: Int

    /// Opens a regular file; a link is followed, as model caches are made of links.
    init(_ path: String) throws {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw WorkspaceError(
                errno == ENOENT ? .notFound : .failed, "cannot open \(path): \(errnoText())")
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw WorkspaceError(.failed, "\(path) is not a file")
        }
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Gives all bytes from the beginning, a mebibyte at a time.
    func forEach(_ body: ([UInt8]) throws -> Void) throws {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw WorkspaceError(.failed, "cannot read \(path): \(errnoText())")
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw WorkspaceError(.failed, "cannot read \(path): \(errnoText())")
            }
            if count == 0 { return }
            try body(Array(buffer[0..<count]))
        }
    }

    /// SHA-256 of all bytes.
    func digest() throws -> [UInt8] {
        var hasher = SHA256.Hasher()
        try forEach { hasher.update($0) }
        return hasher.finalize()
    }
}
