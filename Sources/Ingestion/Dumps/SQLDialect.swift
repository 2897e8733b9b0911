/// How a dump of SQL is written, as far as it matters to its strings.
struct SQLDialect: Hashable {
    /// Whether a backslash in `'…'` begins an escape (MySQL and MariaDB; old PostgreSQL).
    var backslashEscapes: Bool
    /// Whether `"…"` is a string and not a name.
    var doubleQuotesAreText: Bool

    /// Judges the beginning of a file by what the dump programs write there.
    init(sample: UnsafeBufferPointer<UInt8>) {
        let head = unsafe String(
            decoding: UnsafeBufferPointer(rebasing: sample.prefix(64 << 10)), as: UTF8.self)
        let mysql = ["MySQL dump", "MariaDB dump", "ENGINE=", "/*!40", "LOCK TABLES", "phpMyAdmin"]
        let standard = [
            "PostgreSQL database", "standard_conforming_strings", "FROM stdin", "PRAGMA ",
            "BEGIN TRANSACTION",
        ]
        backslashEscapes = false
        doubleQuotesAreText = false
        if mysql.contains(where: head.contains) {
            backslashEscapes = true
            doubleQuotesAreText = true
        } else if head.contains("standard_conforming_strings = off") {
            backslashEscapes = true
        } else if !standard.contains(where: head.contains) {
            // Nobody says: \' and \n inside of strings are MySQL's way.
            backslashEscapes = head.contains("\\'") || head.contains("`")
        }
    }
}
