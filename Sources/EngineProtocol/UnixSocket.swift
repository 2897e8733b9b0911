import Glibc

/// Unix-domain stream sockets, as far as the engine protocol needs them.
public enum UnixSocket {
    /// The file name of the socket in a run folder.
    public static let fileName = "engine.sock"

    /// Listens at `folder`/engine.sock; the folder must exist and should be 0700.
    ///
    /// The path may be longer than a socket address holds: the folder is opened and named through
    /// `/proc/self/fd`.
    public static func listen(inFolder folder: String) throws(EngineProtocolError) -> Int32 {
        let directory = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failure("opening the run folder") }
        defer { close(directory) }
        let descriptor = try make()
        let path = "/proc/self/fd/\(directory)/\(fileName)"
        // Only the owner may connect, whatever the folder's mode says. Linux makes the file with the
        // unbound socket's mode; a umask would hold for all threads of the process.
        let narrowed = fchmod(descriptor, 0o600)
        let bound = unsafe try withAddress(path) { address, size in
            unsafe bind(descriptor, address, size)
        }
        guard narrowed == 0, bound == 0, Glibc.listen(descriptor, 16) == 0 else {
            let error = failure("binding the engine socket")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Connects to the socket at `path` (at most 107 bytes; relative to the working directory).
    public static func connect(to path: String) throws(EngineProtocolError) -> Int32 {
        let descriptor = try make()
        let result = unsafe try withAddress(path) { address, size in
            unsafe Glibc.connect(descriptor, address, size)
        }
        guard result == 0 else {
            let error = failure("connecting to the engine socket")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Waits for the next connection of a process of our own user; nil once the listener was shut
    /// down. Connections of other users are closed at once.
    public static func accept(on listener: Int32) -> Int32? {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            if descriptor < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return nil
            }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            // SO_PEERCRED: pid, uid, gid (unix(7)).
            var credentials: [UInt32] = [0, 0, 0]
            var size = socklen_t(12)
            let known = unsafe credentials.withUnsafeMutableBytes { bytes in
                unsafe getsockopt(
                    descriptor, SOL_SOCKET, SO_PEERCRED, bytes.baseAddress, &size)
            }
            if known == 0, credentials[1] == getuid() { return descriptor }
            close(descriptor)
        }
    }

    private static func make() throws(EngineProtocolError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw failure("making a socket") }
        return descriptor
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(EngineProtocolError) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard !bytes.isEmpty, bytes.count < capacity, !bytes.contains(0) else {
            throw EngineProtocolError(
                .socket, "the socket's path has \(bytes.count) bytes; \(capacity - 1) is the most",
                hint: "give it relative to the working directory")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
            unsafe target.copyBytes(from: bytes)
        }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe body(generic, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func failure(_ doing: String) -> EngineProtocolError {
        EngineProtocolError(
            .socket, "\(doing) failed: errno \(errno)",
            hint: "the run folder must exist, be ours, and hold no other engine.sock")
    }
}
