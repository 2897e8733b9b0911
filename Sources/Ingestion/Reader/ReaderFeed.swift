internal import Glibc

/// A thread that writes a source into the reader's standard input, so that both directions flow.
final class ReaderFeed: @unchecked Sendable {
    private let source: any ByteSource
    private let descriptor: Int32
    private var thread: pthread_t?
    /// What stopped the reading of the source; valid after ``join()``.
    private(set) var error: IngestionError?

    /// Starts to write `source` into `descriptor`, and closes that at the end.
    init(_ source: any ByteSource, into descriptor: Int32) throws(IngestionError) {
        self.source = source
        self.descriptor = descriptor
        var thread = pthread_t()
        let unmanaged = unsafe Unmanaged.passRetained(self)
        let result = unsafe pthread_create(
            &thread, nil,
            { raw in
                guard let raw = unsafe raw else { return nil }
                unsafe Unmanaged<ReaderFeed>.fromOpaque(raw).takeRetainedValue().run()
                return nil
            }, unmanaged.toOpaque())
        guard result == 0 else {
            unsafe unmanaged.release()
            close(descriptor)
            throw IngestionError(
                .readerMissing, "no thread could be started", hint: "close other programs")
        }
        self.thread = thread
    }

    /// Waits until all is written, or the reader is gone.
    func join() {
        if let thread { pthread_join(thread, nil) }
        thread = nil
    }

    private func run() {
        // A reader that ends early breaks the pipe: that is an error number here, no signal.
        var pipeSignal = sigset_t()
        unsafe sigemptyset(&pipeSignal)
        unsafe sigaddset(&pipeSignal, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &pipeSignal, nil)
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count: Int
            do throws(IngestionError) {
                count = try unsafe buffer.withUnsafeMutableBufferPointer {
                    raw throws(IngestionError) in
                    try unsafe source.read(into: UnsafeMutableRawBufferPointer(raw))
                }
            } catch {
                self.error = error
                return
            }
            guard count > 0, write(buffer, count) else { return }
        }
    }

    private func write(_ buffer: [UInt8], _ count: Int) -> Bool {
        unsafe buffer.withUnsafeBytes { raw in
            var done = 0
            while done < count {
                let written = unsafe Glibc.write(
                    descriptor, raw.baseAddress.map { unsafe $0 + done }, count - done)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return false }
                done += written
            }
            return true
        }
    }
}
