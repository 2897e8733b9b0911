import EngineProtocol
import Glibc
import Records

/// Puts candidates in order. `docs/model-advise.md` has the weights and says why.
struct Ranking {
    /// One part of a score.
    struct Part: Sendable, Hashable {
        var name: String
        /// 0 … 1
        var value: Double
        var weight: Double
    }

    /// A candidate with its score; nil: it cannot be used.
    struct Ranked {
        var candidate: Candidate
        var parts: [Part]

        /// The weighted mean of the parts.
        var score: Double? {
            guard candidate.isUsable else { return nil }
            let weight = parts.reduce(0) { $0 + $1.weight }
            return weight == 0 ? 0 : parts.reduce(0) { $0 + $1.value * $1.weight } / weight
        }
    }

    /// Best first; those that cannot be used come last, by name.
    let ranked: [Ranked]

    init(_ candidates: [Candidate]) {
        let usable = candidates.filter(\.isUsable)
        let seconds = usable.compactMap { $0.suggestion?.plan?.seconds }.min()
        let words = usable.compactMap { $0.lengths?.tokensPerWord }.filter { $0 > 0 }.min()
        let largest = usable.compactMap(\.parameters).max()
        ranked = candidates.map { candidate in
            var parts: [Part] = []
            if let probe = candidate.probe {
                parts.append(Part(name: "probe", value: probe.macroF1, weight: 5))
            } else if let own = candidate.parameters, let largest, own > 0 {
                // Larger models know more; how much more, only a probe can tell.
                parts.append(
                    Part(
                        name: "size", value: log(Double(own)) / log(Double(max(3, largest))),
                        weight: 1))
            }
            if let lengths = candidate.lengths, let context = candidate.context {
                parts.append(
                    Part(
                        name: "context", value: 1 - lengths.share(longerThan: context), weight: 2))
            }
            if let own = candidate.lengths?.tokensPerWord, own > 0, let words {
                let spelled = 1 - min(1, 10 * (candidate.lengths?.unknownShare ?? 0))
                parts.append(Part(name: "vocabulary", value: words / own * spelled, weight: 1))
            }
            parts.append(
                Part(
                    name: "licence", value: [0, 0.5, 1][candidate.licence.rawValue], weight: 1))
            if let own = candidate.suggestion?.plan?.seconds, let seconds, own > 0, seconds > 0 {
                // Twice as long: 0.8; sixteen times: 0.5.
                parts.append(
                    Part(name: "time", value: 1 / (1 + log2(own / seconds) / 4), weight: 1))
            }
            if let plan = candidate.suggestion?.plan, let available = plan.availableBytes,
                available > 0
            {
                let share = Double(plan.peakBytes) / Double(available)
                parts.append(Part(name: "memory", value: max(0, 1 - share), weight: 0.5))
            }
            return Ranked(candidate: candidate, parts: parts)
        }.sorted { left, right in
            switch (left.score, right.score) {
            case (let one?, let other?) where one != other: one > other
            case (.some, nil): true
            case (nil, .some): false
            default: left.candidate.name < right.candidate.name
            }
        }
    }
}

extension Candidate {
    /// Why it stands where it stands, a sentence each.
    func reasons(among others: [Candidate]) -> [String] {
        if let misfit { return [misfit] }
        var reasons: [String] = []
        if let probe {
            reasons.append(
                "probe: accuracy \(MetricsTable.fixed(probe.accuracy)), macro F1 "
                    + "\(MetricsTable.fixed(probe.macroF1)) on \(probe.count) records, nothing tuned"
            )
        }
        if let lengths {
            let longer = context.map { lengths.share(longerThan: $0) } ?? 0
            reasons.append(
                "texts have \(lengths.percentile(0.5)) tokens, 95 % at most "
                    + "\(lengths.percentile(0.95))"
                    + (longer > 0
                        ? ": \(MetricsTable.fixed(100 * longer, 1)) % are longer than its "
                            + "\(context ?? 0) and would be cut" : ""))
            let best = others.compactMap { $0.lengths?.tokensPerWord }.filter { $0 > 0 }.min()
            if let best, lengths.tokensPerWord > 1.3 * best {
                reasons.append(
                    "\(MetricsTable.fixed(lengths.tokensPerWord, 2)) tokens a word against "
                        + "\(MetricsTable.fixed(best, 2)): made for another language or field")
            }
            if lengths.unknownShare > 0.005 {
                reasons.append(
                    "\(MetricsTable.fixed(100 * lengths.unknownShare, 1)) % of the tokens are "
                        + "unknown to it")
            }
        }
        reasons.append(licence.reason(licenceName))
        if suggestion == nil { reasons.append("no method can be done with it here") }
        return reasons + notes
    }
}
