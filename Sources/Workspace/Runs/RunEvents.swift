import Catalog
import EngineProtocol
import Records
import Synchronization

/// Keeps what an engine says of a run, for whoever watches, shows or compares it; never an event
/// that shows a record.
final class RunEvents: Sendable {
    private struct State {
        var waiting: [JSONValue] = []
        var written = ContinuousClock.now
    }

    private let catalog: CatalogStore
    private let run: String
    private let state = Mutex(State())

    init(_ run: String, in workspace: OpenWorkspace) {
        catalog = workspace.catalog
        self.run = run
    }

    /// Keeps an event. Progress is written once a second, anything else at once.
    func note(_ event: EngineEvent) {
        let isUrgent: Bool
        switch event {
        case .progress: isUrgent = false
        case .started, .plan, .evaluation, .checkpoint, .warning, .hint, .finished, .failed:
            isUrgent = true
        case .example, .prediction, .generation, .tags, .probe, .artifact, .capabilities,
            .answered, .refused:
            return
        }
        let due = state.withLock { state -> [JSONValue] in
            state.waiting.append(event.json)
            let now = ContinuousClock.now
            guard isUrgent || now - state.written > .seconds(1) else { return [] }
            defer { (state.waiting, state.written) = ([], now) }
            return state.waiting
        }
        write(due)
    }

    /// Writes what still waits.
    func flush() {
        write(
            state.withLock { state in
                defer { state.waiting = [] }
                return state.waiting
            })
    }

    /// A run does not fail because nobody could look on.
    private func write(_ events: [JSONValue]) {
        guard !events.isEmpty else { return }
        try? catalog.appendRunEvents(run, events)
    }
}
