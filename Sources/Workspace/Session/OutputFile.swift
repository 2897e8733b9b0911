import Glibc

/// A file that is written piece by piece and appears under its name only when it is whole.
final class OutputFile {
    private let path: String
    private let descriptor: Int32
    private var isFinished = false

    /// Opens a temporary file that only its owner may read.
    init(_ path: String) throws {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw WorkspaceError(
                .failed, "cannot write \(path): \(errnoText())",
                hint: "check that its folder exists and that you may write there")
        }
    }

    deinit {
        close(descriptor)
        if !isFinished { unsafe unlink(path) }
    }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written)
            }
            guard count > 0 else {
                throw WorkspaceError(.failed, "cannot write \(path): \(errnoText())")
            }
            written += count
        }
    }

    /// Makes the file durable and gives it its name.
    func finish(as name: String) throws {
        fsync(descriptor)
        guard unsafe rename(path, name) == 0 else {
            throw WorkspaceError(.failed, "cannot write \(name): \(errnoText())")
        }
        isFinished = true
    }
}
