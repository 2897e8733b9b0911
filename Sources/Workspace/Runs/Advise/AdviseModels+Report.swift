import EngineProtocol
import Records

/// What was found, for people and for programs.
extension AdviseModels {
    func report(_ ranking: Ranking, sample: TextSample?, task: EngineTask) -> Report {
        let all = ranking.ranked.map(\.candidate)
        let languages = sample?.languages ?? []
        var lines = [
            "\(sample?.recordCount ?? 0) records for \(task.rawValue)"
                + (languages.isEmpty
                    ? ""
                    : ", in "
                        + languages.prefix(3).map {
                            "\($0.language) \(Int((100 * $0.share).rounded())) %"
                        }.joined(separator: ", "))
        ]
        lines += TextTable.lines(
            [["", "model", "score", "method", "memory", "time"]]
                + ranking.ranked.enumerated().flatMap { rows($1, place: $0 + 1) })
        for ranked in ranking.ranked {
            lines.append("\(ranked.candidate.name): \(ModelText.summary(ranked.candidate.info))")
            lines += ranked.candidate.reasons(among: all).map { "  - \($0)" }
        }
        if !isProbing, task == .sequenceClassification {
            lines.append("--probe tries each model on your own data, without tuning it")
        }
        return Report(
            json: json(ranking, sample: sample, task: task), lines: lines, next: next(ranking),
            verdict: ranking.ranked.contains { $0.score != nil } ? .passed : .checksFailed)
    }

    private func rows(_ ranked: Ranking.Ranked, place: Int) -> [[String]] {
        let candidate = ranked.candidate
        let score = ranked.score.map { MetricsTable.fixed($0, 2) } ?? "–"
        guard !candidate.plans.isEmpty else { return [["\(place)", candidate.name, score, "–"]] }
        return candidate.plans.enumerated().map { index, plan in
            (index == 0 ? ["\(place)", candidate.name, score] : ["", "", ""])
                + [plan.method.rawValue]
                + [
                    plan.plan.map { PlanTable.bytes($0.peakBytes) } ?? "–",
                    plan.refusal
                        ?? plan.plan?.seconds.map { PlanTable.duration($0) } ?? "not known",
                ]
        }
    }

    private func next(_ ranking: Ranking) -> [String] {
        guard let best = ranking.ranked.first, best.score != nil,
            let plan = best.candidate.suggestion
        else { return ["tundish model import NAME FOLDER"] }
        return [
            "tundish train NAME --data \(train.data) --model \(best.candidate.name) --method "
                + "\(plan.method.rawValue) --purpose \(train.purpose)"
        ]
    }

    private func json(_ ranking: Ranking, sample: TextSample?, task: EngineTask) -> JSONValue {
        let all = ranking.ranked.map(\.candidate)
        return [
            "data": .string(train.data), "task": .string(task.rawValue),
            "records": .integer(sample?.recordCount ?? 0),
            "languages": .object(
                Dictionary(
                    uniqueKeysWithValues: (sample?.languages ?? []).map {
                        ($0.language, .double($0.share))
                    })),
            "models": .array(
                ranking.ranked.map { ranked in
                    let candidate = ranked.candidate
                    return [
                        "model": .string(candidate.name), "info": candidate.info,
                        "score": ranked.score.map { .double($0) } ?? .null,
                        "parts": .object(
                            Dictionary(uniqueKeysWithValues: ranked.parts.map(Self.pair))),
                        "lengths": candidate.lengths?.json ?? .null,
                        "probe": candidate.probe.map { probe in
                            [
                                "accuracy": .double(probe.accuracy),
                                "macroF1": .double(probe.macroF1), "count": .integer(probe.count),
                            ]
                        } ?? .null,
                        "methods": .array(candidate.plans.map(Self.json)),
                        "suggestion": candidate.suggestion.map { .string($0.method.rawValue) }
                            ?? .null,
                        "reasons": .array(
                            candidate.reasons(among: all).map { .string($0) }),
                    ]
                }),
        ]
    }

    private static func pair(_ part: Ranking.Part) -> (String, JSONValue) {
        (part.name, ["value": .double(part.value), "weight": .double(part.weight)])
    }

    private static func json(_ plan: Candidate.MethodPlan) -> JSONValue {
        [
            "method": .string(plan.method.rawValue), "possible": .bool(plan.isPossible),
            "plan": plan.plan?.json ?? .null,
            "refusal": plan.refusal.map { .string($0) } ?? .null,
        ]
    }
}
