import Glibc

/// Memory of this process.
public enum Memory {
    /// Bytes in memory now: the second number of /proc/self/statm, in pages.
    public static var residentBytes: Int {
        let numbers = read("/proc/self/statm").split(separator: " ")
        guard numbers.count > 1, let pages = Int(numbers[1]) else { return 0 }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// The most bytes that were in memory at once so far.
    public static var peakBytes: Int { kilobytes("VmHWM:", in: "/proc/self/status") }

    /// Bytes that the machine could still give.
    public static var availableBytes: Int { kilobytes("MemAvailable:", in: "/proc/meminfo") }

    private static func kilobytes(_ name: String, in file: String) -> Int {
        for line in read(file).split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split(separator: " ")
            return words.count > 1 ? (Int(words[1]) ?? 0) * 1024 : 0
        }
        return 0
    }

    private static func read(_ path: String) -> String {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = unsafe Glibc.read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
