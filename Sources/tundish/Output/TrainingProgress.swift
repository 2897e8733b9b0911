import EngineProtocol
import Records
import Workspace

/// Shows a run while it runs: loss, learning rate, speed, time left, validation.
struct TrainingProgress: Sendable {
    /// With `--json` the engine's events go to standard output as they come, a line each.
    let isJSON: Bool

    private static let step = 10

    func show(_ event: EngineEvent) {
        if isJSON { return Console.write(event.line()) }
        switch event {
        case .started(let started):
            Console.error("engine \(started.engine) \(started.version)")
        case .progress(let progress): draw(progress)
        case .evaluation(let evaluation):
            end()
            let metrics = evaluation.metrics
            Console.error(
                "epoch \(MetricsTable.fixed(evaluation.epoch, 1))  \(evaluation.split.rawValue) "
                    + "loss \(MetricsTable.fixed(metrics.loss, 4))  "
                    + "accuracy \(MetricsTable.fixed(metrics.accuracy))  "
                    + "macro F1 \(MetricsTable.fixed(metrics.macroF1))")
        case .warning(let code, let message): Console.error("warning \(code): \(message)")
        case .artifact, .prediction, .capabilities, .finished, .failed: break
        }
    }

    private func draw(_ progress: EngineEvent.Progress) {
        let left = progress.secondsRemaining.map { "  \(Int($0)) s left" } ?? ""
        let speed = progress.tokensPerSecond.map { "  \(Int($0)) tokens/s" } ?? ""
        let line =
            "step \(progress.step)/\(progress.steps)  loss \(MetricsTable.fixed(progress.loss, 4))"
            + "  lr \(progress.learningRate)\(speed)\(left)"
        if Console.isTerminal {
            Console.progress("\r\u{1B}[K" + line)
        } else if progress.step % Self.step == 0 || progress.step == progress.steps {
            Console.error(line)
        }
    }

    /// Ends the line that is being drawn.
    func end() { if Console.isTerminal { Console.progress("\r\u{1B}[K") } }
}
