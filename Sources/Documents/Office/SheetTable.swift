internal import ReaderProtocol
internal import Records

/// Makes records of a sheet's rows: finds the header, names the columns, puts the rows.
///
/// The header is the first of the first 20 filled rows that fills at least four of five of the
/// columns in use, if it holds only words (or years, where the rows below do not), each once or
/// above numbers. Rows above it are titles and remarks: they are refused with a reason, not lost.
/// Without such a row, columns are `column1`, `column2`, ….
struct SheetTable {
    private let sheetName: String
    private let isNamed: Bool
    private let sink: any DocumentSink
    private var waiting: [SheetHandler.Row] = []
    private var names: [Int: String] = [:]
    private var order: [Int] = []
    private var isDecided = false
    private var index: UInt64

    /// How many rows we look at before we decide.
    private static let lookahead = 20

    /// - Parameters:
    ///   - isNamed: Whether each record says which sheet it is of.
    ///   - index: The number of records and refusals before this sheet.
    init(sheet name: String, isNamed: Bool, index: UInt64, sink: any DocumentSink) {
        sheetName = name
        self.isNamed = isNamed
        self.index = index
        self.sink = sink
    }

    mutating func take(_ row: SheetHandler.Row) throws(ReaderFault) {
        guard !isDecided else { return try put(row) }
        waiting.append(row)
        if waiting.count >= Self.lookahead { try decide() }
    }

    /// Puts what still waits; returns the number of records and refusals up to here.
    mutating func finish() throws(ReaderFault) -> UInt64 {
        if !isDecided { try decide() }
        return index
    }

    private mutating func decide() throws(ReaderFault) {
        isDecided = true
        let rows = waiting
        waiting = []
        let header = Self.header(of: rows)
        let used = Set(rows[(header ?? 0)...].flatMap { $0.cells.map(\.column) }).sorted()
        if let header {
            name(rows[header], used)
            for row in rows[..<header] {
                try sink.refuse(
                    "before-header", "a line above the header of the table",
                    place: place(row), offset: index)
                index += 1
            }
        } else {
            for column in used { add(column, "column\(column + 1)") }
        }
        for row in rows[(header.map { $0 + 1 } ?? 0)...] { try put(row) }
    }

    /// The row that names the columns.
    static func header(of rows: [SheetHandler.Row]) -> Int? {
        let widths = rows.map(\.cells.count)
        guard rows.count >= 2, let width = widths.max() else { return nil }
        for (index, row) in rows.enumerated().dropLast() {
            guard row.cells.count * 5 >= width * 4 else { continue }
            guard row.cells.allSatisfy({ isName($0.value) }), row.cells.contains(where: isWord)
            else { return nil }
            let below = rows[(index + 1)...]
            let names = row.cells.map { MailText.trimmed($0.value.text).lowercased() }
            let hasYears = !row.cells.allSatisfy(isWord)
            if hasYears, below.contains(where: { $0.cells.allSatisfy { isName($0.value) } }) {
                // A year in a row like the others is a value.
                return nil
            }
            if Set(names).count == names.count { return index }
            // A name may come twice where other rows hold numbers.
            return below.contains { $0.cells.contains { !isName($0.value) } } ? index : nil
        }
        return nil
    }

    private static func isWord(_ cell: (column: Int, value: SheetValue)) -> Bool {
        if case .text = cell.value { true } else { false }
    }

    /// Words, and years as they head the columns of statistics.
    private static func isName(_ value: SheetValue) -> Bool {
        switch value {
        case .text(let text):
            text.utf8.count <= 120 && Double(MailText.trimmed(text)) == nil
        case .number(let literal): (Int(literal).map { (1800...2200).contains($0) }) ?? false
        default: false
        }
    }

    private mutating func name(_ header: SheetHandler.Row, _ used: [Int]) {
        var taken: Set<String> = isNamed ? ["sheet"] : []
        var names: [Int: String] = [:]
        for cell in header.cells {
            let words = cell.value.text.split { $0.isWhitespace }.joined(separator: " ")
            names[cell.column] = words
        }
        for column in used {
            let base = names[column] ?? "column\(column + 1)"
            var name = base
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(base)_\(number)"
                number += 1
            }
            add(column, name)
        }
    }

    private mutating func add(_ column: Int, _ name: String) {
        names[column] = name
        order.append(column)
    }

    private mutating func put(_ row: SheetHandler.Row) throws(ReaderFault) {
        var fields: [String: JSONValue] = [:]
        for column in order { fields[names[column] ?? ""] = .null }
        for cell in row.cells {
            if names[cell.column] == nil {
                // A column that begins below the rows we looked at.
                var name = "column\(cell.column + 1)"
                while names.values.contains(name) { name += "_" }
                add(cell.column, name)
            }
            if let name = names[cell.column] { fields[name] = cell.value.json }
        }
        if isNamed { fields["sheet"] = .string(sheetName) }
        try sink.record(fields, place: place(row), offset: index)
        index += 1
    }

    private func place(_ row: SheetHandler.Row) -> String { "\(sheetName)!\(row.number)" }
}
