internal import Glibc
internal import ReaderProtocol

/// A program that reads its input and writes text, run in a process of its own within limits.
///
/// Input comes from a descriptor or, through a pipe, from memory: no clear file is written. The
/// child keeps nothing of ours open, writes no files, dumps no core, and is killed at the deadline.
struct ToolProcess {
    /// What came of it.
    struct Result {
        /// The exit status; nil where a signal ended it.
        var status: Int32?
        var output: [UInt8]
        /// The first of what it complained; never shown, only searched for known words.
        var complaint: [UInt8]
    }

    /// Where its input comes from.
    enum Input {
        case descriptor(Int32)
        case bytes(DocumentBytes)
    }

    let limits: ReaderLimits
    /// The longest output in bytes.
    let most: Int

    /// Runs `name` (looked for in the usual folders) with arguments.
    ///
    /// - Returns: nil where there is no such program.
    /// - Throws: `.overLimit` at the deadline or beyond the longest output.
    func run(
        _ name: String, _ arguments: [String], _ input: Input
    ) throws(ReaderFault) -> Result? {
        let folders = ["/usr/bin", "/usr/local/bin", "/bin", "/opt/homebrew/bin"]
        let path = folders.map { "\($0)/\(name)" }.first { path in
            unsafe path.withCString { unsafe access($0, X_OK) } == 0
        }
        guard let path else { return nil }
        let (output, complaint) = (try Pipe(), try Pipe())
        let feed: Pipe?
        let standardInput: Int32
        switch input {
        case .descriptor(let descriptor):
            _ = lseek(descriptor, 0, SEEK_SET)
            (feed, standardInput) = (nil, descriptor)
        case .bytes:
            let pipe = try Pipe()
            (feed, standardInput) = (pipe, pipe.reading)
        }
        let child = spawn(
            "/bin/sh", ["sh", "-c", confinement, path] + arguments,
            [(standardInput, 0), (output.writing, 1), (complaint.writing, 2)])
        guard let child else {
            throw .malformed("\(name) could not be started", hint: "try it again")
        }
        output.closeWriting()
        complaint.closeWriting()
        feed?.closeReading()
        var bytes: DocumentBytes?
        if case .bytes(let all) = input { bytes = all }
        let exchanged = exchange(feed: feed, bytes, output: output, complaint: complaint)
        if exchanged.fault != nil { kill(child, SIGKILL) }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        if let fault = exchanged.fault { throw fault }
        // The lower seven bits hold the signal (POSIX <sys/wait.h>).
        return Result(
            status: status & 0x7F == 0 ? status >> 8 & 0xFF : nil, output: exchanged.output,
            complaint: exchanged.complaint)
    }

    // MARK: The child

    private func spawn(
        _ path: String, _ arguments: [String], _ descriptors: [(Int32, Int32)]
    ) -> pid_t? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (from, to) in descriptors where from != to {
            unsafe posix_spawn_file_actions_adddup2(&actions, from, to)
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Signals that this process ignores end the child as they should.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe sigaddset(&signals, SIGXFSZ)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var argv = unsafe Self.strings(arguments)
        var environment = unsafe Self.strings(["LC_ALL=C.UTF-8"])
        defer {
            unsafe argv.forEach { unsafe free($0) }
            unsafe environment.forEach { unsafe free($0) }
        }
        var child: pid_t = 0
        let failure = unsafe posix_spawn(
            &child, path, &actions, &attributes, &argv, &environment)
        return failure == 0 ? child : nil
    }

    /// C strings to be freed, and the nil that ends them.
    private static func strings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var out: [UnsafeMutablePointer<CChar>?] = unsafe []
        for text in texts { unsafe out.append(strdup(text)) }
        unsafe out.append(nil)
        return unsafe out
    }

    /// Sets limits and becomes the program that is the first argument. What this process was given
    /// already, the child has from the start, so a limit that cannot be set is already lower.
    private var confinement: String {
        let memory = limits.memoryBytes / 1024
        return "ulimit -c 0; ulimit -f 0; ulimit -n 32; ulimit -t \(limits.cpuSeconds); "
            + "ulimit -v \(memory); exec \"$0\" \"$@\""
    }

    // MARK: Pipes

    private struct Exchange {
        var output: [UInt8] = []
        var complaint: [UInt8] = []
        var fault: ReaderFault?
    }

    /// Feeds and reads until the child closes its ends.
    private func exchange(
        feed: Pipe?, _ bytes: DocumentBytes?, output: Pipe, complaint: Pipe
    ) -> Exchange {
        var done = Exchange()
        var fed = 0
        var (isOutputOpen, isComplaintOpen) = (true, true)
        let deadline = Self.now() + Int64(clamping: min(limits.cpuSeconds, 3600)) * 1000
        if bytes?.count == 0 { feed?.closeWriting() }
        while isOutputOpen || isComplaintOpen {
            var polled = [
                pollfd(fd: isOutputOpen ? output.reading : -1, events: Int16(POLLIN), revents: 0),
                pollfd(
                    fd: isComplaintOpen ? complaint.reading : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: feed?.openWriting ?? -1, events: Int16(POLLOUT), revents: 0),
            ]
            let left = deadline - Self.now()
            guard left > 0 else {
                done.fault = .overLimit(
                    "the text could not be read within \(limits.cpuSeconds) seconds")
                return done
            }
            let count = nfds_t(polled.count)
            let ready = unsafe poll(&polled, count, Int32(clamping: left))
            if ready < 0 && errno != EINTR { return done }
            if polled[0].revents != 0 { isOutputOpen = output.read(into: &done.output) }
            if done.output.count > most {
                done.fault = .overLimit("more than \(most) bytes of text")
                return done
            }
            if polled[1].revents != 0 {
                var more: [UInt8] = []
                isComplaintOpen = complaint.read(into: &more)
                done.complaint += more.prefix(max(0, 65_536 - done.complaint.count))
            }
            if polled[2].revents != 0, let bytes, let feed {
                fed += feed.write(bytes, from: fed)
                if fed >= bytes.count || polled[2].revents & Int16(POLLERR) != 0 {
                    feed.closeWriting()
                }
            }
        }
        return done
    }

    private static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// A pipe whose ends close with it, and that no child inherits by accident.
private final class Pipe {
    private(set) var reading: Int32
    private(set) var writing: Int32
    /// The end to write to, while it is open.
    var openWriting: Int32? { writing >= 0 ? writing : nil }

    init() throws(ReaderFault) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else {
            throw .malformed("no pipe could be made (error \(errno))", hint: "try it again")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        closeReading()
        closeWriting()
    }

    func closeReading() {
        if reading >= 0 { close(reading) }
        reading = -1
    }

    func closeWriting() {
        if writing >= 0 { close(writing) }
        writing = -1
    }

    /// Takes what is there; false at the end.
    func read(into out: inout [UInt8]) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        let count = unsafe chunk.withUnsafeMutableBytes {
            unsafe Glibc.read(reading, $0.baseAddress, $0.count)
        }
        if count > 0 { out += chunk[..<count] }
        return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN))
    }

    /// Writes what the pipe takes at once: at most its buffer, so that we never wait for long.
    func write(_ bytes: DocumentBytes, from start: Int) -> Int {
        let flags = fcntl(writing, F_GETFL)
        _ = fcntl(writing, F_SETFL, flags | O_NONBLOCK)
        return unsafe bytes.withUnsafeBytes { all -> Int in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: all[start...])
            let count = unsafe Glibc.write(writing, rest.baseAddress, min(rest.count, 256 << 10))
            if count < 0, errno != EAGAIN, errno != EINTR { closeWriting() }
            return max(0, count)
        }
    }
}
