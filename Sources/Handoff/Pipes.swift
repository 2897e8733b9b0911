import Glibc

/// Three pipes, all ends close-on-exec.
struct Pipes {
    let input: (Int32, Int32)
    let output: (Int32, Int32)
    let error: (Int32, Int32)

    init() throws(HandoffError) {
        input = try Self.make()
        output = try Self.make()
        error = try Self.make()
    }

    func closeChildEnds() {
        for end in [input.0, output.1, error.1] { close(end) }
    }

    func closeAll() {
        closeChildEnds()
        for end in [input.1, output.0, error.0] { close(end) }
    }

    private static func make() throws(HandoffError) -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else {
            throw HandoffError(
                .startFailed, "no pipe could be made: errno \(errno)",
                hint: "too many files may be open (ulimit -n)")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
