import EngineProtocol
import Records

/// How a run went, step by step: what plots, comparisons and searches read.
struct RunCurves: Sendable, Hashable {
    /// A value at an optimiser step.
    struct Point: Sendable, Hashable {
        var step: Int
        var value: Double
    }

    /// What a run scored on its validation split.
    struct Judged: Sendable, Hashable {
        var step: Int
        var epoch: Double
        var isBest: Bool
        var metrics: RunMetrics
    }

    /// Training loss, by step.
    private(set) var loss: [Point] = []
    /// Learning rate.
    private(set) var learningRate: [Point] = []
    /// The gradient's norm before clipping.
    private(set) var gradientNorm: [Point] = []
    /// Evaluations on the validation split.
    private(set) var evaluations: [Judged] = []
    /// Optimiser steps that were planned; 0 if nothing was said of them.
    private(set) var plannedSteps = 0

    /// Reads what a run's engine said.
    ///
    /// A run that was resumed says some steps twice: the later word counts.
    init(_ events: [EngineEvent]) {
        var steps: [Int: EngineEvent.Progress] = [:]
        var judged: [Int: Judged] = [:]
        for event in events {
            switch event {
            case .progress(let progress) where progress.step > 0:
                steps[progress.step] = progress
                plannedSteps = progress.steps
            case .evaluation(let it) where it.split == .validation:
                judged[it.step] = Judged(
                    step: it.step, epoch: it.epoch, isBest: it.isBest, metrics: it.metrics)
            default: break
            }
        }
        let ordered = steps.sorted { $0.key < $1.key }.map(\.value)
        loss = ordered.map { Point(step: $0.step, value: $0.loss) }
        learningRate = ordered.map { Point(step: $0.step, value: $0.learningRate) }
        gradientNorm = ordered.compactMap { progress in
            progress.gradientNorm.map { Point(step: progress.step, value: $0) }
        }
        evaluations = judged.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Takes the values of every step out of `metrics.json`, where it has them: finer than what
    /// was said while the run ran. Members that are missing or wrong change nothing.
    mutating func refine(with metrics: JSONValue) {
        func points(_ name: String) -> [Point]? {
            guard let values = metrics[name]?.arrayValue, !values.isEmpty else { return nil }
            return values.enumerated().map { index, value in
                Point(step: index + 1, value: value.doubleValue ?? .nan)
            }
        }
        loss = points("losses") ?? loss
        learningRate = points("learningRates") ?? learningRate
        gradientNorm = points("gradientNorms") ?? gradientNorm
        guard evaluations.isEmpty else { return }
        let bestStep = metrics["bestStep"]?.intValue
        evaluations = (metrics["evaluations"]?.arrayValue ?? []).compactMap { item in
            guard let step = item["step"]?.intValue,
                let metrics = try? RunMetrics(json: item["metrics"] ?? item)
            else { return nil }
            return Judged(
                step: step, epoch: item["epoch"]?.doubleValue ?? 0, isBest: step == bestStep,
                metrics: metrics)
        }
    }

    /// One score of the evaluations, by step.
    func score(_ metric: String) -> [Point] {
        evaluations.compactMap { judged in
            judged.metrics[metric].map { Point(step: judged.step, value: $0) }
        }
    }

    /// The evaluation with the best score; the earlier of equals.
    func best(by metric: SearchMetric) -> Judged? {
        var best: Judged?
        for judged in evaluations {
            guard let value = judged.metrics[metric.name], value.isFinite else { continue }
            guard let held = best?.metrics[metric.name] else {
                best = judged
                continue
            }
            if metric.isBetter(value, than: held) { best = judged }
        }
        return best
    }

    /// The score that tells most of what was evaluated.
    var leadingMetric: SearchMetric {
        switch evaluations.last?.metrics {
        case .classification: SearchMetric(name: "macro_f1")
        case .tokens: SearchMetric(name: "f1")
        case .language, nil: SearchMetric(name: "loss")
        }
    }

    /// The curves as JSON: `[[step, value], …]` each.
    var json: JSONValue {
        func pairs(_ points: [Point]) -> JSONValue {
            .array(points.map { [.integer($0.step), .double($0.value)] })
        }
        return [
            "loss": pairs(loss), "learningRate": pairs(learningRate),
            "gradientNorm": pairs(gradientNorm),
            "evaluations": .array(
                evaluations.map { judged in
                    [
                        "step": .integer(judged.step), "epoch": .double(judged.epoch),
                        "isBest": .bool(judged.isBest), "metrics": judged.metrics.json,
                    ]
                }),
        ]
    }
}
