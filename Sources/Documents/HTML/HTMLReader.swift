internal import ReaderProtocol
internal import Records

/// A web page: one record, or one for each heading or paragraph.
enum HTMLReader {
    static func read(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        let unit = try TextBlocks.Unit(request.unit)
        let bytes = try input.whole()
        let document = try HTMLText.extract(
            bytes[0..<bytes.count], encoding: request.encoding, mainOnly: true,
            limits: request.limits)
        let parts = document.blocks.parts(unit)
        guard !parts.isEmpty else {
            throw .noText(
                "a page without text",
                hint: "what scripts draw is not in the file: save the page from a browser")
        }
        for (index, part) in parts.enumerated() {
            var fields: [String: JSONValue] = ["text": .string(part.text)]
            fields["title"] = document.title.map { .string($0) }
            fields["author"] = document.author.map { .string($0) }
            fields["language"] = document.language.map { .string($0) }
            fields["date"] = document.date.map { .string($0) }
            fields["heading"] = part.heading.map { .string($0) }
            if unit == .document {
                try sink.record(fields, offset: 0, length: UInt64(bytes.count))
            } else {
                try sink.record(
                    fields, place: "\(unit.rawValue) \(index + 1)", offset: UInt64(index))
            }
        }
        return ReaderSummary(parser: "html/1", encoding: document.encoding)
    }
}
