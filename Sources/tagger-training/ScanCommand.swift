import FoundationEssentials
import Records
import Redaction

/// `scan`: prints one line of predictions for each row `{"text": …}` of a JSONL file, for scorers:
/// `{"id": row, "spans": [{"start", "end", "type"}]}`, offsets in code points.
enum ScanCommand {
    static func run(_ options: Options) throws {
        guard let path = options.plain.first else { throw UsageError(description: "scan FILE") }
        let tagger = try tagger(options)
        let redactor = try options.plain.dropFirst().first.map { file in
            try Redactor(
                policy: Policy.load(
                    yaml: Array(Data(contentsOf: URL(filePath: file))), named: file),
                detectors: [Scanners(), tagger])
        }
        var id = 0
        for line in try WordListsText.allLines(path) where !line.isEmpty {
            guard let text = try JSONParser.parse(Array(line.utf8))["text"]?.stringValue else {
                throw UsageError(description: "row \(id) has no text")
            }
            let bytes = Array(text.utf8)
            let findings = try redactor?.scan(bytes) ?? tagger.findings(in: DocumentView(bytes))
            var codePoints = 0
            var starts = [Int](repeating: 0, count: bytes.count + 1)
            for (at, byte) in bytes.enumerated() {
                starts[at] = codePoints
                if byte & 0xc0 != 0x80 { codePoints += 1 }
                if byte & 0xc0 == 0x80 { starts[at] = codePoints }
            }
            starts[bytes.count] = codePoints
            let spans = findings.map {
                "{\"start\":\(starts[$0.range.lowerBound]),\"end\":\(starts[$0.range.upperBound]),\"type\":\"\($0.type.rawValue)\"}"
            }
            print("{\"id\":\(id),\"spans\":[\(spans.joined(separator: ","))]}")
            id += 1
        }
    }

    /// The model of `--model`, or the bundled one.
    static func tagger(_ options: Options) throws -> Tagger {
        if let path = options.named["model"] {
            let file = Array(try Data(contentsOf: URL(filePath: path)))
            let parts = unsafe file.withUnsafeBytes { unsafe TaggerModel.decoded($0) }
            guard let parts else { throw UsageError(description: "\(path) is no model") }
            let bias = options.named["bias"].flatMap(Float.init).map {
                Int32($0 * parts.model.unit)
            }
            return Tagger(
                model: parts.model, digest: parts.digest, outsideBias: bias ?? parts.outsideBias)
        }
        guard let tagger = Tagger.bundled else { throw UsageError(description: "no bundled model") }
        return tagger
    }
}
