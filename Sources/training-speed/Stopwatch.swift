import Glibc

/// Processor seconds of this process (all threads) and wall-clock seconds since a moment.
struct Stopwatch {
    private let cpuStart = Self.seconds(CLOCK_PROCESS_CPUTIME_ID)
    private let wallStart = Self.seconds(CLOCK_MONOTONIC)

    var cpu: Double { Self.seconds(CLOCK_PROCESS_CPUTIME_ID) - cpuStart }
    var wall: Double { Self.seconds(CLOCK_MONOTONIC) - wallStart }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

extension [Double] {
    /// The middle one, the upper of two; 0 of none.
    var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}
