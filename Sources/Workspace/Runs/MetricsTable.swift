public import EngineProtocol

/// Metrics as a table for people.
public enum MetricsTable {
    /// The whole, then what it is made of.
    public static func lines(_ metrics: RunMetrics) -> [String] {
        switch metrics {
        case .classification(let metrics): lines(metrics)
        case .tokens(let metrics): lines(metrics)
        case .language(let metrics): lines(metrics)
        }
    }

    /// The scores that tell most, in one line.
    public static func summary(_ metrics: RunMetrics) -> String {
        let scores: [(String, Double?)] =
            switch metrics {
            case .classification:
                [("accuracy", metrics["accuracy"]), ("macro F1", metrics["macro_f1"])]
            case .tokens: [("F1", metrics["f1"]), ("accuracy", metrics["accuracy"])]
            case .language:
                [("perplexity", metrics["perplexity"]), ("token accuracy", metrics["accuracy"])]
            }
        return scores.reduce("loss \(fixed(metrics.loss, 4))") { line, score in
            line + "  \(score.0) \(fixed(score.1 ?? .nan))"
        }
    }

    /// A line for the whole, one a class, and the confusion matrix.
    private static func lines(_ metrics: ClassificationMetrics) -> [String] {
        let macro = [metrics.macroPrecision, metrics.macroRecall].map { fixed($0) }
        var lines = [
            "  loss \(fixed(metrics.loss, 4))  "
                + "accuracy \(fixed(metrics.accuracy, metrics.accuracyInterval))",
            "  macro precision \(macro[0])  recall \(macro[1])  "
                + "F1 \(fixed(metrics.macroF1, metrics.macroF1Interval))",
            "  always the most frequent label: accuracy \(fixed(metrics.majorityBaseline))",
            "  \("label".filled(to: 16))precision  recall  F1     support",
        ]
        for one in metrics.classes {
            lines.append(row(one.label, one.precision, one.recall, one.f1, one.support))
        }
        lines.append("  confusion (rows: truth, columns: predicted)")
        for (label, row) in zip(metrics.labels, metrics.confusion) {
            lines.append(
                "  \(label.filled(to: 16))\(row.map { "\($0)".padded(to: 7) }.joined())")
        }
        return lines
    }

    /// A line for the whole, and one a type of span.
    private static func lines(_ metrics: TokenMetrics) -> [String] {
        let all = metrics.overall
        return [
            "  loss \(fixed(metrics.loss, 4))  words \(metrics.tokens)  "
                + "with the right tag \(fixed(metrics.tokenAccuracy))",
            "  span precision \(fixed(all.precision))  recall \(fixed(all.recall))  "
                + "F1 \(fixed(all.f1, metrics.f1Interval))",
            "  \("type".filled(to: 16))precision  recall  F1     support",
        ] + metrics.types.map { row($0.type, $0.precision, $0.recall, $0.f1, $0.support) }
    }

    private static func lines(_ metrics: LanguageMetrics) -> [String] {
        var lines = [
            "  loss \(fixed(metrics.loss, metrics.lossInterval, 4)) nats a token, "
                + "perplexity \(fixed(metrics.perplexity))",
            "  \(metrics.tokens) tokens of \(metrics.count) records, the likeliest one right in "
                + fixed(metrics.tokenAccuracy),
        ]
        if let share = metrics.preferenceAccuracy {
            lines.append("  the chosen answer is preferred in \(fixed(share))")
        }
        return lines
    }

    private static func row(
        _ name: String, _ precision: Double, _ recall: Double, _ f1: Double, _ support: Int
    ) -> String {
        "  \(name.filled(to: 16))\(fixed(precision).filled(to: 11))\(fixed(recall).filled(to: 8))"
            + "\(fixed(f1).filled(to: 7))\(support)"
    }

    /// A score with what it lies between: `0.912 (0.894–0.930)`.
    private static func fixed(
        _ value: Double, _ interval: ConfidenceInterval?, _ decimals: Int = 3
    ) -> String {
        let range = interval.map { " (\(fixed($0.lower, decimals))–\(fixed($0.upper, decimals)))" }
        return fixed(value, decimals) + (range ?? "")
    }

    /// A number with a fixed count of decimals; very large ones in powers of ten.
    public static func fixed(_ value: Double, _ decimals: Int = 3) -> String {
        guard value.isFinite else { return "–" }
        guard value.magnitude < 1e9 else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let whole = Int((value.magnitude * scale).rounded())
        let fraction = "\(whole % Int(scale))"
        return (value < 0 ? "-" : "") + "\(whole / Int(scale))."
            + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}

extension String {
    /// The text before enough spaces to fill `width` columns.
    func filled(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
