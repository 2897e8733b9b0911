import EngineProtocol
import Glibc

/// Writes events to standard output, each line with one write(2).
struct EventWriter {
    func write(_ event: EngineEvent) { write(event.line()) }

    /// An event that belongs to a worker's job.
    func write(_ event: EngineEvent, job: Int) {
        write(EngineJobEvent(job: job, event: event).line())
    }

    private func write(_ line: [UInt8]) {
        var sent = 0
        while sent < line.count {
            let start = sent
            let count = unsafe line.withUnsafeBytes { bytes in
                unsafe Glibc.write(1, bytes.baseAddress?.advanced(by: start), bytes.count - start)
            }
            if count < 0, errno == EINTR { continue }
            // Nobody listens any more (SIGPIPE usually says so first).
            guard count > 0 else { _exit(1) }
            sent += count
        }
    }
}
