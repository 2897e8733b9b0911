/// Names in SQL: of tables and of columns.
enum SQLNames {
    /// What an INSERT, a COPY or a CREATE TABLE names: the table and its columns, if it lists any.
    struct Header: Hashable {
        var schema: String?
        var table: String
        var columns: [String]?

        /// Whether `wanted` means this table.
        func matches(_ wanted: String) -> Bool {
            let name = wanted.lowercased()
            return name == table.lowercased()
                || name == "\(schema ?? "").\(table)".lowercased()
        }
    }

    /// Reads `INSERT INTO a.b (c, d) …`, `COPY a.b (c, d) FROM …`; nil if no table is named.
    static func header(_ text: [UInt8], after keywords: Set<String>) -> Header? {
        var scanner = Scanner(bytes: text)
        guard var header = scanner.table(after: keywords) else { return nil }
        scanner.skipSpace()
        if scanner.take(UInt8(ascii: "(")) {
            var columns: [String] = []
            while let name = scanner.name() {
                columns.append(name.text)
                scanner.skipSpace()
                if !scanner.take(UInt8(ascii: ",")) { break }
            }
            if scanner.take(UInt8(ascii: ")")), !columns.isEmpty { header.columns = columns }
        }
        return header
    }

    /// Reads `CREATE TABLE a.b (c type, d type, constraint …)`; nil if it is no such statement.
    static func createTable(_ text: [UInt8]) -> Header? {
        var scanner = Scanner(bytes: text)
        let allowed: Set<String> = [
            "CREATE", "TABLE", "TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL", "IF", "NOT",
            "EXISTS", "OR", "REPLACE", "FOREIGN",
        ]
        guard scanner.contains("TABLE"), var header = scanner.table(after: allowed) else {
            return nil
        }
        scanner.skipSpace()
        guard scanner.take(UInt8(ascii: "(")) else { return nil }
        var columns: [String] = []
        while true {
            guard let name = scanner.name() else { break }
            let constraints: Set<String> = [
                "PRIMARY", "UNIQUE", "CONSTRAINT", "FOREIGN", "CHECK", "FULLTEXT", "SPATIAL",
                "EXCLUDE", "LIKE", "PERIOD", "KEY", "INDEX",
            ]
            let hasList = scanner.skipDefinition()
            let isKey = ["KEY", "INDEX"].contains(name.text.uppercased())
            let isConstraint =
                !name.isQuoted && constraints.contains(name.text.uppercased())
                && (!isKey || hasList)
            if !isConstraint { columns.append(name.text) }
            if !scanner.take(UInt8(ascii: ",")) { break }
        }
        header.columns = columns.isEmpty ? nil : columns
        return header
    }

    /// Walks through the words and names of one statement.
    private struct Scanner {
        let bytes: [UInt8]
        var i = 0

        mutating func skipSpace() {
            while i < bytes.count {
                if ByteSearch.isSpace(bytes[i]) {
                    i += 1
                } else if bytes[i...].starts(with: Array("--".utf8)) {
                    while i < bytes.count, bytes[i] != 0x0A { i += 1 }
                } else if bytes[i...].starts(with: Array("/*".utf8)) {
                    i += 2
                    while i < bytes.count, !bytes[i...].starts(with: Array("*/".utf8)) { i += 1 }
                    i = min(i + 2, bytes.count)
                } else {
                    return
                }
            }
        }

        mutating func take(_ byte: UInt8) -> Bool {
            guard i < bytes.count, bytes[i] == byte else { return false }
            i += 1
            return true
        }

        func contains(_ word: String) -> Bool {
            let head = String(decoding: bytes.prefix(256), as: UTF8.self).uppercased()
            return head.split { !$0.isLetter }.contains { $0 == word }
        }

        /// The table's name, behind any number of `keywords`.
        mutating func table(after keywords: Set<String>) -> Header? {
            var parts: [String] = []
            while let name = name() {
                if parts.isEmpty, !name.isQuoted, keywords.contains(name.text.uppercased()) {
                    continue
                }
                parts.append(name.text)
                skipSpace()
                if !take(UInt8(ascii: ".")) { break }
            }
            guard let table = parts.popLast() else { return nil }
            return Header(schema: parts.last, table: table, columns: nil)
        }

        /// A name, bare or in one of the quotes that dialects have.
        mutating func name() -> (text: String, isQuoted: Bool)? {
            skipSpace()
            guard i < bytes.count else { return nil }
            let quotes: [UInt8: UInt8] = [
                UInt8(ascii: "`"): UInt8(ascii: "`"), UInt8(ascii: "\""): UInt8(ascii: "\""),
                UInt8(ascii: "["): UInt8(ascii: "]"), UInt8(ascii: "'"): UInt8(ascii: "'"),
            ]
            guard let close = quotes[bytes[i]] else {
                let start = i
                while i < bytes.count,
                    SQLCutter.isWordByte(bytes[i]) || bytes[i] == UInt8(ascii: "$")
                { i += 1 }
                guard i > start else { return nil }
                return (String(decoding: bytes[start..<i], as: UTF8.self), false)
            }
            var text: [UInt8] = []
            i += 1
            while i < bytes.count {
                if bytes[i] == close {
                    i += 1
                    guard i < bytes.count, bytes[i] == close else { break }
                }
                text.append(bytes[i])
                i += 1
            }
            return (String(decoding: text, as: UTF8.self), true)
        }

        /// Goes to the comma or parenthesis that ends a column's definition; whether there was a
        /// list in parentheses right behind the name (but for another name).
        mutating func skipDefinition() -> Bool {
            skipSpace()
            var hasList = i < bytes.count && bytes[i] == UInt8(ascii: "(")
            if !hasList, let _ = name() {
                skipSpace()
                hasList = i < bytes.count && bytes[i] == UInt8(ascii: "(")
            }
            var depth = 0
            while i < bytes.count {
                let byte = bytes[i]
                if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"")
                    || byte == UInt8(ascii: "`")
                {
                    i += 1
                    while i < bytes.count, bytes[i] != byte {
                        i += bytes[i] == UInt8(ascii: "\\") && byte != UInt8(ascii: "`") ? 2 : 1
                    }
                } else if byte == UInt8(ascii: "(") {
                    depth += 1
                } else if byte == UInt8(ascii: ")") {
                    if depth == 0 { break }
                    depth -= 1
                } else if byte == UInt8(ascii: ","), depth == 0 {
                    break
                } else if bytes[i...].starts(with: Array("--".utf8)) {
                    while i < bytes.count, bytes[i] != 0x0A { i += 1 }
                    continue
                }
                i += 1
            }
            return hasList
        }
    }
}
