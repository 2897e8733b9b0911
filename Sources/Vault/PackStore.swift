internal import Glibc

/// The pack files of a workspace: sealed objects back to back, about 16 MB a file, never changed
/// once they have their name.
///
/// ```
/// packs/<pack id in hex>.pack          whole, on the disk
/// packs/<pack id in hex>.tmp           being written; its writer holds a lock on it
/// ```
public final class PackStore: Sendable {
    /// The folder of the packs.
    public let folder: String
    static let suffix = ".pack"
    static let temporarySuffix = ".tmp"

    init(folder: String) { self.folder = folder }

    /// Begins to write packs.
    ///
    /// - Parameter targetByteCount: a pack that has reached this many bytes is completed.
    public func writer(targetByteCount: Int = 16 << 20) throws(VaultError) -> PackWriter {
        try PrivateFile.makeFolder(folder)
        return PackWriter(store: self, targetByteCount: UInt64(max(1, targetByteCount)))
    }

    func path(_ pack: PackID) -> String { "\(folder)/\(pack.hex)\(Self.suffix)" }

    func temporaryPath(_ pack: PackID) -> String { "\(folder)/\(pack.hex)\(Self.temporarySuffix)" }

    // MARK: Reading

    /// The sealed bytes of an object.
    public func read(_ location: PackLocation) throws(VaultError) -> [UInt8] {
        let descriptor = try open(location)
        defer { close(descriptor) }
        return try Self.read(
            descriptor, location.pack, offset: location.offset, count: Int(location.length))
    }

    /// The sealed bytes of an object, piece by piece. An error of `body` comes back as it is.
    public func read(
        _ location: PackLocation, pieceByteCount: Int, _ body: ([UInt8]) throws -> Void
    ) throws {
        let descriptor = try open(location)
        defer { close(descriptor) }
        var done: UInt64 = 0
        while done < location.length {
            let count = min(UInt64(max(1, pieceByteCount)), location.length - done)
            try body(
                try Self.read(
                    descriptor, location.pack, offset: location.offset + done, count: Int(count)))
            done += count
        }
    }

    /// Opens a pack; fails unless the range lies in it, before any memory is taken for it.
    private func open(_ location: PackLocation) throws(VaultError) -> Int32 {
        let path = path(location.pack)
        let descriptor = SystemCalls.open(path, O_RDONLY)
        guard descriptor >= 0 else {
            if errno == ENOENT {
                throw VaultError(
                    .unknownPack, "pack \(location.pack.hex) is missing",
                    hint: "Restore packs/ from the data backup.")
            }
            throw VaultError.system("open", path)
        }
        let (end, overflow) = location.offset.addingReportingOverflow(location.length)
        guard let info = SystemCalls.status(descriptor), !overflow, end <= UInt64(info.st_size)
        else {
            close(descriptor)
            throw Self.truncated(location.pack)
        }
        return descriptor
    }

    private static func read(
        _ descriptor: Int32, _ pack: PackID, offset: UInt64, count: Int
    ) throws(VaultError) -> [UInt8] {
        var failure: VaultError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            while filled < count {
                let got = unsafe pread(
                    descriptor, target.baseAddress.map { unsafe $0 + filled }, count - filled,
                    off_t(offset) + filled)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = VaultError.system("read pack", pack.hex) }
                if got == 0 { failure = truncated(pack) }
                if got <= 0 { return }
                filled += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    private static func truncated(_ pack: PackID) -> VaultError {
        VaultError(
            .packTruncated, "pack \(pack.hex) is shorter than the catalog says",
            hint: "Restore packs/ from the data backup.")
    }

    // MARK: Listing and removing

    /// Whether a pack is there.
    public func exists(_ pack: PackID) -> Bool { PrivateFile.exists(path(pack)) }

    /// The packs that are there, in byte order of their ids.
    public func list() throws(VaultError) -> [PackID] {
        try PrivateFile.names(in: folder).compactMap { name in
            name.hasSuffix(Self.suffix) ? PackID(hex: String(name.dropLast(5))) : nil
        }
    }

    /// The length of a pack in bytes.
    public func byteCount(_ pack: PackID) throws(VaultError) -> UInt64 {
        UInt64(try status(pack).st_size)
    }

    /// Removes one pack; fine when it is gone already.
    public func remove(_ pack: PackID) throws(VaultError) {
        guard SystemCalls.unlink(path(pack)) == 0 || errno == ENOENT else {
            throw VaultError.system("remove", path(pack))
        }
        try PrivateFile.synchronize(folder: folder)
    }

    /// Removes packs that the catalog does not know; gives them.
    ///
    /// - Parameters:
    ///   - live: every pack of the catalog, read *before* this call.
    ///   - graceSeconds: how old a pack must be: younger ones may belong to a commit on its way.
    @discardableResult
    public func removePacks(
        notIn live: Set<PackID>, graceSeconds: Int64 = 3600
    ) throws(VaultError) -> [PackID] {
        let now = Int64(time(nil))
        var removed: [PackID] = []
        for pack in try list() where !live.contains(pack) {
            guard Int64(try status(pack).st_mtim.tv_sec) <= now - graceSeconds else { continue }
            try remove(pack)
            removed.append(pack)
        }
        return removed
    }

    /// Removes temporaries whose writer is gone: its lock went with it. Gives how many.
    @discardableResult
    public func sweepTemporaries() throws(VaultError) -> Int {
        var count = 0
        for name in try PrivateFile.names(in: folder) where name.hasSuffix(Self.temporarySuffix) {
            let path = "\(folder)/\(name)"
            let descriptor = SystemCalls.open(path, O_RDWR)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
            if SystemCalls.unlink(path) == 0 { count += 1 }
        }
        return count
    }

    private func status(_ pack: PackID) throws(VaultError) -> stat {
        guard let info = SystemCalls.status(path(pack)) else {
            throw VaultError(.unknownPack, "pack \(pack.hex) is missing")
        }
        return info
    }
}
