internal import ReaderProtocol
internal import Records

/// An Excel workbook (ISO/IEC 29500): one record for each row below the header of each sheet.
///
/// Formulas count by the result that the file holds. Dates by their number format become
/// ISO 8601. Macros, charts and pictures are left out; links to other files are not followed.
enum XLSXReader {
    static func read(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        let package = try OfficePackage(input, usual: "xl/workbook.xml")
        guard let workbook = try package.tree(package.main), workbook.name == "workbook" else {
            throw .malformed(
                "no Excel workbook: its main part is of another kind",
                hint: "name it by its kind: .docx for a document, .pptx for slides")
        }
        let links = try package.relationships(of: package.main)
        var context = SheetHandler.Context()
        let dates = workbook.first("workbookPr")?[attribute: "date1904"]
        context.from1904 = dates.map { OfficeSwitch.isOn($0) } ?? false
        context.formats = SheetFormats(
            try package.tree(links.first { $0.kind == "styles" }?.target))
        if let part = links.first(where: { $0.kind == "sharedStrings" })?.target,
            let source = try package.zip.stream(part)
        {
            let handler = SharedStringsHandler()
            _ = try XMLEvents.parse(
                source, encoding: nil, limits: request.limits, handler: handler)
            context.strings = handler.strings
        }
        let sheets = try sheets(workbook, links, package, context, sink)
        guard !sheets.isEmpty else {
            throw .noText("a workbook without a single filled cell", hint: "leave it out")
        }
        var index: UInt64 = 0
        for sheet in sheets {
            index = try put(sheet, isNamed: sheets.count > 1, index, package, context, sink)
        }
        return ReaderSummary(parser: "xlsx/1")
    }

    private struct Sheet {
        var name: String
        var part: String
        var number: Int
    }

    /// The sheets that hold anything, in the order of their tabs.
    private static func sheets(
        _ workbook: XMLTree, _ links: [OfficePackage.Relationship], _ package: OfficePackage,
        _ context: SheetHandler.Context, _ sink: any DocumentSink
    ) throws(ReaderFault) -> [Sheet] {
        var found: [Sheet] = []
        for (index, element) in (workbook.first("sheets")?.all("sheet") ?? []).enumerated() {
            guard let link = links.first(where: { $0.id == element[attribute: "id"] }),
                link.kind == "worksheet"
            else { continue }
            guard try isFilled(link.target, package, context) else { continue }
            let state = element[attribute: "state"] ?? "visible"
            if state != "visible" {
                try sink.note("sheet \(index + 1) is hidden; its rows are read like the others")
            }
            let name = element[attribute: "name"] ?? "Sheet\(index + 1)"
            found.append(Sheet(name: name, part: link.target, number: index + 1))
        }
        return found
    }

    /// Whether a sheet has a filled cell: it is read up to the first one.
    private static func isFilled(
        _ part: String, _ package: OfficePackage, _ context: SheetHandler.Context
    ) throws(ReaderFault) -> Bool {
        guard let source = try package.zip.stream(part) else { return false }
        let enough = ReaderFault(.noText, "enough was read", hint: "")
        let handler = SheetHandler(context) { _ throws(ReaderFault) in throw enough }
        do {
            _ = try XMLEvents.parse(
                source, encoding: nil, limits: package.limits, handler: handler)
        } catch  where error == enough {
            return true
        }
        return false
    }

    private static func put(
        _ sheet: Sheet, isNamed: Bool, _ index: UInt64, _ package: OfficePackage,
        _ context: SheetHandler.Context, _ sink: any DocumentSink
    ) throws(ReaderFault) -> UInt64 {
        guard let source = try package.zip.stream(sheet.part) else { return index }
        var table = SheetTable(sheet: sheet.name, isNamed: isNamed, index: index, sink: sink)
        let handler = SheetHandler(context) { row throws(ReaderFault) in try table.take(row) }
        _ = try XMLEvents.parse(source, encoding: nil, limits: package.limits, handler: handler)
        let next = try table.finish()
        if handler.mergedRanges > 0 {
            try sink.note(
                "sheet \(sheet.number) has \(handler.mergedRanges) merged ranges; each value "
                    + "stands in the first cell of its range")
        }
        if handler.formulasWithoutResult > 0 {
            try sink.note(
                "sheet \(sheet.number) has \(handler.formulasWithoutResult) formulas without a "
                    + "result; open and save it in a spreadsheet program to fill them in")
        }
        return next
    }
}
