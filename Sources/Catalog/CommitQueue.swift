internal import Dispatch
internal import GRDB
internal import Synchronization

/// Joins concurrent commits into one transaction: an fsync costs milliseconds, an event
/// microseconds.
///
/// Whoever comes first leads: it takes all that wait, runs each in a savepoint of its own inside
/// one transaction, and wakes them up after the commit.
final class CommitQueue: Sendable {
    /// A waiting commit. Its closure runs on the leader's thread while its owner is blocked in
    /// ``CommitQueue/submit(_:transaction:)``, so nothing is ever shared by two running threads.
    final class Job: @unsafe @unchecked Sendable {
        /// Let go of before the owner is woken up: it must not outlive the owner's call.
        var run: ((Database) throws -> Void)?
        var error: (any Error)?
        let done = DispatchSemaphore(value: 0)

        init(_ run: @escaping (Database) throws -> Void) { self.run = run }
    }

    private struct State {
        var waiting: [Job] = []
        var isLed = false
    }

    private let state = Mutex(State())

    /// Runs a job, alone or with others, and returns once its transaction is on disk.
    ///
    /// - Parameter transaction: runs the given body in one transaction and commits it.
    func submit(_ job: Job, transaction: ((Database) throws -> Void) throws -> Void) throws {
        let leads = state.withLock { state in
            state.waiting.append(job)
            defer { state.isLed = true }
            return !state.isLed
        }
        if leads { lead(transaction) }
        job.done.wait()
        if let error = job.error { throw error }
    }

    private func lead(_ transaction: ((Database) throws -> Void) throws -> Void) {
        while true {
            let batch = state.withLock { state in
                let batch = state.waiting
                state.waiting = []
                if batch.isEmpty { state.isLed = false }
                return batch
            }
            if batch.isEmpty { return }
            do {
                try transaction { db in
                    for job in batch { run(job, db) }
                }
            } catch {
                for job in batch {
                    job.error = job.error ?? error
                    job.run = nil
                }
            }
            for job in batch { job.done.signal() }
        }
    }

    private func run(_ job: Job, _ db: Database) {
        do {
            try db.inSavepoint {
                try job.run?(db)
                return .commit
            }
        } catch {
            job.error = error
        }
        job.run = nil
    }
}
