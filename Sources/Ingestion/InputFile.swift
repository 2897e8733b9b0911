/// A file to ingest, or a member of an archive.
public struct InputFile: Sendable, Hashable {
    /// The path to open; `-` is standard input. A member has that of the archive around it.
    public let path: String
    /// The path relative to the common folder of everything that was asked for: what files are
    /// sorted by, and what reports say. A member is `archive.zip!/folder/name`.
    public let relativePath: String
    /// Whether it is a member of an archive.
    public let isMember: Bool

    /// Makes one; the relative path defaults to the last component.
    public init(path: String, relativePath: String? = nil) {
        self.path = path
        self.relativePath =
            relativePath ?? path.split(separator: "/").last.map(String.init) ?? path
        isMember = false
    }

    /// The member called `name` of `archive`.
    init(member name: String, of archive: InputFile) {
        path = archive.path
        relativePath = "\(archive.relativePath)!/\(name)"
        isMember = true
    }

    /// Standard input.
    public static let standardInput = InputFile(path: "-", relativePath: "-")

    /// The last component of the path.
    var name: String {
        relativePath.split(separator: "/").last.map(String.init) ?? relativePath
    }

    /// The extension, lower case, without the dot; empty if there is none.
    var pathExtension: String {
        let name = name
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }
}
