import EngineProtocol

/// A score by its name in `metric_for_best_model`, and which way is better.
struct SearchMetric: Sendable, Hashable {
    /// `loss`, `accuracy`, `macro_f1`, `f1`, `perplexity`, …
    let name: String

    /// The scores that runs are judged by.
    static let names = ["accuracy", "f1", "loss", "macro_f1", "perplexity", "precision", "recall"]

    /// The score that a task is judged by if nothing else is said.
    static func usual(for task: EngineTask) -> SearchMetric {
        switch task {
        case .sequenceClassification: SearchMetric(name: "macro_f1")
        case .tokenClassification: SearchMetric(name: "f1")
        case .causalLM, .preference: SearchMetric(name: "loss")
        }
    }

    /// The scores that a task has.
    static func names(of task: EngineTask) -> [String] {
        switch task {
        case .sequenceClassification: ["accuracy", "loss", "macro_f1"]
        case .tokenClassification: ["accuracy", "f1", "loss", "precision", "recall"]
        case .causalLM, .preference: ["accuracy", "loss", "perplexity"]
        }
    }

    /// Whether a smaller value is better.
    var isBetterSmaller: Bool { name == "loss" || name == "perplexity" }

    /// Whether one value is better than another.
    func isBetter(_ value: Double, than other: Double) -> Bool {
        isBetterSmaller ? value < other : value > other
    }

    /// How people write it.
    var title: String {
        switch name {
        case "macro_f1": "macro F1"
        case "f1": "F1"
        default: name
        }
    }

    /// What its value lies between with 95 % confidence, where the engine said so.
    func interval(in metrics: RunMetrics) -> ConfidenceInterval? {
        switch (metrics, name) {
        case (.classification(let it), "accuracy"): it.accuracyInterval
        case (.classification(let it), "macro_f1"): it.macroF1Interval
        case (.tokens(let it), "f1"): it.f1Interval
        case (.language(let it), "loss"): it.lossInterval
        default: nil
        }
    }
}
