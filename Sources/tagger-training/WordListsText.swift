import FoundationEssentials

/// Whole text files by line.
enum WordListsText {
    /// All lines, empty ones too.
    static func allLines(_ path: String) throws -> [Substring] {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }
}
