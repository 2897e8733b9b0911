/// Records whose sketches agree in a band, band by band.
struct BandBuckets: Sendable {
    /// The members of all buckets of two or more, one bucket after the other, each ascending.
    private(set) var members: [UInt32] = []
    /// Where each bucket ends in ``members``.
    private(set) var ends: [Int] = []
    /// How many buckets there are up to the end of each band.
    private(set) var bandEnds: [Int] = []

    /// Sorts each band. `keys` has `bands` keys for each of `count` records.
    ///
    /// Memory while it works: 16 bytes a record. Complexity: O(bands · count).
    init(keys: [UInt32], count: Int, bands: Int) {
        var pairs = [UInt64](repeating: 0, count: count)
        var spare = pairs
        for band in 0..<bands {
            for index in 0..<count {
                pairs[index] = UInt64(keys[index * bands + band]) << 32 | UInt64(index)
            }
            Self.sort(&pairs, &spare)
            var start = 0
            while start < count {
                let key = pairs[start] >> 32
                var end = start + 1
                while end < count, pairs[end] >> 32 == key { end += 1 }
                if end > start + 1 {
                    for index in start..<end {
                        members.append(UInt32(truncatingIfNeeded: pairs[index]))
                    }
                    ends.append(members.count)
                }
                start = end
            }
            bandEnds.append(ends.count)
        }
    }

    /// Sorts by the upper 32 bits, keeping the order of equal ones: radix sort in three rounds of
    /// 11 bits, into `spare` and back.
    private static func sort(_ pairs: inout [UInt64], _ spare: inout [UInt64]) {
        guard pairs.count > 2048 else {
            pairs.sort()
            return
        }
        for shift: UInt64 in [32, 43, 54] {
            var starts = [Int](repeating: 0, count: 2048)
            for pair in pairs { starts[Int(pair >> shift & 0x7FF)] += 1 }
            var sum = 0
            for digit in starts.indices { (starts[digit], sum) = (sum, sum + starts[digit]) }
            for pair in pairs {
                let digit = Int(pair >> shift & 0x7FF)
                spare[starts[digit]] = pair
                starts[digit] += 1
            }
            swap(&pairs, &spare)
        }
    }
}
