internal import FoundationEssentials
internal import Glibc

/// Files that are there as a whole or not at all.
enum DurableFile {
    /// Writes a temporary beside the file, and renames it.
    ///
    /// - Parameter synced: whether it must survive a power cut.
    static func write(_ bytes: [UInt8], to path: String, synced: Bool) throws(CatalogError) {
        try makeFolder(of: path)
        let temporary = "\(path).\(getpid()).tmp"
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failed("create", temporary) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    file, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                close(file)
                throw failed("write", temporary)
            }
            written += count
        }
        if synced { fsync(file) }
        close(file)
        guard unsafe rename(temporary, path) == 0 else { throw failed("rename", temporary) }
    }

    static func makeFolder(of path: String) throws(CatalogError) {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        if folder.isEmpty || FileManager.default.fileExists(atPath: folder) { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw CatalogError(.database, "cannot make the folder \(folder)")
        }
    }

    static func failed(_ verb: String, _ path: String) -> CatalogError {
        CatalogError(.database, "cannot \(verb) \(path) (errno \(errno))")
    }
}

/// An advisory lock between processes (flock), held until unlocked.
struct FileLock {
    private let file: Int32

    init(_ path: String) throws(CatalogError) {
        try DurableFile.makeFolder(of: path)
        file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw DurableFile.failed("open", path) }
        while flock(file, LOCK_EX) != 0 {
            if errno != EINTR { throw DurableFile.failed("lock", path) }
        }
    }

    func unlock() { close(file) }
}
