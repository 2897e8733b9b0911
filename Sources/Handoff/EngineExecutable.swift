internal import Cryptography
import Glibc
internal import Records

/// An engine by its executable, pinned to the SHA-256 that was approved.
public struct EngineExecutable: Sendable, Hashable {
    /// The name in the register.
    public let name: String
    /// The executable's path.
    public let path: String
    /// Its SHA-256, lower-case hex.
    public let sha256: String

    /// Registers an executable: hashes it as it stands now.
    ///
    /// - Throws: `.engineNotFound`.
    public init(name: String, path: String) throws(HandoffError) {
        self.init(name: name, path: path, pinnedSHA256: try Self.digest(of: path))
    }

    /// An executable out of the register; ``check()`` holds it to its digest.
    public init(name: String, path: String, pinnedSHA256: String) {
        self.name = name
        self.path = path
        sha256 = pinnedSHA256
    }

    /// Hashes the file and compares.
    ///
    /// - Throws: `.engineNotFound`, or `.engineChanged` if one byte of it is another.
    public func check() throws(HandoffError) {
        let found = try Self.digest(of: path)
        guard found == sha256 else {
            throw HandoffError(
                .engineChanged,
                "the executable of engine '\(name)' has SHA-256 \(found.prefix(12))…, "
                    + "registered is \(sha256.prefix(12))…",
                hint: "install the registered build again, or have the new one approved")
        }
    }

    private static func digest(of path: String) throws(HandoffError) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, unsafe access(path, X_OK) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            throw HandoffError(
                .engineNotFound, "there is no executable at \(path)",
                hint: "install the engine, or register where it is now")
        }
        defer { close(descriptor) }
        var hasher = SHA256.Hasher()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe read(descriptor, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw HandoffError(
                    .engineNotFound, "the executable at \(path) cannot be read: errno \(errno)",
                    hint: "check its permissions")
            }
            if count == 0 { break }
            hasher.update(Array(buffer[0..<count]))
        }
        return Hex.encode(hasher.finalize())
    }
}
