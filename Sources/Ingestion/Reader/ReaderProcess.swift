internal import Glibc
internal import ReaderProtocol
internal import Records

/// A document while a process of its own reads it: hands its frames on, and ends it in any case.
///
/// The process sets its own limits of memory and processor time; here it is given a time to stay
/// silent and a time in all, counted only while it is waited for.
final class ReaderProcess {
    /// Where the document comes from.
    enum Input {
        /// A regular file, which the process may seek in.
        case file(FileSource)
        /// Anything else, through a pipe.
        case stream(any ByteSource)
    }

    private let process: pid_t
    private let output: Int32
    private var feed: ReaderFeed?
    private var isReaped = false
    private var status: Int32 = 0
    private let silence: Double
    private var patience: Double
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)
    private var filled = 0
    private var position = 0

    /// Starts the reader on a document that stands at its first byte.
    init(
        _ request: ReaderRequest, _ input: Input, options: IngestOptions
    ) throws(IngestionError) {
        silence = options.readerSilence
        patience = options.readerSeconds
        let path: String
        if let declared = options.readerPath {
            path = declared
        } else {
            path = try ReaderExecutable.path()
        }
        let answers = try ReaderSpawn.pipe()
        defer { close(answers.write) }
        output = answers.read
        var questions: (read: Int32, write: Int32)?
        do throws(IngestionError) {
            let descriptor: Int32
            switch input {
            case .file(let source): descriptor = source.descriptor
            case .stream:
                let pipe = try ReaderSpawn.pipe()
                questions = pipe
                descriptor = pipe.read
            }
            process = try ReaderSpawn.start(
                path: path, argument: request.argument, input: descriptor, output: answers.write)
        } catch {
            close(output)
            if let questions {
                close(questions.read)
                close(questions.write)
            }
            throw error
        }
        if case .stream(let source) = input, let questions {
            close(questions.read)
            feed = try ReaderFeed(source, into: questions.write)
        }
    }

    deinit { stop() }

    /// Kills the process and everything it started, if it still runs.
    func stop() {
        guard !isReaped else { return }
        _ = kill(-process, SIGKILL)
        _ = kill(process, SIGKILL)
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        isReaped = true
        close(output)
        feed?.join()
    }

    /// The next frame; the last one is `done`. A fault frame is thrown.
    func next() throws -> ReaderFrame {
        let header = try take(ReaderFrame.headerByteCount)
        let announced: (kind: ReaderFrame.Kind, payloadCount: Int)
        do throws(ReaderProtocolError) {
            announced = try ReaderFrame.readHeader(header)
        } catch {
            stop()
            throw ReaderFault(.died, "the reader wrote what is no frame", hint: error.hint)
        }
        let payload = try take(announced.payloadCount)
        if announced.kind == .fault {
            stop()
            if let error = feed?.error { throw error }
            throw Self.fault(payload)
        }
        return ReaderFrame(announced.kind, payload)
    }

    private static func fault(_ payload: [UInt8]) -> ReaderFault {
        do throws(ReaderProtocolError) {
            return try ReaderFault(payload: payload)
        } catch {
            return ReaderFault(.died, error.message, hint: error.hint)
        }
    }

    /// `count` bytes of the answers.
    private func take(_ count: Int) throws -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(min(count, 1 << 20))
        while result.count < count {
            if position == filled { try fill() }
            let part = buffer[position..<filled].prefix(count - result.count)
            result.append(contentsOf: part)
            position += part.count
        }
        return result
    }

    private func fill() throws {
        var now = Self.seconds
        let start = now
        let end = start + min(silence, patience)
        while true {
            var request = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let wait = Int32(max(0, min(1e9, (end - now) * 1000)).rounded(.up))
            let ready = unsafe poll(&request, 1, wait)
            now = Self.seconds
            if ready > 0 { break }
            if ready < 0 && errno == EINTR { continue }
            stop()
            throw ReaderFault(
                .died, "the reader took too long and was stopped",
                hint: "split the document, or convert it to text first")
        }
        patience -= now - start
        position = 0
        filled = try unsafe buffer.withUnsafeMutableBufferPointer { raw throws(IngestionError) in
            try unsafe SystemError.read(
                output, into: UnsafeMutableRawBufferPointer(raw), name: "the reader's output")
        }
        if filled == 0 { throw try death() }
    }

    /// Why the answers ended too early.
    private func death() throws -> ReaderFault {
        // Its output is closed a moment before it is gone; a zombie keeps its group until stop().
        for _ in 0..<400 {
            var info = unsafe siginfo_t()
            unsafe waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT | WNOHANG)
            if unsafe info.si_signo == SIGCHLD { break }
            usleep(5000)
        }
        stop()
        if let error = feed?.error { throw error }
        let signal = status & 0x7F
        let how: String =
            switch signal {
            case 0: "ended with code \(status >> 8 & 0xFF)"
            case SIGXCPU, SIGKILL: "was stopped by a limit (signal \(signal))"
            default: "crashed (signal \(signal))"
            }
        return ReaderFault(
            .died, "the reader \(how) before the document was read",
            hint: "convert the document to text first")
    }

    private static var seconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

extension ReaderRequest {
    /// The request as the process's only argument.
    var argument: [UInt8] { CanonicalJSON.encode(json) }
}
