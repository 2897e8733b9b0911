internal import Records

/// Where readers put their rows: maps them, counts them and hands them on in batches.
///
/// Rows that have columns by name (JSON, documents) wait until a first batch has been seen, so
/// that a mapping can be checked against, or inferred from, the columns that really occur. What
/// appears later keeps its own name, unless a mapped field has taken that.
final class RowSink {
    /// Rows that wait for the mapping: how many, and what they weigh at most.
    private static let pendingRows = 1024
    private static let pendingBytes: UInt64 = 16 << 20

    /// A row with columns by name, as its reader gave it.
    private struct Waiting {
        var fields: [String: JSONValue]
        var span: SourceSpan
        var place: String?
        /// People that the reader itself found the row to be about.
        var subjects: [String]
    }

    private let options: IngestOptions
    private let expected: FieldMapping?
    private let deliver: (IngestBatch) throws -> Void
    private var pending: [Waiting] = []
    private var pendingWeight: UInt64 = 0
    private var batch = IngestBatch()
    private var batchWeight: UInt64 = 0
    private var tallies = ColumnTallies()
    /// Columns that the mapping names and that have not occurred yet.
    private var awaited: Set<String> = []
    /// The columns of the first batch.
    private var firstColumns: Set<String>?
    private(set) var mapping: ResolvedMapping?
    private(set) var form: RowForm?
    /// Gathers the turns of conversations where each has a row of its own.
    private var grouper: TurnGrouper?
    /// Whether chat and tuning forms are looked for; readers of other things switch it off.
    var recognisesForms = true
    private(set) var count = IngestCount()
    private(set) var notes: [String] = []
    /// Whether anything was handed on.
    private(set) var hasDelivered = false

    init(options: IngestOptions, deliver: @escaping (IngestBatch) throws -> Void) {
        self.options = options
        expected = options.mapping
        self.deliver = deliver
    }

    /// The columns by position are known: fixes the mapping.
    func resolve(columns: [String]) throws(IngestionError) {
        // Known even where no mapping fits them: a preview tells them.
        tallies.adopt(columns.map { ($0, ColumnTally()) }, rowCount: 0)
        if expected?.fields.isEmpty ?? true,
            let form = try RowForm.named(columns: columns, options: options.chat)
        {
            use(form)
            return mapping = try ResolvedMapping(expected, columns: columns, form: form.kind)
        }
        mapping = try ResolvedMapping(expected, columns: columns)
    }

    private func use(_ form: RowForm) {
        self.form = form
        if form.chat.dialect == .turnRows { grouper = TurnGrouper(form.chat) }
    }

    /// A remark for people.
    func note(_ text: String) {
        if notes.count < 50, !notes.contains(text) { notes.append(text) }
    }

    // MARK: Columns

    /// What the columns hold, under the names of the fields, in their order.
    var columns: [ColumnReport] {
        tallies.all.compactMap { name, tally in
            let target = mapping.map { $0.target(of: name) } ?? name
            return target.map { tally.report($0, rowCount: tallies.rowCount) }
        }.sorted { $0.name < $1.name }
    }

    /// The columns under their own names.
    var sourceColumns: [(name: String, type: FieldType)] {
        tallies.all.sorted { $0.name < $1.name }.map { ($0.name, $0.tally.type) }
    }

    /// Takes over what a reader of columns by position counted.
    func adopt(_ columns: [(name: String, tally: ColumnTally)], rowCount: UInt64) {
        tallies.adopt(columns, rowCount: rowCount)
    }

    // MARK: Rows

    /// Takes a row with columns by name; `types` are those of its values where the source has
    /// them, as are `members` with the row's own order, else they follow from the values. `subjects` are people that the reader found.
    func accept(
        _ fields: [String: JSONValue], _ span: SourceSpan, place: String? = nil,
        subjects: [String] = [], types: [String: Schema.ColumnType]? = nil,
        members: [TypedMember]? = nil, content: Content
    ) throws {
        tallies.note(
            members
                ?? fields.map { name, value in
                    TypedMember(
                        name: name, value: value, type: types?[name] ?? Schema.type(of: value))
                })
        let row = Waiting(fields: fields, span: span, place: place, subjects: subjects)
        guard mapping == nil else { return try shape(row, content: content) }
        pending.append(row)
        pendingWeight += span.length
        if pending.count >= Self.pendingRows || pendingWeight >= Self.pendingBytes {
            try resolvePending(isWhole: false)
        }
    }

    private func shape(_ waiting: Waiting, content: Content) throws {
        guard let mapping else { return }
        if !awaited.isEmpty { awaited.subtract(waiting.fields.keys) }
        var row = mapping.row(waiting.fields, identifiedBy: waiting.fields)
        for subject in waiting.subjects where !row.subjects.contains(subject) {
            row.subjects.append(subject)
        }
        guard form == nil else {
            return try takeForm(
                waiting.fields, row.subjects, row.key, waiting.span, place: waiting.place,
                content: content)
        }
        try store(
            row.fields, row.subjects, row.key, waiting.span, place: waiting.place,
            content: content)
    }

    /// Takes a row whose fields already have their target names.
    func finish(
        _ fields: [String: JSONValue], _ subjects: [String], _ key: String?, _ span: SourceSpan,
        place: String? = nil, content: Content
    ) throws {
        guard form == nil else {
            return try takeForm(fields, subjects, key, span, place: place, content: content)
        }
        try store(fields, subjects, key, span, place: place, content: content)
    }

    /// Takes a row of a chat or tuning form.
    private func takeForm(
        _ fields: [String: JSONValue], _ subjects: [String], _ key: String?, _ span: SourceSpan,
        place: String?, content: Content
    ) throws {
        guard let mapping, let form else { return }
        let complete: [TurnGrouper.Conversation]
        var shaped: [String: JSONValue] = [:]
        do throws(JSONFault) {
            if let grouper {
                // A turn is counted with its conversation.
                complete = try grouper.add(
                    TurnGrouper.Row(fields: fields, subjects: subjects, key: key, span: span))
            } else {
                complete = []
                shaped = try form.shaper.shape(fields).get()
            }
        } catch {
            return try reject(error.reason, error.message, span, place: place, content: content)
        }
        guard grouper == nil else { return try store(complete) }
        let row = mapping.row(shaped, identifiedBy: fields)
        try store(
            row.fields, subjects, key, span, place: place, isShaped: true, content: content)
    }

    /// Conversations all of whose turns have been seen.
    private func store(_ conversations: [TurnGrouper.Conversation]) throws {
        guard let mapping, let form else { return }
        for talk in conversations {
            let content = Content.rebuilt(["turns": .array(talk.turns)])
            let fields: [String: JSONValue]
            do throws(JSONFault) { fields = try form.shaper.chat(talk.turns) } catch {
                try reject(error.reason, error.message, talk.span, content: content)
                continue
            }
            let all = mapping.row(talk.fields, identifiedBy: talk.fields).fields
            try store(
                all.merging(fields) { _, new in new }, talk.subjects, talk.key, talk.span,
                isShaped: true, content: content)
        }
    }

    private func store(
        _ fields: [String: JSONValue], _ subjects: [String], _ key: String?, _ span: SourceSpan,
        place: String? = nil, isShaped: Bool = false, content: Content
    ) throws {
        guard let mapping else { return }
        switch mapping.check(fields, key: key, hasMessages: isShaped) {
        case .success(let checked):
            count.accept()
            batch.rows.append(
                IngestedRow(
                    kind: mapping.kind, fields: checked, subjects: subjects, key: key,
                    offset: span.offset, length: span.length, place: place))
            try weigh(span)
        case .failure(let fault):
            try reject(fault.reason, fault.message, span, place: place, content: content)
        }
    }

    /// Puts a row into the quarantine.
    func reject(
        _ reason: RejectReason, _ message: String, _ span: SourceSpan, place: String? = nil,
        isWholeFile: Bool = false, content: Content
    ) throws {
        count.countRejected(reason)
        batch.rejected.append(
            RejectedRow(
                reason: reason, message: message, offset: span.offset, length: span.length,
                place: place, isWholeFile: isWholeFile, content: content.bytes()))
        try weigh(span)
    }

    /// Leaves a row out on purpose.
    func drop(_ reason: String) { count.countDropped(reason) }

    /// Hands on what is left. Throws `unknownColumn` for a column that never occurred.
    func close() throws {
        try resolvePending(isWhole: true)
        if let grouper { try store(grouper.close()) }
        form?.shaper.remarks.forEach(note)
        if let name = awaited.min() {
            throw ResolvedMapping.unknown(name, in: tallies.names.sorted())
        }
        let late = firstColumns.map { first in tallies.names.filter { !first.contains($0) } } ?? []
        if !late.isEmpty {
            // Not by name: what comes late may be data that somebody made a name of.
            note("\(late.count) columns are not in the first rows; the report lists all columns")
        }
        try flush()
    }

    private func resolvePending(isWhole: Bool) throws {
        guard mapping == nil, !pending.isEmpty else { return }
        let rows = pending.map(\.fields)
        if recognisesForms, expected?.fields.isEmpty ?? true,
            let form = try RowForm.recognise(rows, options: options.chat)
        {
            use(form)
        }
        var columns = Set(rows.flatMap(\.keys))
        var shaped = columns
        if let form {
            shaped = form.columns(of: rows)
            columns.formUnion(shaped)
        }
        // Nothing but empty objects: they lack a text, which is for the quarantine to say.
        if shaped.isEmpty && expected == nil { shaped = ["text"] }
        mapping = try ResolvedMapping(
            expected, columns: shaped.sorted(), others: columns, form: form?.kind,
            isWhole: isWhole)
        awaited = isWhole ? [] : Set(expected?.namedColumns ?? []).subtracting(columns)
        firstColumns = columns
        let waiting = pending
        pending = []
        for row in waiting { try shape(row, content: .rebuilt(row.fields)) }
    }

    private func weigh(_ span: SourceSpan) throws {
        batchWeight += span.length
        if batch.rows.count + batch.rejected.count >= options.batchRows
            || batchWeight >= UInt64(options.batchBytes)
        {
            try flush()
        }
    }

    private func flush() throws {
        guard !batch.isEmpty else { return }
        let full = batch
        batch = IngestBatch()
        batchWeight = 0
        hasDelivered = true
        try deliver(full)
    }
}
