internal import Glibc

/// The calls of the operating system that take a path, for Swift strings. They give what the system
/// gives: negative or non-zero on failure, the reason in `errno`.
enum SystemCalls {
    static func open(_ path: String, _ flags: Int32, mode: mode_t = 0) -> Int32 {
        unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
    }

    static func unlink(_ path: String) -> Int32 { unsafe Glibc.unlink(path) }

    static func rename(_ old: String, _ new: String) -> Int32 { unsafe Glibc.rename(old, new) }

    static func link(_ old: String, _ new: String) -> Int32 { unsafe Glibc.link(old, new) }

    static func makeFolder(_ path: String) -> Int32 { unsafe mkdir(path, 0o700) }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// A path's status; nil on failure.
    static func status(_ path: String) -> stat? {
        var info = stat()
        return unsafe stat(path, &info) == 0 ? info : nil
    }

    /// An open file's status; nil on failure.
    static func status(_ descriptor: Int32) -> stat? {
        var info = stat()
        return unsafe fstat(descriptor, &info) == 0 ? info : nil
    }

    /// Writes some of the bytes; gives how many.
    static func write(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int {
        unsafe bytes.withUnsafeBytes { source in
            unsafe Glibc.write(descriptor, source.baseAddress, source.count)
        }
    }

    /// Reads up to `buffer.count` bytes; gives how many.
    static func read(_ descriptor: Int32, into buffer: inout [UInt8]) -> Int {
        unsafe buffer.withUnsafeMutableBytes { target in
            unsafe Glibc.read(descriptor, target.baseAddress, target.count)
        }
    }

    /// The system's words for an error number.
    static func words(_ code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
