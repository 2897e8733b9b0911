import Records
import Redaction

extension Review {
    /// An item for people and as JSON: a finding between « and » in its context.
    static func show(
        _ item: ReviewItem, _ texts: [RecordID: [String: [UInt8]]]
    ) -> (lines: [String], json: JSONValue) {
        switch item.kind {
        case .finding(let finding):
            let text = texts[item.rid]?["f " + item.path] ?? []
            guard item.range.upperBound <= text.count else { return ([], .null) }
            let low = boundary(text, max(0, item.range.lowerBound - context))
            let high = boundary(text, min(text.count, item.range.upperBound + context))
            let before = printable(text[low..<item.range.lowerBound])
            let value = printable(text[item.range])
            let after = printable(text[item.range.upperBound..<high])
            let score = String((finding.score * 100).rounded() / 100)
            return (
                [
                    "\(item.id)  \(finding.type.rawValue)  \(score)  \(finding.detector)  "
                        + item.path,
                    "    …\(before)«\(value)»\(after)…",
                ],
                [
                    "item": .string(item.id), "kind": "finding",
                    "type": .string(finding.type.rawValue), "score": .double(finding.score),
                    "detector": .string(finding.detector), "field": .string(item.path),
                    "before": .string(before), "value": .string(value), "after": .string(after),
                ]
            )
        case .passage:
            let text = texts[item.rid]?["s " + item.path] ?? []
            guard item.range.upperBound <= text.count else { return ([], .null) }
            let passage = printable(text[item.range])
            return (
                ["\(item.id)  sample  \(item.path)", "    \(passage)"],
                [
                    "item": .string(item.id), "kind": "passage", "field": .string(item.path),
                    "text": .string(passage),
                ]
            )
        }
    }

    /// Control characters are shown as spaces: a record must not steer a terminal.
    private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
        String(
            String(decoding: bytes, as: UTF8.self).unicodeScalars.map { scalar -> Character in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: " "
                default: Character(scalar)
                }
            })
    }

    private static func boundary(_ text: [UInt8], _ index: Int) -> Int {
        var index = index
        while index > 0, index < text.count, text[index] & 0xC0 == 0x80 { index -= 1 }
        return index
    }
}
