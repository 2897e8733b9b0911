import Glibc

extension EngineProcess {
    static func spawn(
        path: String, arguments: [String], environment: [String: String], folder: String,
        pipes: Pipes
    ) throws(HandoffError) -> pid_t {
        guard let additions = unsafe SpawnAdditions.find() else {
            pipes.closeAll()
            throw HandoffError(
                .startFailed, "this system's C library is too old to start an engine",
                hint: "glibc 2.34 or later is needed")
        }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, pipes.input.0, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, pipes.output.1, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, pipes.error.1, 2)
        _ = unsafe additions.changeFolder(&actions, folder)
        _ = unsafe additions.closeFrom(&actions, 3)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        // A group of its own, so that its children are stopped with it.
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags =
            Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGDEF)
            | Int32(POSIX_SPAWN_SETSIGMASK)
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        var argv = unsafe ([path] + arguments).map { unsafe strdup($0) }
        var envp = unsafe environment.sorted { $0.key < $1.key }.map {
            unsafe strdup("\($0.key)=\($0.value)")
        }
        defer { unsafe (argv + envp).forEach { unsafe free($0) } }
        unsafe argv.append(nil)
        unsafe envp.append(nil)
        var child: pid_t = 0
        var result = unsafe posix_spawn(&child, path, &actions, &attributes, argv, envp)
        // A file that was just written counts as busy while a child that another thread is about to
        // start still holds it open: that lasts until its exec.
        for _ in 0..<40 where result == ETXTBSY {
            usleep(25_000)
            result = unsafe posix_spawn(&child, path, &actions, &attributes, argv, envp)
        }
        guard result == 0 else {
            pipes.closeAll()
            throw HandoffError(
                .startFailed, "the engine could not be started: errno \(result)",
                hint: "check that \(path) is an executable of this machine, or a script with '#!'")
        }
        return child
    }
}

/// Two GNU additions to posix_spawn(3) that the Glibc module leaves out, since it is built without
/// `_GNU_SOURCE`.
@unsafe private struct SpawnAdditions {
    typealias ChangeFolder =
        @convention(c) (
            UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>
        ) -> Int32
    typealias CloseFrom =
        @convention(c) (
            UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32
        ) -> Int32

    let changeFolder: ChangeFolder
    let closeFrom: CloseFrom

    static func find() -> SpawnAdditions? {
        guard let change = unsafe dlsym(nil, "posix_spawn_file_actions_addchdir_np"),
            let close = unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
        else { return nil }
        return unsafe SpawnAdditions(
            changeFolder: unsafeBitCast(change, to: ChangeFolder.self),
            closeFrom: unsafeBitCast(close, to: CloseFrom.self))
    }
}
