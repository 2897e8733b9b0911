internal import ReaderProtocol

/// Reads a worksheet (ISO/IEC 29500-1 §18.3) row by row, in memory that does not grow with it.
final class SheetHandler: XMLHandler {
    /// One row: its number as people count, and its cells by column (0 is A).
    struct Row {
        var number: Int
        var cells: [(column: Int, value: SheetValue)]
    }

    /// What the workbook says beside the sheet.
    struct Context {
        var strings = SharedStrings()
        var formats = SheetFormats()
        var from1904 = false
    }

    /// How many merged ranges there are; known at the end.
    private(set) var mergedRanges = 0
    /// Formulas whose result the file does not hold.
    private(set) var formulasWithoutResult = 0

    private let context: Context
    private let take: (Row) throws(ReaderFault) -> Void
    private var row = Row(number: 0, cells: [])
    private var column = -1
    private var type = ""
    private var style: Int?
    private var text = ""
    private var isInText = false
    private var phonetic = 0
    private var hasFormula = false
    private var hasValue = false

    init(_ context: Context, take: @escaping (Row) throws(ReaderFault) -> Void) {
        self.context = context
        self.take = take
    }

    func start(_ element: XMLStart) throws(ReaderFault) {
        switch element.name {
        case "row":
            let number = element["r"].flatMap { Int($0) } ?? row.number + 1
            row = Row(number: number, cells: [])
            column = -1
        case "c":
            column = element["r"].flatMap(Self.column) ?? column + 1
            type = element["t"] ?? "n"
            style = element["s"].flatMap { Int($0) }
            (text, hasFormula, hasValue) = ("", false, false)
        case "v", "t":
            isInText = true
            hasValue = true
        case "f": hasFormula = true
        case "rPh": phonetic += 1
        case "mergeCell": mergedRanges += 1
        default: break
        }
    }

    func text(_ text: String) throws(ReaderFault) {
        if isInText && phonetic == 0 { self.text += text }
    }

    func end(_ name: String, offset: UInt64?) throws(ReaderFault) {
        switch name {
        case "v", "t": isInText = false
        case "rPh": phonetic -= 1
        case "c":
            if hasFormula && !hasValue { formulasWithoutResult += 1 }
            if let value = value(), !value.isBlank { row.cells.append((column, value)) }
        case "row":
            if !row.cells.isEmpty {
                row.cells.sort { $0.column < $1.column }
                try take(row)
            }
        default: break
        }
    }

    /// The value of the cell (§18.18.11).
    private func value() -> SheetValue? {
        guard hasValue else { return nil }
        switch type {
        case "s":
            return Int(MailText.trimmed(text)).flatMap { context.strings[$0] }.map { .text($0) }
        case "inlineStr", "str": return .text(SheetEscapes.decode(text))
        case "b": return .bool(MailText.trimmed(text) == "1" || text == "true")
        case "e": return .error(text)
        case "d": return .date(text)
        default:
            let literal = MailText.trimmed(text)
            guard !literal.isEmpty else { return nil }
            if let style = context.formats.style(style), let number = Double(literal),
                let date = SheetDate.iso(number, style, from1904: context.from1904)
            {
                return .date(date)
            }
            return .number(literal)
        }
    }

    /// The column of a reference: `A1` is 0, `XFD1` is 16,383; nil beyond.
    static func column(_ reference: String) -> Int? {
        var value = 0
        var letters = 0
        for byte in reference.utf8 {
            guard byte | 0x20 >= 0x61, byte | 0x20 <= 0x7A else { break }
            value = value * 26 + Int((byte | 0x20) - 0x60)
            letters += 1
            guard letters <= 3 else { return nil }
        }
        return letters > 0 && value <= 16_384 ? value - 1 : nil
    }
}
