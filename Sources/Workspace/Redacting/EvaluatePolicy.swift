import FoundationEssentials
import Records
import Redaction

/// How well a policy's detection does on marked texts: `tundish policy evaluate`.
public struct EvaluatePolicy: Sendable {
    /// The policy's name or file.
    public var policy: String
    /// The file of marked texts.
    public var gold: String
    /// Members of the rows, such as `style`, that the scores are broken down by.
    public var keys: [String]
    /// How many threads detect.
    public var threads: Int

    /// Makes the request.
    public init(policy: String, gold: String, keys: [String] = [], threads: Int = 2) {
        self.policy = policy
        self.gold = gold
        self.keys = keys
        self.threads = threads
    }

    /// Detects, scores and reports. Texts never leave.
    public func run(home: String?) throws -> Report {
        let policy = try PolicyFiles.load(policy, home: home)
        guard let data = FileManager.default.contents(atPath: gold) else {
            throw WorkspaceError(
                .notFound, "cannot read \(gold)", hint: "check the path of the marked texts")
        }
        let rows = try GoldFile.rows(Array(data), named: gold)
        guard !rows.isEmpty else {
            throw WorkspaceError(
                .failed, "\(gold) holds no marked text",
                hint: "one JSON object a line with `text` and `spans`")
        }
        let redactor = try Redactor(policy: policy, keys: .ephemeral())
        let predictions = Parallel.map(rows.indices, threads: max(1, threads)) { index in
            Result { () throws(RedactionError) in try Self.predict(rows[index].text, redactor) }
        }
        var whole = DetectionScore()
        var parts: [String: DetectionScore] = [:]
        for (row, prediction) in zip(rows, predictions) {
            let spans = try prediction.get()
            whole.add(row, predicted: spans)
            for key in keys {
                guard let value = row.attributes[key] else { continue }
                parts["\(key) \(value)", default: DetectionScore()].add(row, predicted: spans)
            }
        }
        return report(whole, parts: parts, policy: policy)
    }

    private static func predict(
        _ text: String, _ redactor: Redactor
    ) throws(RedactionError) -> [GoldRow.Span] {
        let bytes = Array(text.utf8)
        var map = OffsetMap(bytes)
        // What a policy keeps is found, but stays: it covers nothing.
        return try redactor.scan(bytes).filter {
            redactor.policy.rule(for: $0.type).operator != .keep
        }.map { finding in
            let start = map.codePoint(atByte: finding.range.lowerBound)
            return GoldRow.Span(
                start: start, end: map.codePoint(atByte: finding.range.upperBound),
                label: finding.type.rawValue)
        }
    }

    private func report(
        _ whole: DetectionScore, parts: [String: DetectionScore], policy: Policy
    ) -> Report {
        let (leak, over) = whole.intervals()
        var json = Self.json(whole)
        json["policy"] = .string(policy.name)
        json["policyDigest"] = .string(Hex.encode(policy.digest))
        json["leakInterval"] = [.double(leak.lowerBound), .double(leak.upperBound)]
        json["overInterval"] = [.double(over.lowerBound), .double(over.upperBound)]
        json["parts"] = .object(parts.mapValues { .object(Self.json($0)) })
        json["types"] = .object(
            whole.byType.mapValues {
                [
                    "spans": .integer($0.spans), "leak": .double($0.leak),
                    "recall": .double($0.recall), "missed": .integer($0.missed),
                ]
            })
        var lines = [
            "\(whole.textCount) texts, \(whole.spans.gold) marked spans, policy \(policy.name)",
            "leak \(Self.text(whole.leak)) (95 %: \(Self.text(leak.lowerBound))–"
                + "\(Self.text(leak.upperBound))), over-redaction \(Self.text(whole.over)) "
                + "(\(Self.text(over.lowerBound))–\(Self.text(over.upperBound))), "
                + "span F2 \(Self.text(whole.f2))",
        ]
        for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "  " + name.filled(to: 28) + "\(part.textCount) texts".filled(to: 12)
                    + "leak \(Self.text(part.leak))  over \(Self.text(part.over))  "
                    + "F2 \(Self.text(part.f2))")
        }
        lines.append("by type, the most marked first:")
        for (type, counts) in whole.byType.sorted(by: {
            ($1.value.spans, $0.key) < ($0.value.spans, $1.key)
        }) {
            lines.append(
                "  " + type.filled(to: 28) + "\(counts.spans) spans".filled(to: 12)
                    + "leak \(Self.text(counts.leak))  recall \(Self.text(counts.recall))")
        }
        return Report(json: .object(json), lines: lines)
    }

    private static func json(_ score: DetectionScore) -> [String: JSONValue] {
        [
            "texts": .integer(score.textCount), "spans": .integer(score.spans.gold),
            "leak": .double(score.leak), "over": .double(score.over), "f2": .double(score.f2),
            "recall": .double(score.recall), "precision": .double(score.precision),
        ]
    }

    /// Three decimals.
    private static func text(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let digits = String(thousandths % 1000)
        return "\(thousandths / 1000)."
            + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
