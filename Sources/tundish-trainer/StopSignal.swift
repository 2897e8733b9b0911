import Glibc
import Synchronization

/// SIGTERM during a training run: it ends after the step that it is in, with a checkpoint.
enum StopSignal {
    private static let flag = Atomic(false)

    /// Whether the signal has come.
    static var hasCome: Bool { flag.load(ordering: .relaxed) }

    /// From now on SIGTERM is noted and does not end the process.
    static func watch() {
        // An atomic store is all that happens in the handler: it is safe in a signal.
        signal(SIGTERM) { _ in StopSignal.flag.store(true, ordering: .relaxed) }
    }
}
