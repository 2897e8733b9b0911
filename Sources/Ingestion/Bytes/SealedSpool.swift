internal import Cryptography
internal import Glibc

/// Standard input (or a pipe), kept so that it can be read twice.
///
/// The bytes go to a file in `$TMPDIR` that has no name, sealed in chunks with AES-256-GCM under a
/// key that lives only in this object, so that nothing of them lies in clear on disk. Nonces are
/// the chunk's number: key and spool are used once.
final class SealedSpool: ByteSource {
    private static let chunkBytes = 1 << 20
    private static let tagBytes = 16

    private let descriptor: Int32
    private let key = SymmetricKey.random(byteCount: 32)
    private var chunkCount: UInt64 = 0
    private var lastChunkBytes = 0
    private var nextChunk: UInt64 = 0
    private var opened: [UInt8] = []
    private var position = 0

    /// Spools everything that `input` still has.
    init(reading input: Int32, name: String) throws(IngestionError) {
        let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        descriptor = try Self.openNameless(in: folder)
        var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
        var filled = 0
        while true {
            let count = try unsafe chunk.withUnsafeMutableBufferPointer {
                raw throws(IngestionError) in
                let rest = unsafe UnsafeMutableBufferPointer(rebasing: raw[filled...])
                return try unsafe SystemError.read(
                    input, into: UnsafeMutableRawBufferPointer(rest), name: name)
            }
            filled += count
            if filled == Self.chunkBytes || (count == 0 && filled > 0) {
                try write(Array(chunk[..<filled]))
                filled = 0
            }
            if count == 0 { break }
        }
    }

    deinit { close(descriptor) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestionError) -> Int {
        if position == opened.count {
            guard nextChunk < chunkCount else { return 0 }
            opened = try openChunk(nextChunk)
            nextChunk += 1
            position = 0
        }
        let count = min(buffer.count, opened.count - position)
        unsafe buffer.copyBytes(from: opened[position..<position + count])
        position += count
        return count
    }

    func rewind() {
        nextChunk = 0
        opened = []
        position = 0
    }

    private static func openNameless(in folder: String) throws(IngestionError) -> Int32 {
        var template = Array("\(folder)/tundish-spool-XXXXXX".utf8CString)
        let descriptor = unsafe template.withUnsafeMutableBufferPointer { pointer in
            guard let path = pointer.baseAddress else { return Int32(-1) }
            let descriptor = unsafe mkstemp(path)
            if descriptor >= 0 { unsafe unlink(path) }
            return descriptor
        }
        guard descriptor >= 0 else {
            throw IngestionError(
                .unreadable, "cannot spool standard input in '\(folder)'",
                hint: "set TMPDIR to a folder with space")
        }
        return descriptor
    }

    private func write(_ chunk: [UInt8]) throws(IngestionError) {
        let sealed: [UInt8]
        do { sealed = try AES256GCM.seal(chunk, key: key, nonce: nonce(chunkCount)) } catch {
            throw failure("seal")
        }
        var offset = 0
        while offset < sealed.count {
            let count = unsafe sealed.withUnsafeBytes { raw in
                unsafe pwrite(
                    descriptor, raw.baseAddress.map { unsafe $0 + offset }, raw.count - offset,
                    place(of: chunkCount) + offset)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("write") }
            offset += count
        }
        chunkCount += 1
        lastChunkBytes = chunk.count
    }

    private func openChunk(_ index: UInt64) throws(IngestionError) -> [UInt8] {
        let plain = index + 1 == chunkCount ? lastChunkBytes : Self.chunkBytes
        var sealed = [UInt8](repeating: 0, count: plain + Self.tagBytes)
        var offset = 0
        while offset < sealed.count {
            let count = unsafe sealed.withUnsafeMutableBytes { raw in
                unsafe pread(
                    descriptor, raw.baseAddress.map { unsafe $0 + offset }, raw.count - offset,
                    place(of: index) + offset)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("read") }
            offset += count
        }
        do { return try AES256GCM.open(sealed, key: key, nonce: nonce(index)) } catch {
            throw failure("open")
        }
    }

    private func place(of chunk: UInt64) -> Int { Int(chunk) * (Self.chunkBytes + Self.tagBytes) }

    private func nonce(_ chunk: UInt64) -> [UInt8] {
        [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: chunk >> (56 - 8 * UInt64($0))) }
    }

    private func failure(_ verb: String) -> IngestionError {
        IngestionError(
            .unreadable, "cannot \(verb) the spool of standard input",
            hint: "check the space left in TMPDIR")
    }
}
