import Documents
import Glibc
import ReaderProtocol

/// Writes frames to a descriptor, many at a time.
final class FrameWriter: DocumentSink {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private static let bufferByteCount = 64 << 10

    init(descriptor: Int32) {
        self.descriptor = descriptor
        buffer.reserveCapacity(Self.bufferByteCount)
    }

    func put(_ frame: ReaderFrame) throws(ReaderFault) {
        let header: [UInt8]
        do {
            header = try frame.header()
        } catch {
            throw ReaderFault(.overLimit, error.message, hint: error.hint)
        }
        buffer += header
        if frame.payload.count >= Self.bufferByteCount {
            try flush()
            try write(frame.payload)
        } else {
            buffer += frame.payload
            if buffer.count >= Self.bufferByteCount { try flush() }
        }
    }

    /// Writes what is held back.
    func flush() throws(ReaderFault) {
        let bytes = buffer
        buffer.removeAll(keepingCapacity: true)
        try write(bytes)
    }

    private func write(_ bytes: [UInt8]) throws(ReaderFault) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { all in
                unsafe Glibc.write(
                    descriptor, all.baseAddress.map { unsafe $0 + written }, all.count - written)
            }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                // Nobody reads on: there is nobody to tell.
                _exit(1)
            }
        }
    }
}
