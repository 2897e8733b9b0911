/// How overlapping findings become a list without overlaps.
///
/// The rule, once and for all:
/// 1. Findings are ranked: a valid checksum first, then what a field's name says of the whole
///    value, then the policy's own recognisers, then all others; within these the longer, then the
///    higher score, then the earlier, then the type's name, then the detector's.
/// 2. In that order each finding takes the bytes that no better one has taken. What is contained in
///    better findings is dropped.
/// 3. A finding that is partly taken keeps its remaining pieces, trimmed to letters and digits;
///    pieces without any are dropped. So every letter and digit that some finding covered stays
///    covered ("union for redaction, vote for the label").
/// 4. Touching pieces of one type are merged.
public enum OverlapRule {
    /// Resolves findings over a text; the result is sorted, never overlaps, and covers every letter
    /// and digit that `findings` cover.
    ///
    /// - Complexity: O(k log k) for k findings, and quadratic only in the number of findings that
    ///   hang together by overlapping, which is small for any text.
    public static func resolve(_ findings: [Finding], in text: [UInt8]) -> [Finding] {
        guard findings.count > 1 else { return findings }
        let sorted = findings.sorted { $0.range.lowerBound < $1.range.lowerBound }
        var result: [Finding] = []
        result.reserveCapacity(sorted.count)
        var first = 0
        var end = 0
        for (k, finding) in sorted.enumerated() {
            if k > first, finding.range.lowerBound >= end {
                result += resolved(sorted[first..<k], in: text)
                first = k
            }
            end = max(end, finding.range.upperBound)
        }
        result += resolved(sorted[first...], in: text)
        return merged(result)
    }

    /// Resolves findings that hang together; sorted by place.
    private static func resolved(_ group: ArraySlice<Finding>, in text: [UInt8]) -> [Finding] {
        if group.count == 1 { return Array(group) }
        var taken = Spans()
        for finding in group.sorted(by: isBetter) {
            let gaps = taken.gaps(in: finding.range)
            for gap in gaps {
                var piece = finding
                if gap != finding.range {
                    guard let trimmed = trim(gap, in: text) else { continue }
                    piece.range = trimmed
                }
                taken.insert(piece)
            }
        }
        return taken.findings
    }

    /// Whether `a` ranks before `b`: a total order on distinct findings.
    static func isBetter(_ a: Finding, _ b: Finding) -> Bool {
        let (ra, rb) = (rank(a), rank(b))
        if ra != rb { return ra > rb }
        if a.range.count != b.range.count { return a.range.count > b.range.count }
        if a.score != b.score { return a.score > b.score }
        if a.range.lowerBound != b.range.lowerBound {
            return a.range.lowerBound < b.range.lowerBound
        }
        if a.type != b.type { return a.type < b.type }
        return a.detector < b.detector
    }

    /// What stands behind a finding, the stronger the higher. One number for each finding, so that
    /// the order stays total: "before learned ones only" could run in a circle.
    private static func rank(_ finding: Finding) -> Int {
        switch finding.validation {
        case .checksumValid: 3
        case .context where finding.detector == Redactor.fieldDetector: 2
        case .policy: 1
        case .none, .context, .checksumInvalid: 0
        }
    }

    /// The part of `range` from its first to its last letter or digit; nil when it has none.
    private static func trim(_ range: Range<Int>, in text: [UInt8]) -> Range<Int>? {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, !text[start].isWord { start += 1 }
        while end > start, !text[end - 1].isWord { end -= 1 }
        return start < end ? start..<end : nil
    }

    private static func merged(_ sorted: [Finding]) -> [Finding] {
        var result: [Finding] = []
        result.reserveCapacity(sorted.count)
        for finding in sorted {
            if let last = result.last, last.type == finding.type,
                last.range.upperBound == finding.range.lowerBound
            {
                let better = isBetter(last, finding) ? last : finding
                var joined = better
                joined.range = last.range.lowerBound..<finding.range.upperBound
                joined.score = max(last.score, finding.score)
                result[result.count - 1] = joined
            } else {
                result.append(finding)
            }
        }
        return result
    }

    /// Disjoint findings, sorted by place.
    private struct Spans {
        private(set) var findings: [Finding] = []

        /// The index of the first finding that ends after `position`.
        private func firstEnding(after position: Int) -> Int {
            var low = 0
            var high = findings.count
            while low < high {
                let middle = (low + high) / 2
                if findings[middle].range.upperBound <= position {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            return low
        }

        func gaps(in range: Range<Int>) -> [Range<Int>] {
            var k = firstEnding(after: range.lowerBound)
            var position = range.lowerBound
            var result: [Range<Int>] = []
            while k < findings.count, findings[k].range.lowerBound < range.upperBound {
                if findings[k].range.lowerBound > position {
                    result.append(position..<findings[k].range.lowerBound)
                }
                position = findings[k].range.upperBound
                k += 1
            }
            if position < range.upperBound { result.append(position..<range.upperBound) }
            return result
        }

        mutating func insert(_ finding: Finding) {
            findings.insert(finding, at: firstEnding(after: finding.range.lowerBound))
        }
    }
}
