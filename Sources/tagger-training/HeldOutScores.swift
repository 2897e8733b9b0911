import Redaction

/// How well a tagger does on examples: characters missed and taken too many, spans found.
struct HeldOutScores {
    var goldBytes = 0
    var missedBytes = 0
    var otherBytes = 0
    var extraBytes = 0
    var goldSpans = 0
    var foundSpans = 0
    var predictedSpans = 0
    var rightSpans = 0
    var missedByKind: [String: (missed: Int, all: Int)] = [:]

    /// Compares the findings in `example` with its entities.
    mutating func add(_ example: Example, _ findings: [Finding]) {
        var gold = [Bool](repeating: false, count: example.text.count)
        var found = gold
        for entity in example.entities { for at in entity.range { gold[at] = true } }
        for finding in findings { for at in finding.range { found[at] = true } }
        for at in gold.indices {
            if gold[at] {
                goldBytes += 1
                if !found[at] { missedBytes += 1 }
            } else {
                otherBytes += 1
                if found[at] { extraBytes += 1 }
            }
        }
        for (range, kind) in example.entities {
            let missed = range.count { !found[$0] }
            missedByKind[kind.code, default: (0, 0)].missed += missed
            missedByKind[kind.code, default: (0, 0)].all += range.count
            goldSpans += 1
            if findings.contains(where: { Self.overlap($0.range, range) >= 0.5 }) {
                foundSpans += 1
            }
        }
        predictedSpans += findings.count
        rightSpans += findings.count { finding in
            example.entities.contains { Self.overlap($0.range, finding.range) >= 0.5 }
        }
    }

    private static func overlap(_ a: Range<Int>, _ b: Range<Int>) -> Double {
        let both = a.clamped(to: b).count
        return Double(both)
            / Double(max(a.upperBound, b.upperBound) - min(a.lowerBound, b.lowerBound))
    }

    var leak: Double { Double(missedBytes) / Double(max(goldBytes, 1)) }
    var over: Double { Double(extraBytes) / Double(max(otherBytes, 1)) }
    /// Recall weighs four times as much as precision.
    var f2: Double {
        let recall = Double(foundSpans) / Double(max(goldSpans, 1))
        let precision = Double(rightSpans) / Double(max(predictedSpans, 1))
        return recall + precision > 0 ? 5 * precision * recall / (4 * precision + recall) : 0
    }
}
