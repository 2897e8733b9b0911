import Glibc

/// Frames over one connected stream socket. Blocking; used by one thread at a time.
///
/// Writes are gathered and go out when 64 KiB are waiting, on ``flush()``, and before each read, so
/// that a stream of small records costs few system calls and two peers never wait for each other.
public final class FrameChannel {
    /// The socket; closed by ``close()`` or with the last reference.
    public let descriptor: Int32
    private var isOpen = true
    private var output: [UInt8] = []
    private var input = [UInt8](repeating: 0, count: bufferByteCount)
    private var inputRange = 0..<0
    private static let bufferByteCount = 64 << 10

    /// Takes over a connected socket.
    ///
    /// - Parameter silenceSeconds: how long a read or write may wait before it is `.timedOut`;
    ///   0 waits for ever.
    public init(descriptor: Int32, silenceSeconds: Int = 0) {
        self.descriptor = descriptor
        if silenceSeconds > 0 {
            var limit = timeval(tv_sec: silenceSeconds, tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        }
    }

    deinit { close() }

    /// Closes the socket; what was not flushed is lost.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        _ = Glibc.close(descriptor)
    }

    // MARK: Sending

    /// Appends one frame to what waits to be sent.
    public func send(_ kind: EngineFrame.Kind, _ payload: [UInt8]) throws(EngineProtocolError) {
        output.append(
            contentsOf: try EngineFrame.header(kind, payloadCount: payload.count))
        output.append(contentsOf: payload)
        if output.count >= Self.bufferByteCount { try flush() }
    }

    /// Sends all that waits.
    public func flush() throws(EngineProtocolError) {
        var sent = 0
        while sent < output.count {
            let start = sent
            // MSG_NOSIGNAL: a peer that died is an error to report, not a SIGPIPE.
            let count = unsafe output.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.failure("writing to the engine socket")
            }
            sent += count
        }
        output.removeAll(keepingCapacity: true)
    }

    // MARK: Receiving

    /// The next frame; nil when the peer closed the connection between two frames.
    public func receive() throws(EngineProtocolError) -> EngineFrame? {
        try flush()
        guard let header = try take(5, atBoundary: true) else { return nil }
        let (kind, count) = try EngineFrame.readHeader(header)
        guard let payload = try take(count, atBoundary: false) else { return nil }
        return EngineFrame(kind, payload)
    }

    /// Exactly `count` bytes; nil only at the end of the stream where that is allowed.
    ///
    /// The result grows with what really arrives, not with what a header promises.
    private func take(_ count: Int, atBoundary: Bool) throws(EngineProtocolError) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            if inputRange.isEmpty, try refill() == false {
                if atBoundary, bytes.isEmpty { return nil }
                throw EngineProtocolError(
                    .closed, "the peer closed the connection inside a frame",
                    hint: "look at the other process's last words")
            }
            let end = min(inputRange.upperBound, inputRange.lowerBound + count - bytes.count)
            bytes.append(contentsOf: input[inputRange.lowerBound..<end])
            inputRange = end..<inputRange.upperBound
        }
        return bytes
    }

    /// Fills the empty buffer with what is there; false at the end of the stream.
    private func refill() throws(EngineProtocolError) -> Bool {
        while true {
            let received = unsafe input.withUnsafeMutableBytes { bytes in
                unsafe Glibc.recv(descriptor, bytes.baseAddress, bytes.count, 0)
            }
            if received < 0, errno == EINTR { continue }
            guard received >= 0 else { throw Self.failure("reading from the engine socket") }
            inputRange = 0..<received
            return received > 0
        }
    }

    private static func failure(_ doing: String) -> EngineProtocolError {
        switch errno {
        case EAGAIN:
            EngineProtocolError(
                .timedOut, "\(doing): nothing moved within the time limit",
                hint: "the other process hangs or was stopped")
        case EPIPE, ECONNRESET:
            EngineProtocolError(
                .closed, "\(doing): the peer is gone",
                hint: "look at the other process's last words")
        default:
            EngineProtocolError(
                .socket, "\(doing): errno \(errno)", hint: "see errno(3)")
        }
    }
}
