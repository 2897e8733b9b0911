import Glibc

/// Standard output is data, standard error is for people.
enum Console {
    /// Writes bytes to standard output; a closed pipe ends the program quietly.
    static func write(_ bytes: [UInt8]) {
        writeAll(bytes, to: STDOUT_FILENO)
    }

    /// Writes a line to standard output.
    static func line(_ text: String) { write(printable(text) + [0x0A]) }

    /// Writes a line to standard error.
    static func error(_ text: String) {
        writeAll(printable(text) + [0x0A], to: STDERR_FILENO)
    }

    /// Names of columns and labels come out of files: controls in them must not steer a terminal.
    /// Line ends and tabs are ours.
    static func printable(_ text: String) -> [UInt8] {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x09 }
        if isPlain { return Array(text.utf8) }
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            if scalar == "\n" || scalar == "\t" { return scalar }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: return "?"
            default: return scalar
            }
        }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return Array(String(result).utf8)
    }

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
