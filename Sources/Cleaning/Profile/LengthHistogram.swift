internal import Records

/// Lengths in buckets: exact below 64, within 1/32 above. Merging is adding.
///
/// The layout is that of an HDR histogram: 32 buckets for each power of two.
struct LengthHistogram: Sendable, Hashable {
    private var buckets: [UInt64] = []
    private(set) var count: UInt64 = 0
    private(set) var sum: UInt64 = 0
    private(set) var minimum = Int.max
    private(set) var maximum = 0

    /// Notes one length.
    mutating func add(_ length: Int) {
        let bucket = Self.bucket(of: length)
        if bucket >= buckets.count {
            buckets.append(contentsOf: repeatElement(0, count: bucket + 1 - buckets.count))
        }
        buckets[bucket] += 1
        count += 1
        sum += UInt64(length)
        minimum = min(minimum, length)
        maximum = max(maximum, length)
    }

    /// Adds the lengths of another part of the data.
    mutating func merge(_ other: LengthHistogram) {
        if other.buckets.count > buckets.count {
            buckets.append(
                contentsOf: repeatElement(0, count: other.buckets.count - buckets.count))
        }
        for (index, value) in other.buckets.enumerated() { buckets[index] += value }
        count += other.count
        sum += other.sum
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
    }

    /// The length that a share `q` of all does not exceed, at most 1/32 too low.
    func quantile(_ q: Double) -> Int {
        guard count > 0 else { return 0 }
        let rank = max(1, UInt64((q * Double(count)).rounded(.up)))
        var seen: UInt64 = 0
        for (index, value) in buckets.enumerated() {
            seen += value
            if seen >= rank { return max(minimum, min(maximum, Self.lowest(in: index))) }
        }
        return maximum
    }

    /// The mean length.
    var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

    /// At most about thirty classes for a plot: lengths from `low` to below `high`. Four classes for
    /// each doubling, of equal width if all lengths are below 32.
    var classes: [(low: Int, high: Int, count: UInt64)] {
        guard count > 0 else { return [] }
        var edges: [Int] = []
        if maximum < 32 {
            edges = Array(minimum...maximum + 1)
        } else {
            var edge = 8
            edges = [0, 2, 4, 6]
            while edge <= maximum {
                for quarter in 4..<8 { edges.append(edge / 4 * quarter) }
                edge *= 2
            }
            edges.append(edge)
            while edges.count > 2, edges[1] <= minimum { edges.removeFirst() }
            while edges.count > 2, edges[edges.count - 2] > maximum { edges.removeLast() }
            // Longer ranges: two classes for each doubling, or one.
            while edges.count > 33 {
                edges = edges.enumerated().filter {
                    $0.offset % 2 == 0 || $0.offset == edges.count - 1
                }.map(\.element)
            }
        }
        var result = zip(edges, edges.dropFirst()).map { (low: $0, high: $1, count: UInt64(0)) }
        for (index, number) in buckets.enumerated() where number > 0 {
            let length = Self.lowest(in: index)
            let place = result.lastIndex { $0.low <= length } ?? 0
            result[place].count += number
        }
        return result
    }

    private static func bucket(of length: Int) -> Int {
        if length < 64 { return length }
        let exponent = Int.bitWidth - 1 - length.leadingZeroBitCount
        return 64 + (exponent - 6) * 32 + (length >> (exponent - 5)) - 32
    }

    private static func lowest(in bucket: Int) -> Int {
        if bucket < 64 { return bucket }
        let exponent = (bucket - 64) / 32 + 6
        return ((bucket - 64) % 32 + 32) << (exponent - 5)
    }

    /// `{"min", "p10", "p50", "p90", "p99", "max", "mean"}`
    var json: JSONValue {
        guard count > 0 else { return .null }
        return [
            "min": .integer(minimum), "p10": .integer(quantile(0.1)),
            "p50": .integer(quantile(0.5)), "p90": .integer(quantile(0.9)),
            "p99": .integer(quantile(0.99)), "max": .integer(maximum),
            "mean": .double((mean * 10).rounded() / 10),
        ]
    }
}
