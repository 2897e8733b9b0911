/// Rows of words under each other.
enum TextTable {
    /// Lines in which each column is as wide as its widest word; the last one is not filled up.
    static func lines(_ rows: [[String]], indent: Int = 2) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        let start = String(repeating: " ", count: indent)
        return rows.map { row in
            start
                + row.enumerated().map { column, word in
                    column == row.count - 1
                        ? word
                        : word + String(repeating: " ", count: widths[column] - word.count)
                }.joined(separator: "  ")
        }
    }
}
