internal import Glibc

/// Files that only their owner may read, written so that a crash leaves the old file or the new one.
enum PrivateFile {
    /// Reads a file, refusing one that group or others may touch.
    static func readSecret(_ path: String) throws(VaultError) -> [UInt8] {
        let descriptor = SystemCalls.open(path, O_RDONLY)
        guard descriptor >= 0 else { throw VaultError.system("open", path) }
        defer { close(descriptor) }
        guard let info = SystemCalls.status(descriptor) else {
            throw VaultError.system("stat", path)
        }
        guard info.st_mode & 0o077 == 0 else {
            throw VaultError(
                .loosePermissions, "\(path) can be read by others than its owner",
                hint: "Run: chmod 600 \(path)")
        }
        return try readAll(descriptor, path)
    }

    /// Reads a file that holds no secret.
    static func read(_ path: String) throws(VaultError) -> [UInt8] {
        let descriptor = SystemCalls.open(path, O_RDONLY)
        guard descriptor >= 0 else { throw VaultError.system("open", path) }
        defer { close(descriptor) }
        return try readAll(descriptor, path)
    }

    private static func readAll(
        _ descriptor: Int32, _ path: String
    ) throws(VaultError) -> [UInt8] {
        var out: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = SystemCalls.read(descriptor, into: &buffer)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw VaultError.system("read", path) }
            if count == 0 { return out }
            out += buffer[..<count]
        }
    }

    /// Writes a 0600 file: temporary → fsync → rename (or link, when nothing may be replaced) →
    /// fsync of the folder.
    static func write(
        _ bytes: [UInt8], to path: String, replacing: Bool
    ) throws(VaultError) {
        let temporary = "\(path).tmp-\(getpid())-\(PackID.random().hex.prefix(8))"
        let descriptor = SystemCalls.open(
            temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        guard descriptor >= 0 else { throw VaultError.system("create", temporary) }
        defer { _ = SystemCalls.unlink(temporary) }
        do {
            defer { close(descriptor) }
            try writeAll(bytes[...], to: descriptor, temporary)
            guard fsync(descriptor) == 0 else { throw VaultError.system("fsync", temporary) }
        }
        if replacing {
            guard SystemCalls.rename(temporary, path) == 0 else {
                throw VaultError.system("rename to", path)
            }
        } else {
            // link(2) fails when the name is taken, rename(2) would not.
            guard SystemCalls.link(temporary, path) == 0 else {
                if errno == EEXIST {
                    throw VaultError(
                        .alreadyExists, "\(path) exists already",
                        hint: "Choose another path, or remove it if nothing needs it any more.")
                }
                throw VaultError.system("create", path)
            }
        }
        try synchronize(folder: folder(of: path))
    }

    /// Writes every byte, however often the system takes only some.
    static func writeAll(
        _ bytes: ArraySlice<UInt8>, to descriptor: Int32, _ path: String
    ) throws(VaultError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = SystemCalls.write(descriptor, rest)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw VaultError.system("write", path) }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes a rename in `folder` outlive a power cut.
    static func synchronize(folder: String) throws(VaultError) {
        let descriptor = SystemCalls.open(folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw VaultError.system("open folder", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw VaultError.system("fsync", folder) }
    }

    /// Makes a 0700 folder, and those above it; fine when it exists.
    static func makeFolder(_ path: String) throws(VaultError) {
        if SystemCalls.makeFolder(path) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, folder(of: path) != path else {
            throw VaultError.system("create folder", path)
        }
        try makeFolder(folder(of: path))
        guard SystemCalls.makeFolder(path) == 0 || errno == EEXIST else {
            throw VaultError.system("create folder", path)
        }
    }

    /// Whether something of that name exists.
    static func exists(_ path: String) -> Bool { SystemCalls.exists(path) }

    /// The names in a folder, sorted, without `.` and `..`.
    static func names(in folder: String) throws(VaultError) -> [String] {
        guard let stream = unsafe opendir(folder) else {
            throw VaultError.system("read folder", folder)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { text in
                    unsafe String(cString: text)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
