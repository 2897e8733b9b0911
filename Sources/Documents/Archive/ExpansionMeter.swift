internal import ReaderProtocol

/// Counts what comes out of an archive against its limits.
struct ExpansionMeter {
    let limits: ReaderLimits
    private(set) var out: UInt64 = 0

    /// Takes `count` bytes more that came out of `input` bytes.
    ///
    /// - Throws: `.overLimit`.
    mutating func add(_ count: Int, from input: UInt64) throws(ReaderFault) {
        out += UInt64(count)
        guard out <= limits.expandedBytes else {
            throw .overLimit("an archive that unpacks to more than \(limits.expandedBytes) bytes")
        }
        let (most, overflow) = max(1, input).multipliedReportingOverflow(by: limits.expansionRatio)
        guard out <= 10_000_000 || overflow || out <= most else {
            throw .overLimit(
                "an archive that unpacks to more than \(limits.expansionRatio) times its size, "
                    + "as a bomb does")
        }
    }
}
