internal import Records

/// Reads gold data: JSON lines, or one JSON array, of objects with `text` or `full_text` and `spans`
/// of `{start, end, label}`, `{start, end, type}` or presidio-research's `{start_position,
/// end_position, entity_type}`. Offsets are code points.
public enum GoldFile {
    /// The rows of a file.
    ///
    /// - Throws: `RedactionError` that names the row, never its content.
    public static func rows(_ bytes: [UInt8], named name: String) throws(RedactionError)
        -> [GoldRow]
    {
        let values: [JSONValue]
        let first = bytes.first { !$0.isSpace }
        if first == 0x5B {
            values = try parsed(bytes, "\(name)").arrayValue ?? []
        } else {
            var list: [JSONValue] = []
            for (k, line) in bytes.split(separator: 0x0A).enumerated()
            where line.contains(where: { !$0.isSpace }) {
                list.append(try parsed(Array(line), "\(name): row \(k + 1)"))
            }
            values = list
        }
        var rows: [GoldRow] = []
        for (k, value) in values.enumerated() {
            rows.append(try row(value, "\(name): row \(k + 1)"))
        }
        return rows
    }

    private static func parsed(_ bytes: [UInt8], _ place: String) throws(RedactionError)
        -> JSONValue
    {
        do {
            return try JSONParser.parse(bytes)
        } catch {
            throw RedactionError(
                .gold, "\(place) is no JSON", hint: "one object a line, or one array")
        }
    }

    private static func row(_ value: JSONValue, _ place: String) throws(RedactionError) -> GoldRow {
        guard let text = (value["full_text"] ?? value["text"])?.stringValue else {
            throw RedactionError(
                .gold, "\(place) has no text", hint: "a member `text` or `full_text`")
        }
        let count = text.unicodeScalars.count
        var spans: [GoldRow.Span] = []
        for span in value["spans"]?.arrayValue ?? [] {
            guard let start = (span["start_position"] ?? span["start"])?.intValue,
                let end = (span["end_position"] ?? span["end"])?.intValue,
                let label = (span["entity_type"] ?? span["type"] ?? span["label"])?.stringValue
            else {
                throw RedactionError(
                    .gold, "\(place) has a span without start, end or type",
                    hint: "`{\"start\": 0, \"end\": 4, \"type\": \"PERSON\"}`")
            }
            guard 0 <= start, start < end, end <= count else {
                throw RedactionError(
                    .gold, "\(place) has a span outside its text (\(start)–\(end) of \(count))",
                    hint: "offsets count Unicode code points, the end is exclusive")
            }
            spans.append(GoldRow.Span(start: start, end: end, label: label))
        }
        var attributes: [String: String] = [:]
        for (key, member) in value.objectValue ?? [:] where key != "text" && key != "full_text" {
            switch member {
            case .string(let text): attributes[key] = text
            case .number(let literal): attributes[key] = literal
            default: break
            }
        }
        return GoldRow(text: text, spans: spans, attributes: attributes)
    }
}
