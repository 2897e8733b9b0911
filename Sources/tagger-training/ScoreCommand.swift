import FoundationEssentials
import Records
import Redaction

/// `score`: how well detection does on marked texts, as a whole and by members such as `style`.
enum ScoreCommand {
    static func run(_ options: Options) throws {
        guard let path = options.plain.first else { throw UsageError(description: "score FILE") }
        let rows = try GoldFile.rows(Array(Data(contentsOf: URL(filePath: path))), named: path)
        let tagger = try ScanCommand.tagger(options)
        let redactor = try options.plain.dropFirst().first.map { file in
            try Redactor(
                policy: Policy.load(
                    yaml: Array(Data(contentsOf: URL(filePath: file))), named: file),
                detectors: options.named["only"] == "scanners"
                    ? [Scanners()] : [Scanners(), tagger])
        }
        let keys = (options.named["by"] ?? "").split(separator: ",").map(String.init)
        var whole = DetectionScore()
        var parts: [String: DetectionScore] = [:]
        for row in rows {
            let bytes = Array(row.text.utf8)
            let findings = try redactor?.scan(bytes) ?? tagger.findings(in: DocumentView(bytes))
            var map = OffsetMap(bytes)
            let predicted = findings.map { finding -> GoldRow.Span in
                let start = map.codePoint(atByte: finding.range.lowerBound)
                return GoldRow.Span(
                    start: start, end: map.codePoint(atByte: finding.range.upperBound),
                    label: finding.type.rawValue)
            }
            whole.add(row, predicted: predicted)
            for key in keys {
                guard let value = row.attributes[key] else { continue }
                parts["\(key) \(value)", default: DetectionScore()].add(row, predicted: predicted)
            }
        }
        print("| part | texts | spans | leak | over | F2 |\n|---|---|---|---|---|---|")
        print(line("all", whole))
        for (name, score) in parts.sorted(by: { $0.key < $1.key }) { print(line(name, score)) }
        let (leak, over) = whole.intervals()
        print(
            "\n95 % intervals: leak \(text(leak.lowerBound))–\(text(leak.upperBound)), "
                + "over \(text(over.lowerBound))–\(text(over.upperBound))")
        if options.named["types"] != nil {
            for (type, counts) in whole.byType.sorted(by: { $0.value.spans > $1.value.spans }) {
                print(
                    "\(type): \(counts.spans) spans, leak \(text(counts.leak)), recall \(text(counts.recall))"
                )
            }
        }
        if options.named["exact"] != nil {
            print(
                "exact \(whole.leak) \(whole.over) \(whole.f2) \(whole.recall) \(whole.precision)")
        }
    }

    private static func line(_ name: String, _ score: DetectionScore) -> String {
        let hasGold = score.goldCharacters > 0
        return "| \(name) | \(score.textCount) | \(score.spans.gold) | "
            + (hasGold ? text(score.leak) : "–") + " | \(text(score.over)) | "
            + (hasGold ? text(score.f2) : "–") + " |"
    }

    /// Three decimals without the leading zero: `.021`.
    private static func text(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        if thousandths >= 1000 { return "1.0" }
        let digits = String(thousandths)
        return "." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
