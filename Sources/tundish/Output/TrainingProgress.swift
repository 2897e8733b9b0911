import EngineProtocol
import Records
import Workspace

/// Shows a run while it runs: what it takes, then loss, rate, gradient norm, speed, memory and the
/// time left on a line that is drawn over itself, and everything that the engine has to say.
struct TrainingProgress: Sendable {
    /// With `--json` the engine's events go to standard output as they come, a line each.
    let isJSON: Bool

    func show(_ event: EngineEvent) {
        if isJSON { return Console.write(event.line()) }
        switch event {
        case .progress(let progress): return draw(progress)
        case .artifact, .prediction, .generation, .tags, .probe, .capabilities, .answered,
            .refused, .finished, .failed:
            return
        default: end()
        }
        switch event {
        case .started(let started):
            Console.error("engine \(started.engine) \(started.version)")
        case .plan(let plan):
            for line in PlanTable.lines(plan) { Console.error(line) }
        case .example(let text):
            Console.error("the first example, what is learned marked:\n\(text)")
        case .evaluation(let evaluation):
            Console.error(
                "epoch \(MetricsTable.fixed(evaluation.epoch, 1))  \(evaluation.split.rawValue) "
                    + MetricsTable.summary(evaluation.metrics)
                    + (evaluation.isBest ? "  (best so far)" : ""))
        case .checkpoint(let checkpoint):
            Console.error("checkpoint at step \(checkpoint.step) is sealed")
        case .warning(let code, let message): Console.error("warning \(code): \(message)")
        case .hint(_, let message, let parameter):
            Console.error("hint: \(message)" + (parameter.map { " (see \($0))" } ?? ""))
        default: break
        }
    }

    private func draw(_ progress: EngineEvent.Progress) {
        if Console.isTerminal {
            Console.progress("\r\u{1B}[K" + ProgressText.bar(progress, width: Terminal.width - 1))
        } else {
            Console.error(ProgressText.line(progress))
        }
    }

    /// Ends the line that is being drawn.
    func end() { if Console.isTerminal { Console.progress("\r\u{1B}[K") } }
}
