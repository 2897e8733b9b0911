import Cryptography
import FoundationEssentials
import Glibc
import Records

/// Sorts any number of entries by key with bounded memory.
///
/// What does not fit is spilled in sorted runs, sealed under a key that lives only in this process:
/// a crash leaves nothing readable behind. Files are unlinked as soon as they are open.
///
/// - Complexity: O(n log n) comparisons; memory is `memoryLimit` plus 1 MiB for each run.
final class SealedSorter {
    /// An entry: entries come out in byte order of `key`; equal keys in the order they came in.
    ///
    /// Both are views of what the sorter holds: keep copies of few.
    struct Entry {
        var prefix: UInt64
        var key: ArraySlice<UInt8>
        var payload: ArraySlice<UInt8>
    }

    private struct Slot {
        var prefix: UInt64
        var offset: Int
        var keyLength: Int
        var payloadLength: Int
    }

    private let folder: String
    private let memoryLimit: Int
    private var bytes: [UInt8] = []
    private var slots: [Slot] = []
    private var runs: [SpilledRun] = []
    private var isSorted = false
    private(set) var count = 0

    /// Spills into `folder`, which must exist, whenever more than `memoryLimit` bytes are held.
    init(folder: String, memoryLimit: Int = 64 << 20) {
        self.folder = folder
        self.memoryLimit = memoryLimit
    }

    /// Adds an entry.
    func append(key: [UInt8], payload: [UInt8]) throws {
        try append(key: key) { $0.append(contentsOf: payload) }
    }

    /// Adds an entry whose payload `fill` appends.
    func append(key: [UInt8], filling fill: (inout [UInt8]) -> Void) throws {
        let offset = bytes.count
        bytes.append(contentsOf: key)
        let start = bytes.count
        fill(&bytes)
        slots.append(
            Slot(
                prefix: Self.prefix(of: key[...]), offset: offset, keyLength: key.count,
                payloadLength: bytes.count - start))
        count += 1
        isSorted = false
        if bytes.count + slots.count * MemoryLayout<Slot>.stride > memoryLimit { try spill() }
    }

    /// Gives every entry in order; may be called again.
    func forEach(_ body: (Entry) throws -> Void) throws {
        var cursor = try cursor()
        while let entry = try cursor.next() { try body(entry) }
    }

    /// A cursor before the first entry. Nothing may be appended while it is in use.
    func cursor() throws -> Cursor {
        sortSlots()
        guard !runs.isEmpty else { return Cursor(sorter: self) }
        if !slots.isEmpty { try spill() }
        var cursor = Cursor(sorter: self)
        cursor.readers = runs.map { $0.reader() }
        for index in cursor.readers.indices {
            if let entry = try cursor.readers[index].next() {
                cursor.heads.append((entry, index))
            }
        }
        return cursor
    }

    /// Walks the entries in order.
    struct Cursor {
        fileprivate let sorter: SealedSorter
        fileprivate var slot = 0
        fileprivate var readers: [SpilledRun.Reader] = []
        fileprivate var heads: [(entry: Entry, run: Int)] = []

        fileprivate init(sorter: SealedSorter) { self.sorter = sorter }

        /// The next entry; nil past the last.
        mutating func next() throws -> Entry? {
            guard !readers.isEmpty else {
                guard slot < sorter.slots.count else { return nil }
                slot += 1
                return sorter.entry(sorter.slots[slot - 1])
            }
            // A linear scan: there are few runs, and equal keys keep the order of their runs.
            guard
                let first = heads.indices.min(by: {
                    SealedSorter.precedes(heads[$0], heads[$1])
                })
            else { return nil }
            let head = heads[first]
            if let entry = try readers[head.run].next() {
                heads[first].entry = entry
            } else {
                heads.remove(at: first)
            }
            return head.entry
        }
    }

    /// The first eight bytes, big-endian, zeros after the end: what most comparisons need.
    fileprivate static func prefix(of key: ArraySlice<UInt8>) -> UInt64 {
        var prefix: UInt64 = 0
        var count = 0
        for byte in key.prefix(8) {
            prefix = prefix << 8 | UInt64(byte)
            count += 1
        }
        return count == 0 ? 0 : prefix << UInt64(8 * (8 - count))
    }

    private static func precedes(
        _ left: (entry: Entry, run: Int), _ right: (entry: Entry, run: Int)
    ) -> Bool {
        if left.entry.prefix != right.entry.prefix {
            return left.entry.prefix < right.entry.prefix
        }
        if left.entry.key == right.entry.key { return left.run < right.run }
        return left.entry.key.lexicographicallyPrecedes(right.entry.key)
    }

    private func entry(_ slot: Slot) -> Entry {
        let end = slot.offset + slot.keyLength
        return Entry(
            prefix: slot.prefix, key: bytes[slot.offset..<end],
            payload: bytes[end..<(end + slot.payloadLength)])
    }

    private func sortSlots() {
        guard !isSorted else { return }
        isSorted = true
        let bytes = self.bytes
        slots.sort { left, right in
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            for index in 0..<min(left.keyLength, right.keyLength) {
                let (one, other) = (bytes[left.offset + index], bytes[right.offset + index])
                if one != other { return one < other }
            }
            if left.keyLength != right.keyLength { return left.keyLength < right.keyLength }
            return left.offset < right.offset
        }
    }

    private func spill() throws {
        sortSlots()
        var writer = try SpilledRun.Writer(folder: folder)
        for slot in slots { try writer.append(entry(slot)) }
        runs.append(try writer.finish())
        bytes.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: true)
    }
}

/// A sorted run on disk: chunks of about 1 MiB, each AES-256-GCM under a key of this run alone.
fileprivate final class SpilledRun {
    private let descriptor: Int32
    private let key: SymmetricKey
    private let chunkLengths: [Int]

    init(descriptor: Int32, key: SymmetricKey, chunkLengths: [Int]) {
        self.descriptor = descriptor
        self.key = key
        self.chunkLengths = chunkLengths
    }

    deinit { close(descriptor) }

    static func nonce(_ chunk: Int) -> [UInt8] { [0, 0, 0, 0] + BigEndian.bytes(UInt64(chunk)) }

    struct Writer {
        private let descriptor: Int32
        private let key = SymmetricKey.random()
        private var chunk: [UInt8] = []
        private var lengths: [Int] = []

        init(folder: String) throws {
            let path = folder + "/.spill-" + Hex.encode(SecureRandom.bytes(8))
            descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw Self.failure("cannot make a spill file in \(folder)")
            }
            unsafe unlink(path)
        }

        mutating func append(_ entry: Entry) throws {
            if chunk.isEmpty { chunk.reserveCapacity(1 << 20 + 1 << 16) }
            BigEndian.append(UInt32(entry.key.count), to: &chunk)
            BigEndian.append(UInt32(entry.payload.count), to: &chunk)
            chunk.append(contentsOf: entry.key)
            chunk.append(contentsOf: entry.payload)
            if chunk.count >= 1 << 20 { try flush() }
        }

        private mutating func flush() throws {
            let sealed = try AES256GCM.seal(chunk, key: key, nonce: SpilledRun.nonce(lengths.count))
            var written = 0
            while written < sealed.count {
                let count = unsafe sealed.withUnsafeBytes {
                    unsafe write(descriptor, $0.baseAddress! + written, sealed.count - written)
                }
                guard count > 0 else { throw Self.failure("the disk is full while sorting") }
                written += count
            }
            lengths.append(sealed.count)
            chunk.removeAll(keepingCapacity: true)
        }

        mutating func finish() throws -> SpilledRun {
            if !chunk.isEmpty { try flush() }
            return SpilledRun(descriptor: descriptor, key: key, chunkLengths: lengths)
        }

        private static func failure(_ message: String) -> WorkspaceError {
            WorkspaceError(
                .failed, "\(message): \(errnoText())",
                hint: "make room there, or set TMPDIR to a folder on a larger disk")
        }
    }

    typealias Entry = SealedSorter.Entry

    struct Reader {
        private let run: SpilledRun
        private var chunk: [UInt8] = []
        private var position = 0
        private var chunkIndex = 0
        private var fileOffset = 0

        init(_ run: SpilledRun) { self.run = run }

        mutating func next() throws -> Entry? {
            if position == chunk.count {
                guard chunkIndex < run.chunkLengths.count else { return nil }
                try load()
            }
            guard let keyLength = BigEndian.read(UInt32.self, from: chunk, at: position),
                let payloadLength = BigEndian.read(UInt32.self, from: chunk, at: position + 4)
            else { throw WorkspaceError(.integrity, "a spill file was changed while sorting") }
            let keyStart = position + 8
            let payloadStart = keyStart + Int(keyLength)
            position = payloadStart + Int(payloadLength)
            let key = chunk[keyStart..<payloadStart]
            return Entry(
                prefix: SealedSorter.prefix(of: key), key: key,
                payload: chunk[payloadStart..<position])
        }

        private mutating func load() throws {
            let length = run.chunkLengths[chunkIndex]
            var sealed = [UInt8](repeating: 0, count: length)
            var got = 0
            while got < length {
                let count = unsafe sealed.withUnsafeMutableBytes {
                    unsafe pread(
                        run.descriptor, $0.baseAddress! + got, length - got, fileOffset + got)
                }
                guard count > 0 else {
                    throw WorkspaceError(.integrity, "a spill file was cut while sorting")
                }
                got += count
            }
            chunk = try AES256GCM.open(sealed, key: run.key, nonce: SpilledRun.nonce(chunkIndex))
            fileOffset += length
            chunkIndex += 1
            position = 0
        }
    }

    func reader() -> Reader { Reader(self) }
}

/// The text of `errno`.
func errnoText() -> String { unsafe String(cString: strerror(errno)) }
