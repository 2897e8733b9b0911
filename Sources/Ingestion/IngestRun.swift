internal import ReaderProtocol
internal import Records

/// One call of ``Ingestor/read(_:deliver:)``: its files, the archives inside them, its reports.
final class IngestRun {
    typealias Deliver = (FileFacts, IngestBatch) throws -> Void

    let ingestor: Ingestor
    let options: IngestOptions
    private let isOneOfSeveral: Bool
    private let deliver: Deliver
    private var reports: [FileReport] = []
    private var firstRefusal: IngestionError?
    /// Called with each file's sink when its rows are read or enough of them are.
    var observe: ((FileReport, RowSink?) -> Void)?
    /// How many members of an archive are read at most, for a preview.
    var memberLimit = Int.max

    init(_ ingestor: Ingestor, isOneOfSeveral: Bool, deliver: @escaping Deliver) {
        self.ingestor = ingestor
        options = ingestor.options
        self.isOneOfSeveral = isOneOfSeveral
        self.deliver = deliver
    }

    /// Thrown through the readers once enough rows were seen.
    struct Enough: Error {}

    /// The reports in reading order. Throws the first refusal where nothing else was read.
    func finish() throws -> [FileReport] {
        let isAllRefused = reports.allSatisfy { $0.count.read == ($0.refusal == nil ? 0 : 1) }
        if let firstRefusal, isAllRefused, observe == nil { throw firstRefusal }
        return reports
    }

    /// Reads one file that was asked for.
    func read(_ file: InputFile) throws { try read(ingestor.survey(file)) }

    /// Reads one file, or the member of an archive around which there are `depth` − 1 others.
    func read(_ surveyed: SurveyedFile, depth: Int = 0, budget: ArchiveBudget? = nil) throws {
        let isContained = isOneOfSeveral || depth > 0
        let opened: OpenedFile
        do throws(IngestionError) {
            opened = try ingestor.open(surveyed)
        } catch {
            guard isContained, error.isAboutOneFile else { throw error }
            return try refuse(FileReport(facts: ingestor.refusedFacts(surveyed)), error)
        }
        if case .archive = opened.body {
            return try readArchive(opened, depth: depth, budget: budget)
        }
        try readRows(opened, isContained: isContained)
    }

    // MARK: Rows

    private func readRows(_ opened: OpenedFile, isContained: Bool) throws {
        let facts = opened.facts
        var report = FileReport(facts: facts)
        let sink = RowSink(options: options) { [deliver] in try deliver(facts, $0) }
        do {
            try parse(opened, into: sink, report: &report)
            try sink.close()
        } catch is Enough {
            complete(&report, from: sink)
            observe?(report, sink)
            reports.append(report)
            return
        } catch let error as IngestionError where isContained && error.isAboutOneFile {
            // What a document gave before it broke stays; a mapping that does not fit leaves none.
            guard error.code == .refused, (try? sink.close()) != nil else {
                guard !sink.hasDelivered else { throw error }
                return try refuse(report, error, sink: sink)
            }
            complete(&report, from: sink)
            return try refuse(report, error, sink: sink)
        }
        complete(&report, from: sink)
        observe?(report, sink)
        reports.append(report)
    }

    private func complete(_ report: inout FileReport, from sink: RowSink) {
        report.kind = sink.mapping?.kind
        report.form = sink.form?.name
        report.chat = sink.form?.chat
        report.chatTally = sink.form?.shaper.tally
        report.count.merge(sink.count)
        report.columns = sink.columns
        for column in report.columns {
            let type = Schema.ColumnType(rawValue: column.type.rawValue) ?? .string
            report.schema.columns[column.name] = type
        }
        for note in sink.notes where !report.notes.contains(note) { report.notes.append(note) }
    }

    /// Makes a whole file one row of the quarantine.
    func refuse(
        _ report: FileReport, _ error: IngestionError, sink: RowSink? = nil, at index: Int? = nil
    ) throws {
        var report = report
        report.refusal = FileRefusal(
            reason: error.reason, message: error.message, hint: error.hint)
        if firstRefusal == nil { firstRefusal = error }
        let reason = RejectReason(error.reason)
        report.count.countRejected(reason)
        let row = RejectedRow(
            reason: reason, message: error.message, offset: 0, length: report.facts.byteCount,
            place: nil, isWholeFile: true, content: [])
        reports.insert(report, at: index ?? reports.count)
        observe?(report, sink)
        var batch = IngestBatch()
        batch.rejected = [row]
        do { try deliver(report.facts, batch) } catch is Enough {}
    }

    /// A member that the reader could not unpack.
    func reject(_ refusal: ReaderRefusal, of report: inout FileReport) throws {
        let reason = RejectReason(refusal.reason)
        report.count.countRejected(reason)
        var batch = IngestBatch()
        batch.rejected = [
            RejectedRow(
                reason: reason, message: Self.printable(refusal.message), offset: refusal.offset,
                length: refusal.length, place: refusal.place.map(Self.printable),
                isWholeFile: false, content: [])
        ]
        try deliver(report.facts, batch)
    }

    /// Puts the report of an archive before those of its members.
    func place(_ report: FileReport, at index: Int) { reports.insert(report, at: index) }

    /// How many reports there are so far.
    var reportCount: Int { reports.count }
}
