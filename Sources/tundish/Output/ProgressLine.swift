import Synchronization
import Workspace

/// A line that is drawn over itself, with a bar and the time left; only on a terminal.
final class ProgressLine: Sendable {
    private struct State: Sendable {
        var started: ContinuousClock.Instant?
        var drawn: ContinuousClock.Instant?
    }

    private let label: String
    private let state = Mutex(State())

    init(_ label: String) { self.label = label }

    /// Shows `done` of `total`; at most ten times a second.
    func update(_ done: Int, of total: Int) {
        guard Console.isTerminal else { return }
        let now = ContinuousClock.now
        let started: ContinuousClock.Instant? = state.withLock { state in
            if let drawn = state.drawn, now - drawn < .milliseconds(100), done < total {
                return nil
            }
            state.drawn = now
            if state.started == nil { state.started = now }
            return state.started
        }
        guard let started else { return }
        let share = total > 0 ? min(1, Double(done) / Double(total)) : 0
        let filled = Int(share * 24)
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 24 - filled)
        let elapsed = Double((now - started).components.seconds)
        let left = share > 0.02 ? "  \(Int(elapsed / share - elapsed)) s left" : ""
        Console.progress("\r\u{1B}[K\(label) \(bar) \(done)/\(total)\(left)")
    }

    /// Shows a count whose end is not known.
    func update(_ done: UInt64) {
        guard Console.isTerminal else { return }
        Console.progress("\r\u{1B}[K\(label) \(done)")
    }

    /// Removes the line.
    func clear() { if Console.isTerminal { Console.progress("\r\u{1B}[K") } }
}
