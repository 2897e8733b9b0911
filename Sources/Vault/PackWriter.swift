internal import Glibc

/// Writes sealed objects back to back into packs: temporary → fsync → rename → fsync of the folder.
///
/// Locations are known at once, and true once `finish` returned; only then may the catalog commit
/// them. Without `finish` (or after `abort`) nothing of it stays. One thread at a time.
///
/// ```swift
/// let writer = try vault.packs.writer()
/// let place = try writer.append(object)
/// try writer.finish()
/// ```
public final class PackWriter {
    private let store: PackStore
    private let targetByteCount: UInt64
    private var current: Open?
    private var objectStart: UInt64?
    private var finished: [PackID] = []
    private var isDone = false
    private var buffer: [UInt8] = []

    /// A pack that is being written.
    private struct Open {
        let pack: PackID
        let descriptor: Int32
        var byteCount: UInt64 = 0
    }

    init(store: PackStore, targetByteCount: UInt64) {
        self.store = store
        self.targetByteCount = targetByteCount
    }

    deinit { if !isDone { abort() } }

    /// Writes one object.
    public func append(_ object: SealedObject) throws(VaultError) -> PackLocation {
        try beginObject()
        try write(object.bytes)
        return try endObject()
    }

    /// Begins an object that comes in pieces.
    public func beginObject() throws(VaultError) {
        precondition(objectStart == nil, "objects do not nest")
        precondition(!isDone, "a finished writer writes no more")
        if current == nil { current = try begin() }
        objectStart = current?.byteCount
    }

    /// Writes a piece of the object that was begun.
    public func write(_ bytes: [UInt8]) throws(VaultError) {
        precondition(objectStart != nil, "a piece belongs to an object")
        buffer += bytes
        current?.byteCount += UInt64(bytes.count)
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Ends the object that was begun; gives its place.
    public func endObject() throws(VaultError) -> PackLocation {
        guard let start = objectStart, let current else {
            throw VaultError(.badArgument, "no object was begun")
        }
        objectStart = nil
        let location = PackLocation(
            pack: current.pack, offset: start, length: current.byteCount - start)
        if current.byteCount >= targetByteCount { try complete() }
        return location
    }

    /// Completes the last pack; gives all packs that were written. Now locations are true.
    @discardableResult
    public func finish() throws(VaultError) -> [PackID] {
        precondition(objectStart == nil, "an object is not ended")
        try complete()
        isDone = true
        return finished
    }

    /// Removes everything that this writer wrote, completed packs too.
    public func abort() {
        guard !isDone else { return }
        isDone = true
        if let current {
            _ = SystemCalls.unlink(store.temporaryPath(current.pack))
            close(current.descriptor)
        }
        current = nil
        for pack in finished { _ = SystemCalls.unlink(store.path(pack)) }
        finished = []
    }

    private func begin() throws(VaultError) -> Open {
        let pack = PackID.random()
        let path = store.temporaryPath(pack)
        let descriptor = SystemCalls.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        guard descriptor >= 0 else { throw VaultError.system("create", path) }
        // Tells a sweep that somebody is still at it; gone with the process.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw VaultError.system("lock", path)
        }
        return Open(pack: pack, descriptor: descriptor)
    }

    private func flush() throws(VaultError) {
        guard let current, !buffer.isEmpty else { return }
        try PrivateFile.writeAll(
            buffer[...], to: current.descriptor, store.temporaryPath(current.pack))
        buffer.removeAll(keepingCapacity: true)
    }

    private func complete() throws(VaultError) {
        guard let current else { return }
        try flush()
        let path = store.temporaryPath(current.pack)
        guard fsync(current.descriptor) == 0 else { throw VaultError.system("fsync", path) }
        guard SystemCalls.rename(path, store.path(current.pack)) == 0 else {
            throw VaultError.system("rename", path)
        }
        self.current = nil
        finished.append(current.pack)
        close(current.descriptor)
        try PrivateFile.synchronize(folder: store.folder)
    }
}
