internal import Records

/// Reads one JSON value per line; a bad line goes to quarantine, an empty one is dropped.
struct JSONLinesReader {
    let window: ByteWindow
    let sink: RowSink
    let options: IngestOptions

    /// Reads to the end.
    func run() throws {
        let decoder = try JSONRowDecoder(maximumDepth: options.maximumDepth)
        var lines = LineReader(window: window, limit: options.maximumRecordBytes)
        try unsafe lines.run { text, span in
            guard let text = unsafe text else {
                return try sink.reject(
                    .tooLong, "longer than the limit of \(options.maximumRecordBytes) bytes",
                    span, content: .none)
            }
            if unsafe ByteSearch.trimmed(text).isEmpty { return sink.drop("blank-line") }
            try unsafe decoder.put(text, span, into: sink)
        }
    }
}

extension JSONRowDecoder {
    /// Decodes one row and gives it to `sink`, to accept or to quarantine.
    func put(
        _ text: UnsafeBufferPointer<UInt8>, _ span: SourceSpan, into sink: RowSink
    ) throws {
        let content = unsafe Content.bytes(text)
        let decoded: (fields: [String: JSONValue], members: [TypedMember])
        do throws(JSONFault) {
            decoded = try unsafe row(text)
        } catch {
            return try sink.reject(error.reason, error.message, span, content: content)
        }
        try sink.accept(decoded.fields, span, members: decoded.members, content: content)
    }
}
