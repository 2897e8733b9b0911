import Dispatch
import Glibc
internal import Synchronization

/// A child process of its own group, with three pipes and nothing else of ours.
///
/// Its environment is what is given, its working directory the run folder, every descriptor past 2
/// is closed, signal handling is the default. Standard error is kept up to a limit; the head and
/// the tail, since a stack trace may stand at either end.
final class EngineProcess: Sendable {
    let identifier: pid_t
    private let standardError: Mutex<[UInt8]> = Mutex([])
    private let status = Mutex<Int32?>(nil)
    private let readers = DispatchGroup()
    private let writer = DispatchQueue(label: "engine.stdin")
    private let inputEnd: Int32

    /// Starts `path`.
    ///
    /// - Parameters:
    ///   - input: what it gets on standard input.
    ///   - endsInput: whether that is all; else ``send(_:)`` gives it more until ``endInput()``.
    ///   - onLine: gets each line of standard output (without its end), on one thread, in order;
    ///     nil at the end. A line past `lineLimit` is cut there and ends with the flag set.
    init(
        path: String, arguments: [String], environment: [String: String], folder: String,
        input: [UInt8], endsInput: Bool = true, errorLimit: Int, lineLimit: Int,
        onLine: @escaping @Sendable (_ line: [UInt8]?, _ overlong: Bool) -> Void
    ) throws(HandoffError) {
        let pipes = try Pipes()
        identifier = try Self.spawn(
            path: path, arguments: arguments, environment: environment, folder: folder,
            pipes: pipes)
        pipes.closeChildEnds()
        let (readOut, readError) = (pipes.output.0, pipes.error.0)
        inputEnd = pipes.input.1
        readers.enter()
        DispatchQueue(label: "engine.stdout").async { [readers] in
            Self.readLines(of: readOut, limit: lineLimit, onLine)
            readers.leave()
        }
        readers.enter()
        DispatchQueue(label: "engine.stderr").async { [self] in
            keepErrors(of: readError, limit: errorLimit)
            readers.leave()
        }
        send(input)
        if endsInput { endInput() }
    }

    /// Gives it more on standard input; written behind the caller's back, in order. What a process
    /// that is gone does not take is lost.
    func send(_ bytes: [UInt8]) {
        writer.async { [inputEnd] in Self.writeAll(bytes, to: inputEnd) }
    }

    /// Ends standard input, once all is written that was given. To be called once.
    func endInput() {
        writer.async { [inputEnd] in close(inputEnd) }
    }

    /// What it wrote on standard error, as far as it was kept.
    var errorText: String {
        standardError.withLock { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether it has ended, and how: the wait status of waitpid(2). Does not block.
    func poll() -> Int32? {
        status.withLock { status in
            if status == nil {
                var value: Int32 = 0
                if unsafe waitpid(identifier, &value, WNOHANG) == identifier { status = value }
            }
            return status
        }
    }

    /// Sends a signal to its whole group, unless it has ended.
    func signal(_ number: Int32) {
        guard poll() == nil else { return }
        _ = kill(-identifier, number)
    }

    /// Ends what may be left of its group, and waits for the readers.
    func clearGroup() {
        _ = kill(-identifier, SIGKILL)
        _ = readers.wait(timeout: .now() + 5)
    }

    // MARK: Pipes

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
        // SIGPIPE goes to the writing thread: held back here, write(2) just fails.
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        var sent = 0
        while sent < bytes.count {
            let start = sent
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(
                    descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            sent += count
        }
    }

    private static func readLines(
        of descriptor: Int32, limit: Int, _ onLine: ([UInt8]?, Bool) -> Void
    ) {
        var line: [UInt8] = []
        var overlong = false
        readAll(of: descriptor) { chunk in
            var rest = chunk
            while let end = rest.firstIndex(of: 0x0A) {
                overlong = overlong || line.count + (end - rest.startIndex) > limit
                if !overlong { line.append(contentsOf: rest[..<end]) }
                onLine(line, overlong)
                line = []
                overlong = false
                rest = rest[(end + 1)...]
            }
            if line.count + rest.count > limit { overlong = true }
            if !overlong { line.append(contentsOf: rest) }
        }
        if !line.isEmpty || overlong { onLine(line, overlong) }
        onLine(nil, false)
    }

    private func keepErrors(of descriptor: Int32, limit: Int) {
        let half = limit / 2
        Self.readAll(of: descriptor) { chunk in
            standardError.withLock { kept in
                kept.append(contentsOf: chunk)
                if kept.count > limit { kept.removeSubrange(half..<(kept.count - half)) }
            }
        }
    }

    private static func readAll(of descriptor: Int32, _ body: (ArraySlice<UInt8>) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe read(descriptor, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            body(buffer[0..<count])
        }
        close(descriptor)
    }
}
