internal import Glibc

/// Where the program is that reads documents.
enum ReaderExecutable {
    /// What it is called.
    static let name = "tundish-reader"

    /// Its path: the environment variable `TUNDISH_READER`, else beside this program.
    static func path(
        declared: String? = unsafe getenv("TUNDISH_READER").map { unsafe String(cString: $0) }
    ) throws(IngestionError) -> String {
        if let path = declared {
            guard unsafe access(path, X_OK) == 0 else {
                throw IngestionError(
                    .readerMissing, "TUNDISH_READER is '\(path)', which is no program",
                    hint: "set it to the path of \(name), or unset it")
            }
            return path
        }
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let own = String(
            decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(folder)/\(name)"
        guard unsafe access(path, X_OK) == 0 else {
            throw IngestionError(
                .readerMissing, "the program that reads documents is not there: '\(path)'",
                hint: "install \(name) beside this program, or set TUNDISH_READER to its path")
        }
        return path
    }
}
