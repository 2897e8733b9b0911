import Records
import Redaction

/// `sample`: prints generated examples with their entities in marks, for reading.
enum SampleCommand {
    static func run(_ options: Options) throws {
        guard options.plain.count == 2, let count = Int(options.plain[1]) else {
            throw UsageError(description: "sample DATA N")
        }
        let lists = try WordLists(folder: options.plain[0])
        var generator = try CorpusGenerator(
            lists, options.named["held"] == nil ? .training : .heldOut,
            seed: UInt64(options.number("seed", 1)))
        for _ in 0..<count {
            let example = generator.next()
            if options.named["jsonl"] != nil {
                print(row(example))
                continue
            }
            var text = ""
            var at = 0
            for (range, kind) in example.entities {
                text += String(decoding: example.text[at..<range.lowerBound], as: UTF8.self)
                text +=
                    "⟦\(kind.code) " + String(decoding: example.text[range], as: UTF8.self) + "⟧"
                at = range.upperBound
            }
            print(text + String(decoding: example.text[at...], as: UTF8.self) + "\n---")
        }
    }

    /// The example as a row of gold data: `{"text", "spans"}`, offsets in code points.
    private static func row(_ example: Example) -> String {
        let bytes = example.text
        func codePoints(_ range: Range<Int>) -> Int { bytes[range].count { $0 & 0xc0 != 0x80 } }
        let spans = example.entities.map { range, kind -> JSONValue in
            let start = codePoints(0..<range.lowerBound)
            return [
                "start": .integer(start), "end": .integer(start + codePoints(range)),
                "type": .string(kind.entityType.rawValue),
            ]
        }
        let text = JSONValue.string(String(decoding: bytes, as: UTF8.self))
        return String(
            decoding: CanonicalJSON.encode(["text": text, "spans": .array(spans)]), as: UTF8.self)
    }
}
