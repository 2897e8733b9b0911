import Glibc
import Records

/// Standard input: one request, or, for a worker, a request and then a job a line.
final class InputLines {
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    /// The request. A worker's is the first line; any other may have several, up to the end.
    func request() -> [UInt8] {
        guard let first = line() else { return [] }
        let isWorker = (try? JSONParser.parse(first))?["isWorker"]?.boolValue ?? false
        if isWorker { return first }
        var whole = first
        while let next = line() { whole += [0x0A] + next }
        return whole
    }

    /// The next line, without its end; nil at the end of the input.
    func line() -> [UInt8]? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                defer { start = end + 1 }
                return Array(buffer[start..<end])
            }
            searched = buffer.count
            if isAtEnd {
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                return Array(buffer[start...])
            }
            let before = start
            fill()
            searched -= before - start
        }
    }

    private func fill() {
        buffer.removeFirst(start)
        start = 0
        let chunk = 64 << 10
        var bytes = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { bytes in
                unsafe read(0, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 {
                isAtEnd = true
            } else {
                buffer.append(contentsOf: bytes[0..<count])
            }
            return
        }
    }
}
