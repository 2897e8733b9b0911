public import EngineProtocol

/// What a running run says, as a line for people.
public enum ProgressText {
    /// Step, loss, learning rate, gradient norm, speed, memory, time left, in this order; only what
    /// is known.
    public static func line(_ progress: EngineEvent.Progress) -> String {
        var parts = ["step \(progress.step)/\(progress.steps)"]
        if let phase = progress.phase, !["train", "training"].contains(phase) {
            parts.append(phase)
        }
        parts += [
            "loss \(MetricsTable.fixed(progress.loss, 4))",
            "lr \(NumberText.short(progress.learningRate))",
        ]
        if let norm = progress.gradientNorm { parts.append("grad \(NumberText.short(norm))") }
        if let speed = progress.tokensPerSecond, speed.isFinite {
            parts.append("\(NumberText.short(speed.rounded())) tokens/s")
        }
        if let bytes = progress.residentBytes { parts.append(PlanTable.bytes(bytes)) }
        if let seconds = progress.secondsRemaining, progress.step < progress.steps {
            parts.append("\(PlanTable.duration(seconds)) left")
        }
        return parts.joined(separator: "  ")
    }

    /// The same behind a bar, no wider than `width` characters: what is last is left out first.
    public static func bar(_ progress: EngineEvent.Progress, width: Int) -> String {
        let share =
            progress.steps > 0
            ? min(1, max(0, Double(progress.step) / Double(progress.steps))) : 0
        let filled = Int(share * 16)
        let bar =
            String(repeating: "█", count: filled) + String(repeating: "·", count: 16 - filled)
        var parts = line(progress).split(separator: "  ").map(String.init)
        while parts.count > 2, 18 + parts.joined(separator: "  ").count > width {
            parts.removeLast()
        }
        return bar + "  " + parts.joined(separator: "  ")
    }
}
