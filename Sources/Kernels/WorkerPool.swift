internal import CKernels
internal import COpenBLAS
import Glibc

/// Threads, and every kernel that runs on them.
///
/// Work is cut into as many parts as there are threads, always at the same places, and each output
/// element is written by one part: equal input gives equal bits on the same number of threads.
/// Each thread flushes denormals while it works; the caller's gets its own ways back afterwards.
@safe public final class WorkerPool: @unchecked Sendable {
    /// Parts that run at once.
    public let threadCount: Int
    private let pool: OpaquePointer
    /// Room for packed operands; not touched before it is needed.
    private let scratch: Floats

    /// A pool of `threadCount` threads, the caller's included; 0 means one for each processor.
    public init(threadCount: Int = 0) {
        let count = max(1, threadCount > 0 ? threadCount : WorkerPool.processorCount)
        openblas_set_num_threads(1)
        guard let pool = unsafe ck_pool_create(Int32(count)) else {
            fatalError("\(count) threads could not be started")
        }
        self.threadCount = count
        unsafe self.pool = pool
        scratch = FloatStorage(count: Panels.columnScratch + count * Panels.rowScratch).floats
    }

    deinit { unsafe ck_pool_destroy(pool) }

    /// Processors that this process may run on.
    public static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Calls `body` with each part, 0 ..< ``threadCount``, at once; returns when all are done.
    public func run(_ body: (_ part: Int) -> Void) {
        let before = ck_flush_denormals()
        defer { ck_restore_denormals(before) }
        guard threadCount > 1 else { return body(0) }
        withoutActuallyEscaping(body) { body in
            var task = Task(body: body)
            unsafe withUnsafeMutablePointer(to: &task) { task in
                unsafe ck_pool_run(
                    pool,
                    { context, part in
                        guard let context = unsafe context else { return }
                        unsafe context.assumingMemoryBound(to: Task.self).pointee.body(Int(part))
                    }, task)
            }
        }
    }

    /// Cuts 0 ..< `count` into a range for each part, at multiples of `grain`, and runs `body` on
    /// each range that is not empty. Counts up to `serial` run whole on the caller's thread.
    public func split(
        _ count: Int, grain: Int = 1, serial: Int = 0, _ body: (_ range: Range<Int>) -> Void
    ) {
        splitParts(count, grain: grain, serial: serial) { _, range in body(range) }
    }

    /// The same for bodies that need to know their part, 0 ..< ``threadCount``.
    func splitParts(
        _ count: Int, grain: Int = 1, serial: Int = 0,
        _ body: (_ part: Int, _ range: Range<Int>) -> Void
    ) {
        guard threadCount > 1, count > max(serial, grain) else {
            let before = ck_flush_denormals()
            defer { ck_restore_denormals(before) }
            if count > 0 { body(0, 0..<count) }
            return
        }
        let grains = (count + grain - 1) / grain
        run { part in
            let lower = min(count, grains * part / threadCount * grain)
            let upper = min(count, grains * (part + 1) / threadCount * grain)
            if lower < upper { body(part, lower..<upper) }
        }
    }

    /// Room for the rows that `part` packs.
    func rowScratch(_ part: Int) -> Floats {
        scratch.slice(Panels.columnScratch + part * Panels.rowScratch, Panels.rowScratch)
    }

    /// Room for columns that all threads read.
    var columnScratch: Floats { scratch.slice(0, Panels.columnScratch) }

    /// Flushes denormals in the calling thread from now on: for the main thread of an engine, whose
    /// every sum is float work.
    public static func flushDenormals() { _ = ck_flush_denormals() }

    private struct Task { let body: (Int) -> Void }
}
