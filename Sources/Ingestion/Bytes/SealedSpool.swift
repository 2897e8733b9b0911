internal import Cryptography
internal import Glibc

/// Standard input, a pipe or a member of an archive, kept so that it can be read twice.
///
/// The bytes go to a file in `$TMPDIR` that has no name, sealed in chunks with AES-256-GCM under a
/// key that lives only in this object, so that nothing of them lies in clear on disk. Nonces are
/// the chunk's number: key and spool are used once. Up to one chunk stays in memory.
final class SealedSpool: ByteSource {
    private static let chunkBytes = 1 << 20
    private static let tagBytes = 16

    private var descriptor: Int32 = -1
    private let key = SymmetricKey.random(byteCount: 32)
    private var chunkCount: UInt64 = 0
    private var lastChunkBytes = 0
    private var nextChunk: UInt64 = 0
    private var opened: [UInt8] = []
    private var position = 0
    private var filling: [UInt8] = []
    private let name: String

    /// An empty spool; `name` is what errors call it.
    init(name: String) { self.name = name }

    /// Spools everything that `input` still has.
    convenience init(reading input: Int32, name: String) throws(IngestionError) {
        self.init(name: name)
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = try unsafe chunk.withUnsafeMutableBufferPointer {
                raw throws(IngestionError) in
                try unsafe SystemError.read(
                    input, into: UnsafeMutableRawBufferPointer(raw), name: name)
            }
            if count == 0 { break }
            try append(chunk[..<count])
        }
        try seal()
    }

    /// Adds bytes; only before ``seal()``.
    func append(_ bytes: ArraySlice<UInt8>) throws(IngestionError) {
        var rest = bytes
        while !rest.isEmpty {
            let part = rest.prefix(Self.chunkBytes - filling.count)
            filling.append(contentsOf: part)
            rest = rest.dropFirst(part.count)
            if filling.count == Self.chunkBytes { try writeFilling() }
        }
    }

    /// Ends the writing; the spool stands at its first byte.
    func seal() throws(IngestionError) {
        if chunkCount > 0, !filling.isEmpty { try writeFilling() }
        rewind()
    }

    private func writeFilling() throws(IngestionError) {
        if descriptor < 0 {
            let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
            descriptor = try openNameless(in: folder)
        }
        try write(filling)
        filling.removeAll(keepingCapacity: true)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestionError) -> Int {
        if position == opened.count {
            guard try openNext() else { return 0 }
        }
        let count = min(buffer.count, opened.count - position)
        unsafe buffer.copyBytes(from: opened[position..<position + count])
        position += count
        return count
    }

    /// What is small never left memory.
    private func openNext() throws(IngestionError) -> Bool {
        if chunkCount == 0, nextChunk == 0, !filling.isEmpty {
            opened = filling
        } else {
            guard nextChunk < chunkCount else { return false }
            opened = try openChunk(nextChunk)
        }
        nextChunk += 1
        position = 0
        return true
    }

    func rewind() {
        nextChunk = 0
        opened = []
        position = 0
    }

    private func openNameless(in folder: String) throws(IngestionError) -> Int32 {
        var template = Array("\(folder)/tundish-spool-XXXXXX".utf8CString)
        let descriptor = unsafe template.withUnsafeMutableBufferPointer { pointer in
            guard let path = pointer.baseAddress else { return Int32(-1) }
            let descriptor = unsafe mkstemp(path)
            if descriptor >= 0 {
                unsafe unlink(path)
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            }
            return descriptor
        }
        guard descriptor >= 0 else {
            throw IngestionError(
                .unreadable, "cannot spool '\(name)' in '\(folder)'",
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
            .unreadable, "cannot \(verb) the spool of '\(name)'",
            hint: "check the space left in TMPDIR")
    }
}
