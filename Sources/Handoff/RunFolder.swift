import Glibc

/// The folder of one run: ours, 0700, holding nothing but the socket, empty again afterwards.
struct RunFolder {
    let path: String

    /// Makes the folder, or takes it over if it is ours.
    init(_ path: String) throws(HandoffError) {
        guard path.hasPrefix("/") else {
            throw HandoffError(
                .startFailed, "the run folder must be an absolute path",
                hint: "give it from the root on")
        }
        self.path = path
        if unsafe mkdir(path, 0o700) != 0 {
            var information = stat()
            guard errno == EEXIST, unsafe lstat(path, &information) == 0,
                information.st_mode & S_IFMT == S_IFDIR, information.st_uid == getuid(),
                unsafe chmod(path, 0o700) == 0
            else {
                throw HandoffError(
                    .startFailed, "the run folder \(path) cannot be made, or is not ours",
                    hint: "its parent must exist and be writable; it must be no link")
            }
            clear()
        }
    }

    /// Removes everything in the folder, but not the folder.
    func clear() { Self.removeContents(of: path, depth: 0) }

    /// Removes the folder.
    func remove() {
        clear()
        _ = unsafe rmdir(path)
    }

    private static func removeContents(of path: String, depth: Int) {
        guard depth < 16, let names = try? FolderFiles.names(in: path) else { return }
        for name in names {
            let child = path + "/" + name
            var information = stat()
            guard unsafe lstat(child, &information) == 0 else { continue }
            if information.st_mode & S_IFMT == S_IFDIR {
                removeContents(of: child, depth: depth + 1)
                _ = unsafe rmdir(child)
            } else {
                _ = unsafe unlink(child)
            }
        }
    }
}
