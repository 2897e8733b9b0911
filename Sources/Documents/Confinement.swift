internal import CLibArchive
internal import Glibc
public import ReaderProtocol

/// What a reader process gives up before it looks at a document. Child processes inherit it.
public enum Confinement {
    /// Sets the limits of this process, for good.
    ///
    /// Address space and processor time by `limits`, no core file, 64 open files, no file written;
    /// no privileges by `exec`, death with the parent, and no sockets where the kernel can filter
    /// calls.
    /// - Throws: `.unsupported` where a limit cannot be set; the network filter is not needed.
    public static func apply(_ limits: ReaderLimits) throws(ReaderFault) {
        try set(RLIMIT_AS, limits.memoryBytes)
        // The second limit kills what caught the first one's signal.
        try set(RLIMIT_CPU, limits.cpuSeconds, hard: limits.cpuSeconds + 2)
        try set(RLIMIT_CORE, 0)
        try set(RLIMIT_NOFILE, 64)
        try set(RLIMIT_FSIZE, 0)
        guard tnd_confine_process() == 0 else { throw failed("privileges") }
        _ = tnd_confine_network()
    }

    private static func set(
        _ kind: __rlimit_resource, _ soft: UInt64, hard: UInt64? = nil
    ) throws(ReaderFault) {
        let resource = __rlimit_resource_t(kind.rawValue)
        var current = rlimit()
        guard unsafe getrlimit(resource, &current) == 0 else { throw failed("limits") }
        let top = min(hard ?? soft, UInt64(current.rlim_max))
        var wanted = rlimit(rlim_cur: rlim_t(min(soft, top)), rlim_max: rlim_t(top))
        guard unsafe setrlimit(resource, &wanted) == 0 else { throw failed("limits") }
    }

    private static func failed(_ what: String) -> ReaderFault {
        .unsupported(
            "this system does not let the reader give up its \(what) (error \(errno))",
            hint: "run it on Linux, outside of a sandbox that forbids setrlimit or prctl")
    }
}
