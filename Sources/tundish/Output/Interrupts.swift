import Dispatch
import Glibc
import Synchronization

/// SIGINT and SIGTERM as a wish: the first one lets a run stop with a checkpoint, the second ends
/// the process as if nobody listened.
final class Interrupts {
    /// Whether the run should stop; for any thread.
    final class Wish: Sendable {
        private let wasMade = Mutex(false)

        /// Whether a signal came.
        var isMade: Bool { wasMade.withLock { $0 } }

        fileprivate func make() { wasMade.withLock { $0 = true } }
    }

    /// What the signals said.
    let wish = Wish()
    private let sources: [any DispatchSourceSignal]
    private static let numbers = [SIGINT, SIGTERM]

    /// Listens, until ``end()``.
    init() {
        let queue = DispatchQueue(label: "interrupts")
        sources = Self.numbers.map { number in
            // The source gets it all the same; the process does not end by it.
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        for source in sources {
            source.setEventHandler { [wish] in
                wish.make()
                for number in Self.numbers { signal(number, SIG_DFL) }
                Console.error(
                    "stopping after this step, with a checkpoint; once more to end at once")
            }
            source.resume()
        }
    }

    /// Signals do again what they do by default.
    func end() {
        for source in sources { source.cancel() }
        for number in Self.numbers { signal(number, SIG_DFL) }
    }
}
