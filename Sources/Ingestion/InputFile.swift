/// A file to ingest.
public struct InputFile: Sendable, Hashable {
    /// The path to open; `-` is standard input.
    public let path: String
    /// The path relative to the common folder of everything that was asked for: what files are
    /// sorted by, and what reports say.
    public let relativePath: String

    /// Makes one; the relative path defaults to the last component.
    public init(path: String, relativePath: String? = nil) {
        self.path = path
        self.relativePath =
            relativePath ?? path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Standard input.
    public static let standardInput = InputFile(path: "-", relativePath: "-")

    /// The extension, lower case, without the dot; empty if there is none.
    var pathExtension: String {
        let name = relativePath.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }
}
