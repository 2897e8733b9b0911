import Catalog
import EngineProtocol
import Governance
import Records

/// Ranks the trials of a search, keeps what is to be kept, and tells it.
struct SearchReport {
    let search: Search
    let judge: SearchJudge
    let schedule: HalvingSchedule?
    let trials: [SearchTrial]

    /// The trials, best first: those of the last round before those of earlier ones.
    var ranking: [SearchTrial] {
        trials.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            if (one.rung ?? 0) != (other.rung ?? 0) { return (one.rung ?? 0) > (other.rung ?? 0) }
            switch (one.score, other.score) {
            case (let a?, let b?) where a != b: return judge.metric.isBetter(a, than: b)
            case (.some, nil): return true
            case (nil, .some): return false
            default: return left.offset < right.offset
            }
        }.map(\.element)
    }

    /// Writes the event, throws away what is not kept.
    func finish(in workspace: OpenWorkspace) throws -> Report {
        let ranking = ranking
        guard let best = ranking.first, best.score != nil else {
            throw WorkspaceError(
                .failed, "no trial of `\(search.train.name)` came to a score",
                hint: trials.lazy.compactMap(\.failure).first.map { "the first reason: \($0)" }
                    ?? "a search needs a validation split: `tundish split` freezes one")
        }
        var discarded: [String] = []
        if search.keepsOnlyBest {
            for trial in ranking.dropFirst()
            where try DiscardModel(name: trial.run).discard(in: workspace) {
                discarded.append(trial.run)
            }
        }
        try workspace.catalog.record(
            EventDraft(
                "search.finish", object: "run:\(try workspace.run(best.run).id)",
                facts: [
                    "metric": .string(judge.metric.name),
                    "strategy": .string(search.plan.strategy.rawValue),
                    "seed": .integer(Int(clamping: search.plan.seed)),
                    "space": search.plan.space.json,
                    "trials": .array(
                        try ranking.map { trial in
                            [
                                "run": .string(try workspace.run(trial.run).id),
                                "score": trial.score.map { .double($0) } ?? .null,
                            ]
                        }),
                ], detail: ["name": .string(search.train.name)]),
            signer: workspace.session.signer)
        return Report(
            json: json(ranking, best: best, discarded: discarded),
            lines: lines(ranking, best: best, discarded: discarded),
            next: [
                "tundish evaluate \(best.run) --data \(search.train.data) --split test --purpose "
                    + search.train.purpose,
                "tundish run compare "
                    + ranking.prefix(3).map(\.run).joined(separator: " ") + " --plot",
            ])
    }

    private func lines(
        _ ranking: [SearchTrial], best: SearchTrial, discarded: [String]
    ) -> [String] {
        let names = search.plan.space.ranges.keys.sorted()
        let rows = ranking.enumerated().map { index, trial in
            [
                "\(index + 1)", trial.run,
                trial.best.map { ScoreText.text(judge.metric, $0.metrics) } ?? "–",
                trial.best.map { "\($0.step)" } ?? "–",
            ]
                + names.map { name in
                    trial.point.values[name].map { RunSettings.text(of: $0) } ?? "–"
                }
                + (trial.failure.map { [$0] } ?? [])
        }
        var lines = TextTable.lines([["", "run", judge.metric.title, "at step"] + names] + rows)
        lines.append(
            "best: \(best.run); the scores chose it on validation, so only the test split says "
                + "how good it is")
        if let schedule, let first = schedule.rungs.first, let last = schedule.rungs.last {
            let whole = Double(first.count) * last.resource
            lines.append(
                "halving spent \(NumberText.short(schedule.total)) instead of "
                    + "\(NumberText.short(whole)) of \(search.resourceName)")
        }
        let kept = trials.filter(\.isKept).count
        if kept > 0 { lines.append("\(kept) trials were finished by an earlier call") }
        if trials.count < search.plan.trials, schedule == nil {
            lines.append("the ranges have no more than \(trials.count) different trials")
        }
        if !discarded.isEmpty {
            lines.append("\(discarded.count) other models are gone, their keys destroyed")
        }
        return lines
    }

    private func json(
        _ ranking: [SearchTrial], best: SearchTrial, discarded: [String]
    ) -> JSONValue {
        [
            "search": .string(search.train.name), "metric": .string(judge.metric.name),
            "strategy": .string(search.plan.strategy.rawValue),
            "seed": .integer(Int(clamping: search.plan.seed)), "space": search.plan.space.json,
            "rungs": schedule.map { schedule in
                .array(
                    schedule.rungs.map {
                        ["trials": .integer($0.count), "resource": .double($0.resource)]
                    })
            } ?? .null,
            "best": .string(best.run), "discarded": .array(discarded.map { .string($0) }),
            "trials": .array(
                ranking.map { trial in
                    [
                        "run": .string(trial.run), "trial": .integer(trial.point.number),
                        "rung": trial.rung.map { .integer($0) } ?? .null,
                        "parameters": .object(trial.point.values),
                        "score": trial.score.map { .double($0) } ?? .null,
                        "interval": trial.best.flatMap {
                            judge.metric.interval(in: $0.metrics)?.json
                        } ?? .null,
                        "step": trial.best.map { .integer($0.step) } ?? .null,
                        "kept": .bool(trial.isKept),
                        "failure": trial.failure.map { .string($0) } ?? .null,
                    ]
                }),
        ]
    }
}
