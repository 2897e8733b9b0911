import Glibc
import Workspace

/// A file read in chunks.
final class InputStream {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw WorkspaceError(.notFound, "there is no readable file \(path)")
        }
    }

    deinit { close(descriptor) }

    /// The next bytes; nil at the end.
    func readChunk() throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe read(descriptor, $0.baseAddress, $0.count)
        }
        guard count >= 0 else { throw WorkspaceError(.failed, "cannot read \(path)") }
        if count == 0 { return nil }
        buffer.removeLast(buffer.count - count)
        return buffer
    }
}
