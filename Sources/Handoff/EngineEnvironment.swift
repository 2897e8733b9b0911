import Glibc

/// The environment that an engine gets: nothing of ours but what it needs to run fast and alone.
enum EngineEnvironment {
    /// - Parameters:
    ///   - folder: the run folder, which serves as home and for temporary files.
    ///   - threads: 0 leaves the number to the engine.
    static func variables(folder: String, threads: Int) -> [String: String] {
        var variables = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder,
            // One thread inside OpenBLAS: the bundled engine splits the work itself.
            "OPENBLAS_NUM_THREADS": "1",
        ]
        if threads > 0 { variables["OMP_NUM_THREADS"] = String(threads) }
        if let core = coreType(flags: processorFlags()) {
            variables["OPENBLAS_CORETYPE"] = core
        }
        return variables
    }

    /// The OpenBLAS kernel set for a processor's flags. OpenBLAS up to 0.3.21 takes processors that
    /// it does not know for a Prescott, ten times too slow, unless it is told.
    static func coreType(flags: Set<String>) -> String? {
        let skylake: Set<String> = ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"]
        if flags.isSuperset(of: skylake) { return "SkylakeX" }
        if flags.isSuperset(of: ["avx2", "fma"]) { return "Haswell" }
        return nil
    }

    /// The first `flags` line of /proc/cpuinfo; empty on other architectures.
    private static func processorFlags() -> Set<String> {
        let descriptor = unsafe open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe read(descriptor, bytes.baseAddress, bytes.count)
        }
        let text = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("flags") }
        guard let flags = line?.split(separator: ":").last else { return [] }
        return Set(flags.split(separator: " ").map(String.init))
    }
}
