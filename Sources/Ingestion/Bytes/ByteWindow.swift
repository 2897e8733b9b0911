internal import Cryptography

/// A sliding view of a source's text: the bytes not yet consumed, and more on request.
///
/// Memory is that of the longest record (the readers stop at a limit) plus one chunk.
final class ByteWindow {
    private let source: any ByteSource
    private let chunkBytes: Int
    private var transcoder: Transcoder
    private var hasher = SHA256.Hasher()
    private var bytes: [UInt8]
    private var raw: [UInt8]
    private var head = 0
    private var tail = 0
    private var pendingMark: Int

    /// Where the first byte of the view stands in the source.
    private(set) var sourceOffset: UInt64
    /// Whether the source has no more bytes than the view shows.
    private(set) var isAtEnd = false
    /// Source bytes read so far.
    private(set) var sourceCount: UInt64 = 0

    /// Shows `source`, whose first `markBytes` are a byte order mark.
    init(
        _ source: any ByteSource, encoding: TextEncoding, markBytes: Int, chunkBytes: Int
    ) {
        self.source = source
        self.chunkBytes = max(1, chunkBytes)
        transcoder = Transcoder(encoding)
        bytes = [UInt8](repeating: 0, count: 2 * max(1, chunkBytes))
        raw = []
        pendingMark = markBytes
        sourceOffset = UInt64(markBytes)
    }

    /// How many bytes the view shows.
    var count: Int { tail - head }

    /// Calls `body` with the bytes of the view.
    func withBytes<R, E: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        let head = head
        let tail = tail
        return try unsafe bytes.withUnsafeBufferPointer { buffer throws(E) in
            try unsafe body(UnsafeBufferPointer(rebasing: buffer[head..<tail]))
        }
    }

    /// How many source bytes a part of the view stood for.
    func sourceBytes(of text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        unsafe transcoder.sourceBytes(of: text)
    }

    /// Takes the first `count` bytes out of the view.
    func consume(_ count: Int) {
        if transcoder.isIdentity {
            sourceOffset += UInt64(count)
        } else {
            let width = unsafe withBytes { text in
                unsafe transcoder.sourceBytes(
                    of: UnsafeBufferPointer(rebasing: text[..<count]))
            }
            sourceOffset += width
        }
        head += count
    }

    /// Appends the next chunk; false if there is none.
    func refill() throws(IngestionError) -> Bool {
        guard !isAtEnd else { return false }
        makeRoom()
        if transcoder.isIdentity && pendingMark == 0 {
            let start = tail
            let size = min(chunkBytes, bytes.count - start)
            let count = try unsafe bytes.withUnsafeMutableBufferPointer {
                buffer throws(IngestionError) in
                let part = unsafe UnsafeMutableRawBufferPointer(
                    UnsafeMutableBufferPointer(rebasing: buffer[start..<start + size]))
                let count = try unsafe source.read(into: part)
                unsafe hasher.update(UnsafeRawBufferPointer(rebasing: part[..<count]))
                return count
            }
            sourceCount += UInt64(count)
            tail += count
            isAtEnd = count == 0
            return count > 0
        }
        return try refillDecoding()
    }

    /// Reads until the view shows at least `wanted` bytes or the source ends.
    func fill(_ wanted: Int) throws(IngestionError) {
        while count < wanted, try refill() {}
    }

    /// SHA-256 of all source bytes; call it at the end only.
    func digest() -> [UInt8] { hasher.finalize() }

    private func refillDecoding() throws(IngestionError) -> Bool {
        while true {
            if raw.count != chunkBytes { raw = [UInt8](repeating: 0, count: chunkBytes) }
            let count = try unsafe raw.withUnsafeMutableBufferPointer {
                buffer throws(IngestionError) in
                let part = UnsafeMutableRawBufferPointer(buffer)
                let count = try unsafe source.read(into: part)
                unsafe hasher.update(UnsafeRawBufferPointer(rebasing: part[..<count]))
                return count
            }
            sourceCount += UInt64(count)
            var text: [UInt8] = []
            if count == 0 {
                isAtEnd = true
                transcoder.finish(into: &text)
            } else {
                let skipped = min(pendingMark, count)
                pendingMark -= skipped
                transcoder.decode(Array(raw[skipped..<count]), into: &text)
            }
            append(text)
            if !text.isEmpty { return true }
            if isAtEnd { return false }
        }
    }

    private func append(_ text: [UInt8]) {
        if tail + text.count > bytes.count {
            bytes.append(
                contentsOf: repeatElement(0, count: max(bytes.count, text.count)))
        }
        bytes.replaceSubrange(tail..<tail + text.count, with: text)
        tail += text.count
    }

    /// Moves the view to the front, and doubles the buffer if it is more than half full of one
    /// record.
    private func makeRoom() {
        guard bytes.count - tail < chunkBytes else { return }
        if head > 0 {
            let (from, length) = (head, tail - head)
            unsafe bytes.withUnsafeMutableBytes { buffer in
                let kept = unsafe UnsafeRawBufferPointer(rebasing: buffer[from..<from + length])
                unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])
                    .copyMemory(from: kept)
            }
            tail = length
            head = 0
        }
        if bytes.count - tail < chunkBytes {
            bytes.append(contentsOf: repeatElement(0, count: max(bytes.count, chunkBytes)))
        }
    }
}
