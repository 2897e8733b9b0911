internal import Records

/// Reads FHIR R4 in JSON: bundles of any type, single resources, and one resource or bundle after
/// the other (NDJSON), each resource a row. Bundles are read entry by entry, in flat memory.
///
/// Formats: HL7 FHIR R4 §2.6 (JSON) and §2.36 (Bundle).
final class FHIRReader {
    /// Bundles in bundles, at most.
    private static let nestingLimit = 4
    /// What rows weigh that wait for their patient to be known.
    private static let heldBytes: UInt64 = 32 << 20

    private let cursor: JSONCursor
    private let sink: RowSink
    private let json: StructuralJSON
    private let limit: Int
    private var identities = FHIRIdentities()
    private var held: [(row: FHIRRow, span: SourceSpan)] = []
    private var heldWeight: UInt64 = 0

    init(window: ByteWindow, sink: RowSink, options: IngestOptions) throws(IngestionError) {
        cursor = JSONCursor(window: window, limit: options.maximumRecordBytes)
        self.sink = sink
        limit = options.maximumRecordBytes
        json = try StructuralJSON(maximumDepth: options.maximumDepth)
    }

    /// Reads to the end.
    func run() throws {
        while let byte = try cursor.skipSpace() {
            switch byte {
            case UInt8(ascii: "{") where unsafe cursor.window.withBytes(FHIRShape.isBundle):
                try readBundle()
            case UInt8(ascii: "["):
                cursor.window.consume(1)
                try readList { try self.readValue() }
            case UInt8(ascii: "{"): try readValue()
            default: try skipJunk()
            }
            try releaseHeld()
            identities = FHIRIdentities()
        }
    }

    /// Goes to the next object or list: what stands before it is one row of the quarantine.
    private func skipJunk() throws {
        let start = cursor.window.sourceOffset
        var end = start
        while let byte = try cursor.skipSpace(),
            byte != UInt8(ascii: "{"), byte != UInt8(ascii: "[")
        {
            let (length, _) = try cursor.cut()
            cursor.window.consume(max(1, length))
            end = cursor.window.sourceOffset
        }
        try sink.reject(
            .jsonSyntax, "neither an object nor a list",
            SourceSpan(offset: start, length: end - start), content: .none)
    }

    /// Reads the members of a bundle; of them only `entry` holds rows.
    private func readBundle() throws {
        cursor.window.consume(1)
        while let name = try cursor.memberName() {
            if name == "entry", try cursor.skip(UInt8(ascii: "[")) {
                try readList { try self.readEntry() }
            } else {
                _ = try cursor.skipSpace()
                guard try unsafe cursor.take({ _, _ in }) else { break }
            }
            guard try cursor.skip(UInt8(ascii: ",")) else { break }
        }
        guard try !cursor.skip(UInt8(ascii: "}")) else { return }
        let isCut = try cursor.skipSpace() == nil
        try rejectHere(
            isCut ? .jsonTruncated : .jsonSyntax,
            isCut ? "the bundle is not closed" : "not JSON between the members of the bundle")
    }

    /// Reads the elements of an array whose bracket is consumed.
    private func readList(_ element: () throws -> Void) throws {
        while let byte = try cursor.skipSpace() {
            if byte == UInt8(ascii: "]") {
                cursor.window.consume(1)
                return
            }
            if byte == UInt8(ascii: ",") {
                cursor.window.consume(1)
            } else {
                try element()
            }
        }
        try rejectHere(.jsonTruncated, "the list is not closed")
    }

    private func readEntry() throws {
        try readParsed { [self] value, span, content in
            try take(entry: value, span, content, depth: 0)
        }
    }

    private func readValue() throws {
        try readParsed { [self] value, span, content in
            try take(resource: value, fullURL: nil, span, content, depth: 0)
        }
    }

    private func readParsed(
        _ body: (JSONValue, SourceSpan, Content) throws -> Void
    ) throws {
        let isValue = try unsafe cursor.take { text, span in
            guard let text = unsafe text else {
                return try sink.reject(
                    .tooLong, "longer than the limit of \(limit) bytes", span, content: .none)
            }
            let content = unsafe Content.bytes(text)
            let value: JSONValue
            do throws(JSONFault) { value = try unsafe json.parse(text) } catch {
                return try sink.reject(error.reason, error.message, span, content: content)
            }
            try body(value, span, content)
        }
        if !isValue {
            try rejectHere(.jsonSyntax, "a value is missing here", length: 1)
            cursor.window.consume(min(1, cursor.window.count))
        }
    }

    private func rejectHere(
        _ reason: RejectReason, _ message: String, length: UInt64 = 0
    ) throws {
        let span = SourceSpan(offset: cursor.window.sourceOffset, length: length)
        try sink.reject(reason, message, span, content: .none)
    }

    // MARK: Rows

    private func take(
        entry: JSONValue, _ span: SourceSpan, _ content: Content, depth: Int
    ) throws {
        guard let members = entry.objectValue else {
            return try sink.reject(
                .fhirNoResource, "the entry is not an object", span, content: content)
        }
        guard let resource = members["resource"], !resource.isNull else {
            // Deletions, and the answers to a transaction, have none.
            let hasReason = members.keys.contains {
                ["request", "response", "search"].contains($0)
            }
            guard hasReason else {
                return try sink.reject(
                    .fhirNoResource, "the entry has no resource", span, content: content)
            }
            return sink.drop("entry-without-resource")
        }
        try take(
            resource: resource, fullURL: members["fullUrl"]?.stringValue, span, content,
            depth: depth)
    }

    private func take(
        resource: JSONValue, fullURL: String?, _ span: SourceSpan, _ content: Content, depth: Int
    ) throws {
        guard let members = resource.objectValue else {
            return try sink.reject(
                .fhirNoResource, "the resource is not an object", span, content: content)
        }
        guard let type = members["resourceType"]?.stringValue, !type.isEmpty else {
            if depth < Self.nestingLimit, members["resource"]?.objectValue != nil {
                // An entry of a bundle that broke off before it.
                return try take(entry: resource, span, content, depth: depth + 1)
            }
            return try sink.reject(
                .fhirNoResource, "the resource has no resourceType", span, content: content)
        }
        if type == "Bundle" {
            guard depth < Self.nestingLimit else {
                return try sink.reject(
                    .jsonDepth, "bundles in bundles, more than \(Self.nestingLimit) deep", span,
                    content: content)
            }
            let entries = members["entry"]?.arrayValue ?? []
            if entries.isEmpty { sink.drop("empty-bundle") }
            for entry in entries {
                try take(
                    entry: entry, span, .rebuilt(entry.objectValue ?? [:]), depth: depth + 1)
            }
            return
        }
        let row = FHIRRow(type: type, resource: members, fullURL: fullURL)
        identities.note(row)
        identities.expect(row)
        if held.isEmpty && !identities.isWaiting { return try put(row, span, content) }
        held.append((row, span))
        heldWeight += span.length
        if !identities.isWaiting || heldWeight > Self.heldBytes { try releaseHeld() }
    }

    private func releaseHeld() throws {
        identities.giveUp()
        let waiting = held
        (held, heldWeight) = ([], 0)
        for (row, span) in waiting { try put(row, span, .rebuilt(row.fields)) }
    }

    private func put(_ row: FHIRRow, _ span: SourceSpan, _ content: Content) throws {
        try sink.accept(
            row.fields, span, place: row.place, subjects: identities.subjects(of: row),
            content: content)
    }
}
