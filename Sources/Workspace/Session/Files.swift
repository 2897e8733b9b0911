import FoundationEssentials
import Glibc

/// Small whole files: configuration, keys' passphrases, exports. Data streams go elsewhere.
public enum Files {
    /// All bytes of a file.
    public static func read(_ path: String) throws -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            let exists = FileManager.default.fileExists(atPath: path)
            throw WorkspaceError(
                exists ? .failed : .notFound,
                exists ? "\(path) cannot be read" : "there is no file \(path)",
                hint: exists ? "check who may read it: ls -l \(path)" : nil)
        }
    }

    /// Writes a file whole or not at all: temporary file, fsync, rename.
    ///
    /// - Parameter mode: the permission bits, such as `0o600` for what others must not read.
    public static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws {
        let temporary = path + ".tmp-\(getpid())"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw WorkspaceError(
                .failed, "cannot write \(path): \(errnoText())",
                hint: "check that its folder exists and that you may write there")
        }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written)
            }
            guard count > 0 else {
                let reason = errnoText()
                close(descriptor)
                unsafe unlink(temporary)
                throw WorkspaceError(.failed, "cannot write \(path): \(reason)")
            }
            written += count
        }
        fsync(descriptor)
        close(descriptor)
        guard unsafe rename(temporary, path) == 0 else {
            let reason = errnoText()
            unsafe unlink(temporary)
            throw WorkspaceError(.failed, "cannot write \(path): \(reason)")
        }
    }

    /// Makes a folder and those above it.
    public static func makeFolder(_ path: String, mode: UInt32 = 0o755) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: Int(mode)])
        } catch {
            throw WorkspaceError(.failed, "cannot make the folder \(path): \(errnoText())")
        }
    }

    /// Whether something is at a path.
    public static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    /// The first line of a file, without its line end: a passphrase.
    static func readPassphrase(_ path: String) throws -> [UInt8] {
        let bytes = try read(path)
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        guard !line.isEmpty else {
            throw WorkspaceError(.usage, "\(path) holds no passphrase on its first line")
        }
        return Array(line)
    }
}
