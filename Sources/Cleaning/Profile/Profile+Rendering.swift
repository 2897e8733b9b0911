public import Records

extension Profile {
    /// The profile as one JSON object.
    public var json: JSONValue {
        func counts(_ values: [String: UInt64]) -> JSONValue {
            .object(values.mapValues { .integer(Int($0)) })
        }
        return [
            "records": .integer(Int(recordCount)), "kinds": counts(kinds),
            "splits": counts(splits), "labels": counts(labels),
            "otherLabels": .integer(Int(otherLabels)), "words": .integer(Int(words)),
            "length": lengths.json,
            "duplicates": [
                "exact": .integer(Int(exactDuplicates)), "share": .double(duplicateShare),
                "estimated": .bool(!duplicatesAreExact),
            ],
            "subjects": [
                "count": .integer(subjectCount), "recordsWith": .integer(Int(withSubject)),
            ],
            "fields": .object(fields.mapValues { $0.json(total: recordCount) }),
            "labelsByPart": .object(labelSplits.mapValues(counts)),
            "languages": counts(signals.languages),
            "qualityBeyondLimits": counts(
                Dictionary(
                    signals.beyond.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: +)),
            "sampled": .integer(Int(signals.count)),
        ]
    }

    /// The share of records that repeat another, to four places.
    private var duplicateShare: Double {
        let share = Double(exactDuplicates) / Double(max(1, recordCount))
        return (share * 10_000).rounded() / 10_000
    }

    /// The profile for people: a few lines and a table of fields.
    public var text: String {
        var lines = [
            "records     \(recordCount) (\(Self.list(kinds)))",
            "splits      \(Self.list(splits))",
        ]
        if !labels.isEmpty { lines.append("labels      \(labelLine)") }
        let about = duplicatesAreExact ? "" : "about "
        lines.append(
            "duplicates  \(about)\(exactDuplicates) (\(percent(exactDuplicates))) exact")
        lines.append(
            "subjects    \(subjectCount) people, in \(withSubject) records"
                + " (\(percent(withSubject)))")
        lines.append(
            "length      \(lengths.quantile(0.1)) / \(lengths.quantile(0.5)) /"
                + " \(lengths.quantile(0.9)) / \(lengths.maximum) characters"
                + " (p10 / median / p90 / max), \(words) words")
        if signals.count > 0 {
            let about = signals.count == recordCount ? "" : " (of \(signals.count) sampled)"
            lines.append("languages   \(Self.most(signals.languages))\(about)")
            let names = signals.beyond.map { ($0.key.rawValue, $0.value) }
            let beyond = Self.most(Dictionary(names, uniquingKeysWith: +))
            if !beyond.isEmpty { lines.append("beyond      \(beyond)\(about)") }
        }
        lines.append("")
        lines += table
        return lines.joined(separator: "\n") + "\n"
    }

    private var labelLine: String {
        let sorted = labels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let total = labels.values.reduce(otherLabels, +)
        let shown = sorted.prefix(8).map { label, number in
            "\(label) \(number) (\(Self.percent(number, of: total)))"
        }
        let rest = sorted.count > 8 ? ", and \(sorted.count - 8) more" : ""
        return shown.joined(separator: ", ") + rest
    }

    private var table: [String] {
        var rows = [["field", "type", "missing", "distinct", "p10", "median", "p90", "max"]]
        for (name, field) in fields.sorted(by: { $0.key < $1.key }) {
            let hasLength = field.lengths.count > 0
            let quantiles = [0.1, 0.5, 0.9].map {
                hasLength ? "\(field.lengths.quantile($0))" : "–"
            }
            let missing = field.missing(of: recordCount)
            rows.append(
                [
                    name, field.look, missing == 0 ? "0" : "\(missing) (\(percent(missing)))",
                    (field.distinct.isExact ? "" : "~") + "\(field.distinct.count)",
                ] + quantiles + [hasLength ? "\(field.lengths.maximum)" : "–"])
        }
        let widths = rows[0].indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column < 2 ? cell + padding : padding + cell
            }.joined(separator: "  ")
        }
    }

    private func percent(_ number: UInt64) -> String { Self.percent(number, of: recordCount) }

    private static func percent(_ number: UInt64, of total: UInt64) -> String {
        let tenths = total == 0 ? 0 : (number * 1000 + total / 2) / total
        return "\(tenths / 10).\(tenths % 10) %"
    }

    /// The eight largest.
    private static func most(_ counts: [String: UInt64]) -> String {
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let shown = sorted.prefix(8).map { "\($0.key) \($0.value)" }
        return shown.joined(separator: ", ")
            + (sorted.count > 8 ? ", and \(sorted.count - 8) more" : "")
    }

    private static func list(_ counts: [String: UInt64]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}
