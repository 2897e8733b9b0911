import Dispatch
import Synchronization

/// Work on the elements of a batch, several at once.
enum Parallel {
    /// `body` of every index, in the order of the indices.
    static func map<Value: Sendable>(
        _ indices: Range<Int>, threads: Int, _ body: @Sendable (Int) -> Value
    ) -> [Value] {
        let results = Mutex([Int: [Value]]())
        let share = (indices.count + threads - 1) / threads
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            let start = min(indices.lowerBound + thread * share, indices.upperBound)
            let end = min(start + share, indices.upperBound)
            let part = (start..<end).map(body)
            results.withLock { $0[thread] = part }
        }
        let parts = results.withLock { $0 }
        return (0..<threads).flatMap { parts[$0] ?? [] }
    }
}
