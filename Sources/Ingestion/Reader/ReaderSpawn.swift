internal import Glibc

/// Starts the reader process: empty environment, standard input and output, errors to nowhere, no
/// other descriptor, a process group of its own, no signal blocked or ignored.
enum ReaderSpawn {
    static func start(
        path: String, argument: [UInt8], input: Int32, output: Int32
    ) throws(IngestionError) -> pid_t {
        guard let closeFrom = unsafe closeFrom else {
            throw failure("this system's C library is too old", hint: "glibc 2.34 is needed")
        }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        _ = unsafe closeFrom(&actions, 3)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags =
            Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGDEF)
            | Int32(POSIX_SPAWN_SETSIGMASK)
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        var argv = unsafe [strdup(path), strdup(String(decoding: argument, as: UTF8.self))]
        defer { unsafe argv.forEach { unsafe free($0) } }
        unsafe argv.append(nil)
        let environment: [UnsafeMutablePointer<CChar>?] = unsafe [nil]
        var child: pid_t = 0
        let result = unsafe posix_spawn(&child, path, &actions, &attributes, argv, environment)
        guard result == 0 else {
            throw failure(
                "\(ReaderExecutable.name) cannot be started: \(SystemError.text(result))",
                hint: "check that '\(path)' is a program of this machine")
        }
        return child
    }

    /// A pipe whose ends are both close-on-exec.
    static func pipe() throws(IngestionError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else {
            throw failure("no pipe could be made", hint: "too many files are open (ulimit -n)")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func failure(_ message: String, hint: String) -> IngestionError {
        IngestionError(.readerMissing, message, hint: hint)
    }

    private typealias CloseFrom =
        @convention(c) (
            UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32
        ) -> Int32

    /// A GNU addition to posix_spawn(3) that the Glibc module leaves out, since it is built
    /// without `_GNU_SOURCE`.
    private static var closeFrom: CloseFrom? {
        unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map {
            unsafe unsafeBitCast($0, to: CloseFrom.self)
        }
    }
}
