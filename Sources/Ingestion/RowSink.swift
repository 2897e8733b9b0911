internal import Records

/// Where readers put their rows: maps them, counts them and hands them on in batches.
///
/// Rows that have columns by name (JSON) wait until a first batch has been seen, so that a mapping
/// can be checked against, or inferred from, the columns that really occur.
final class RowSink {
    /// Rows that wait for the mapping, and what they weigh at most.
    private static let pendingBytes: UInt64 = 16 << 20

    private let options: IngestOptions
    private let expected: FieldMapping?
    private let deliver: (IngestBatch) throws -> Void
    private var pending: [(fields: [String: JSONValue], span: SourceSpan)] = []
    private var pendingWeight: UInt64 = 0
    private var batch = IngestBatch()
    private var batchWeight: UInt64 = 0
    private var sourceSchema = Schema()
    private(set) var mapping: ResolvedMapping?
    private(set) var count = IngestCount()

    init(options: IngestOptions, deliver: @escaping (IngestBatch) throws -> Void) {
        self.options = options
        expected = options.mapping
        self.deliver = deliver
    }

    /// The columns by position are known: fixes the mapping.
    func resolve(columns: [String]) throws(IngestionError) {
        mapping = try ResolvedMapping(expected, columns: columns)
    }

    /// The column types under the names of the fields.
    var schema: Schema {
        guard let mapping else { return sourceSchema }
        var schema = Schema()
        for (name, type) in sourceSchema.columns {
            if let target = mapping.target(of: name) { schema.columns[target] = type }
        }
        return schema
    }

    /// Notes the types of one row's columns, by their source names.
    func observe(_ types: [String: Schema.ColumnType]) {
        for (name, type) in types {
            let known = sourceSchema.columns[name]
            if known != type { sourceSchema.columns[name] = known?.united(with: type) ?? type }
        }
    }

    /// Takes a row with columns by name.
    func accept(_ fields: [String: JSONValue], _ span: SourceSpan, content: Content) throws {
        if let mapping {
            let row = mapping.row(fields)
            return try finish(row.fields, row.subjects, row.key, span, content: content)
        }
        pending.append((fields, span))
        pendingWeight += span.length
        if pending.count >= options.batchRows || pendingWeight >= Self.pendingBytes {
            try resolvePending()
        }
    }

    /// Takes a row whose fields already have their target names.
    func finish(
        _ fields: [String: JSONValue], _ subjects: [String], _ key: String?, _ span: SourceSpan,
        content: Content
    ) throws {
        guard let mapping else { return }
        switch mapping.check(fields, key: key) {
        case .success(let checked):
            count.accept()
            batch.rows.append(
                IngestedRow(
                    kind: mapping.kind, fields: checked, subjects: subjects, key: key,
                    offset: span.offset, length: span.length))
            try weigh(span)
        case .failure(let fault):
            try reject(fault.reason, fault.message, span, content: content)
        }
    }

    /// Puts a row into the quarantine.
    func reject(
        _ reason: RejectReason, _ message: String, _ span: SourceSpan, content: Content
    ) throws {
        count.countRejected(reason)
        batch.rejected.append(
            RejectedRow(
                reason: reason, message: message, offset: span.offset, length: span.length,
                content: content.bytes()))
        try weigh(span)
    }

    /// Leaves a row out on purpose.
    func drop(_ reason: String) { count.countDropped(reason) }

    /// Hands on what is left.
    func close() throws {
        try resolvePending()
        try flush()
    }

    private func resolvePending() throws {
        guard mapping == nil, !pending.isEmpty else { return }
        let columns = Set(pending.flatMap(\.fields.keys)).sorted()
        // Nothing but empty objects: they lack a text, which is for the quarantine to say.
        try resolve(columns: columns.isEmpty && expected == nil ? ["text"] : columns)
        let waiting = pending
        pending = []
        for (fields, span) in waiting { try accept(fields, span, content: .rebuilt(fields)) }
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
        try deliver(full)
    }
}

/// The text of a row, in case it goes to quarantine; copied only then.
@safe struct Content {
    private let text: UnsafeBufferPointer<UInt8>?
    private let fields: [String: JSONValue]?

    /// A piece of a buffer that outlives the call.
    static func bytes(_ text: UnsafeBufferPointer<UInt8>) -> Content {
        unsafe Content(text: text, fields: nil)
    }

    /// A row whose bytes are gone: its columns as canonical JSON.
    static func rebuilt(_ fields: [String: JSONValue]) -> Content {
        unsafe Content(text: nil, fields: fields)
    }

    /// Nothing, for a row that is too long.
    static var none: Content { unsafe Content(text: nil, fields: nil) }

    func bytes() -> [UInt8] {
        let whole = fields.map { CanonicalJSON.encode(.object($0)) }
        if let whole { return Array(whole.prefix(RejectedRow.contentLimit)) }
        guard let text = unsafe text else { return [] }
        return unsafe Array(text.prefix(RejectedRow.contentLimit))
    }
}
