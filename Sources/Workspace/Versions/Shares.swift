import Dispatch
import Synchronization

/// Work cut into even shares, one a thread; the results come in the order of the input, so that
/// they do not depend on the number of threads.
enum Shares {
    /// The results of `body` for consecutive ranges that cover `0..<count`, one after the other.
    static func map<Result: Sendable>(
        count: Int, threads: Int, _ body: @Sendable (Range<Int>) throws -> [Result]
    ) throws -> [Result] {
        let shares = min(max(1, threads), max(1, count))
        guard shares > 1 else { return try body(0..<count) }
        let size = (count + shares - 1) / shares
        let parts = Mutex([Int: Swift.Result<[Result], any Error>]())
        DispatchQueue.concurrentPerform(iterations: shares) { share in
            let range = min(share * size, count)..<min((share + 1) * size, count)
            let part = Swift.Result { try body(range) }
            parts.withLock { $0[share] = part }
        }
        let done = parts.withLock { $0 }
        return try (0..<shares).flatMap { try done[$0]?.get() ?? [] }
    }
}

/// Runs jobs one after the other beside the caller, with few of them waiting: a stage of a pipeline.
///
/// The first error ends the stage: later jobs are not run, and ``submit(_:)`` or ``finish()``
/// throws it.
final class WorkLane: Sendable {
    /// Batches that may wait; memory is bounded by this many.
    private static let depth = 4

    private let queue = DispatchQueue(label: "tundish.lane")
    private let room = DispatchSemaphore(value: depth)
    private let failure = Mutex<(any Error)?>(nil)
    private let isInline: Bool

    /// - Parameter isInline: run jobs in ``submit(_:)`` itself: one thread does everything.
    init(isInline: Bool) { self.isInline = isInline }

    /// Gives a job to the stage; waits while too many are there.
    func submit(_ job: @escaping @Sendable () throws -> Void) throws {
        if isInline { return try job() }
        try check()
        room.wait()
        queue.async { [self] in
            defer { room.signal() }
            guard failure.withLock({ $0 == nil }) else { return }
            do { try job() } catch {
                failure.withLock { $0 = error }
            }
        }
    }

    /// Waits for all jobs.
    func finish() throws {
        if !isInline { queue.sync {} }
        try check()
    }

    private func check() throws {
        if let error = failure.withLock({ $0 }) { throw error }
    }
}
