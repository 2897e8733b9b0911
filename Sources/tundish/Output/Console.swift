import Glibc

/// Standard output is data, standard error is for people.
enum Console {
    /// Writes bytes to standard output; a closed pipe ends the program quietly.
    static func write(_ bytes: [UInt8]) {
        writeAll(bytes, to: STDOUT_FILENO)
    }

    /// Writes a line to standard output.
    static func line(_ text: String) { write(Array(text.utf8) + [0x0A]) }

    /// Writes a line to standard error.
    static func error(_ text: String) { writeAll(Array(text.utf8) + [0x0A], to: STDERR_FILENO) }

    /// Writes text to standard error as it is: progress.
    static func progress(_ text: String) { writeAll(Array(text.utf8), to: STDERR_FILENO) }

    /// Whether standard error is a terminal, where progress may be drawn over itself.
    static let isTerminal = isatty(STDERR_FILENO) == 1

    /// The next bytes of standard input; nil at its end.
    static func readChunk() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe read(STDIN_FILENO, $0.baseAddress, $0.count)
        }
        guard count > 0 else { return nil }
        buffer.removeLast(buffer.count - count)
        return buffer
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written)
            }
            if count <= 0 {
                if errno == EINTR { continue }
                exit(1)
            }
            written += count
        }
    }
}
