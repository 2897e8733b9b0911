internal import Cryptography
import Glibc
internal import Records

/// Reading the files of one flat folder; links are not followed.
enum FolderFiles {
    /// The names of everything in the folder, sorted.
    static func names(in folder: String) throws(HandoffError) -> [String] {
        guard let directory = unsafe opendir(folder) else {
            throw HandoffError(
                .malformed, "the folder \(folder) cannot be read", hint: "check the path")
        }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The whole of a small file (at most 16 MiB).
    static func read(_ folder: String, _ name: String) throws(HandoffError) -> [UInt8] {
        var bytes: [UInt8] = []
        try forEachPiece(folder, name) { (piece: [UInt8]) throws(HandoffError) in
            bytes.append(contentsOf: piece)
            guard bytes.count <= 16 << 20 else {
                throw HandoffError(
                    .malformed, "\(name) is far too long", hint: "export the model again")
            }
        }
        return bytes
    }

    /// The SHA-256 of a file, lower-case hex.
    static func digest(_ folder: String, _ name: String) throws(HandoffError) -> String {
        var hasher = SHA256.Hasher()
        try forEachPiece(folder, name) { (piece: [UInt8]) throws(HandoffError) in
            hasher.update(piece)
        }
        return Hex.encode(hasher.finalize())
    }

    private static func forEachPiece(
        _ folder: String, _ name: String, _ body: ([UInt8]) throws(HandoffError) -> Void
    ) throws(HandoffError) {
        let path = folder + "/" + name
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw HandoffError(
                .malformed, "\(name) is missing or cannot be read",
                hint: "export the model again")
        }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw HandoffError(
                    .malformed, "\(name) cannot be read: errno \(errno)", hint: "check it")
            }
            if count == 0 { return }
            try body(Array(buffer[0..<count]))
        }
    }
}
