/// The names of columns, and whether a first record holds them.
enum CSVColumns {
    /// Names as they can be mapped: trimmed, never blank, each once; and remarks on what changed.
    static func names(_ header: [String]) -> (names: [String], notes: [String]) {
        var notes: [String] = []
        var taken = Set(header.map(ResolvedMapping.trimmed))
        var used: Set<String> = []
        var names: [String] = []
        for (index, cell) in header.enumerated() {
            var name = ResolvedMapping.trimmed(cell)
            if name.isEmpty {
                name = free("column\(index + 1)", taken: taken)
                notes.append("column \(index + 1) has no name and is called '\(name)'")
            } else if used.contains(name) {
                let repeated = name
                name = free(repeated, taken: taken)
                notes.append(
                    "column \(index + 1) repeats the name '\(repeated)' and is called '\(name)'")
            }
            taken.insert(name)
            used.insert(name)
            names.append(name)
        }
        return (names, notes)
    }

    /// `column1`, `column2`, …
    static func numbered(_ count: Int) -> [String] { (0..<count).map { "column\($0 + 1)" } }

    private static func free(_ name: String, taken: Set<String>) -> String {
        guard taken.contains(name) else { return name }
        var number = 2
        while taken.contains("\(name)_\(number)") { number += 1 }
        return "\(name)_\(number)"
    }

    /// Whether `first` names columns rather than being a row like `rows`.
    ///
    /// A mapping that names one of its cells settles it, as does one that only uses `columnN`.
    /// Numbers and sentences are no names; a column of numbers under a word is a sign for a header.
    static func isHeader(_ first: [String], rows: [[String]], mapping: FieldMapping?) -> Bool {
        let cells = first.map(ResolvedMapping.trimmed)
        let wanted = mapping?.namedColumns ?? []
        if wanted.contains(where: { cells.contains($0) }) { return true }
        if !wanted.isEmpty, wanted.allSatisfy({ isNumberedName($0) }) { return false }
        let filled = cells.filter { !$0.isEmpty }
        if filled.count * 2 < cells.count || filled.isEmpty { return false }
        if filled.contains(where: isNumber) || !filled.allSatisfy(isNameLike) { return false }
        let same = rows.filter { $0.count == cells.count }
        guard !same.isEmpty else { return true }
        for column in cells.indices {
            let values = same.map { ResolvedMapping.trimmed($0[column]) }.filter { !$0.isEmpty }
            if !values.isEmpty && values.allSatisfy(isNumber) { return true }
            let mean = values.reduce(0) { $0 + $1.utf8.count } / max(1, values.count)
            if mean > 24 && mean > 2 * cells[column].utf8.count { return true }
        }
        // Words over words: a header does not come again as a row, and has no repeated cells.
        return Set(filled).count == filled.count
            && !same.contains { row in row.map(ResolvedMapping.trimmed) == cells }
            && filled.allSatisfy(isIdentifier)
    }

    private static func isNumberedName(_ name: String) -> Bool {
        name.hasPrefix("column") && Int(name.dropFirst(6)) != nil
    }

    private static func isNumber(_ text: String) -> Bool {
        guard let first = text.utf8.first, first < 0x3A else { return false }
        return Double(text) != nil || text.utf8.allSatisfy { $0 < 0x3B && $0 != 0x20 }
    }

    private static func isNameLike(_ text: String) -> Bool {
        guard text.utf8.count <= 64, let last = text.utf8.last else { return false }
        if [UInt8(ascii: "."), UInt8(ascii: "!")].contains(last) { return false }
        return text.split(separator: " ").count <= 5
    }

    private static func isIdentifier(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || "0123456789_-. ()/%#".unicodeScalars.contains(scalar)
        }
    }
}
