internal import Records

extension Profile {
    /// The profile as one HTML page that needs nothing from anywhere: plots inside, no script, for
    /// light and dark screens and for paper.
    ///
    /// It holds names of columns, labels and numbers, and never text of a record. Labels of
    /// `personalFields` are numbered instead of named. `sections` come after the page's own.
    public func html(
        title: String, subtitle: String = "", personalFields: Set<String> = [],
        sections: [ProfileSection] = []
    ) -> String {
        var cards = [splitCard, lengthCard]
        if !labels.isEmpty { cards.append(labelCard(isPersonal: personalFields.contains("label"))) }
        if signals.count > 0 { cards += [languageCard, qualityCard] }
        cards.append(missingCard)
        cards += sections.map(card)
        let subtitle = subtitle.isEmpty ? "" : "<p>\(HTMLPage.escape(subtitle))</p>"
        let heading = HTMLCharts.element("h1", [:], HTMLPage.escape(title))
        let grid = HTMLCharts.element(
            "div", ["class": "cards"], cards.filter { !$0.isEmpty }.joined(separator: "\n"))
        let body =
            HTMLCharts.element("header", [:], heading + subtitle) + "\n"
            + HTMLCharts.element("main", [:], tiles + grid + fieldCard) + "\n"
            + HTMLCharts.element(
                "footer", [:],
                "Counts of a dataset version. No text of any record is on this page.")
        return HTMLPage.page(title: title, body: body)
    }

    // MARK: Numbers on top

    private var tiles: String {
        let about = duplicatesAreExact ? "" : "about "
        let cells = recordCount * UInt64(fields.count)
        let missing = fields.values.reduce(0) { $0 + $1.missing(of: recordCount) }
        let kinds = kinds.sorted { $0.key < $1.key }.map(\.key).joined(separator: ", ")
        let list: [(String, String, String)] = [
            ("Records", HTMLPage.number(recordCount), kinds),
            (
                "Words", HTMLPage.number(words),
                "median \(HTMLPage.number(UInt64(lengths.quantile(0.5)))) characters a record"
            ),
            (
                "People", HTMLPage.number(UInt64(subjectCount)),
                "in \(HTMLPage.percent(withSubject, of: recordCount)) of records"
            ),
            (
                "Exact duplicates", about + HTMLPage.number(exactDuplicates),
                "\(HTMLPage.percent(exactDuplicates, of: recordCount)) of records"
            ),
            (
                "Missing values", HTMLPage.number(missing),
                "\(HTMLPage.percent(missing, of: cells)) of \(fields.count) columns"
            ),
        ]
        let items = list.map { name, value, note in
            HTMLCharts.element(
                "div", ["class": "tile"],
                HTMLCharts.element("dt", [:], name)
                    + HTMLCharts.element(
                        "dd", [:],
                        value + HTMLCharts.element("small", [:], HTMLPage.escape(note))))
        }
        return "<dl class=\"tiles\">\(items.joined())</dl>"
    }

    // MARK: Cards

    private func card(_ title: String, _ note: String, _ content: String, wide: Bool = false)
        -> String
    {
        let note = note.isEmpty ? "" : "<p>\(HTMLPage.escape(note))</p>"
        let heading = HTMLCharts.element("h2", [:], HTMLPage.escape(title))
        return HTMLCharts.element(
            "section", ["class": wide ? "wide" : "card"], heading + note + content)
    }

    private func card(_ section: ProfileSection) -> String {
        var content = ""
        if !section.bars.isEmpty {
            let total = section.bars.reduce(0) { $0 + UInt64(max(0, $1.count)) }
            let rows = section.bars.map { bar in
                let count = UInt64(max(0, bar.count))
                return HTMLCharts.Row(
                    name: bar.name, pieces: [("fill", count)],
                    share: HTMLPage.percent(count, of: total))
            }
            content += HTMLCharts.bars(rows, caption: section.title, unit: "count")
        }
        if !section.facts.isEmpty {
            let rows = section.facts.map { fact in
                "<tr><th scope=\"row\">\(HTMLPage.escape(fact.name))</th>"
                    + "<td class=\"num\">\(HTMLPage.escape(fact.value))</td></tr>"
            }
            content +=
                "<table class=\"grid\"><caption>\(HTMLPage.escape(section.title))</caption><tbody>"
                + rows.joined() + "</tbody></table>"
        }
        return card(section.title, section.note, content)
    }

    private var splitCard: String {
        var rows: [HTMLCharts.Row] = []
        for (kind, count) in kinds.sorted(by: { $0.key < $1.key }) {
            rows.append(
                HTMLCharts.Row(
                    name: kind, pieces: [("fill", count)],
                    share: HTMLPage.percent(count, of: recordCount)))
        }
        return card(
            "Parts", "A part is frozen once a record has it.",
            HTMLCharts.parts(splits)
                + HTMLCharts.bars(rows, caption: "Records by kind", unit: "records"))
    }

    private var lengthCard: String {
        let marks = [("median", lengths.quantile(0.5)), ("p90", lengths.quantile(0.9))]
        let label =
            "Lengths of texts: from \(lengths.count == 0 ? 0 : lengths.minimum) to \(lengths.maximum)"
            + " characters, median \(marks[0].1), ninth tenth \(marks[1].1)"
        return card(
            "Length", "Characters of a record's text. Classes grow with the length.",
            HTMLHistogram(lengths.classes, marks: marks, label: label).svg)
    }

    private func labelCard(isPersonal: Bool) -> String {
        let sorted = labels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let total = labels.values.reduce(otherLabels, +)
        let rows = sorted.prefix(16).enumerated().map { index, entry in
            HTMLCharts.Row(
                name: isPersonal ? "label \(index + 1)" : entry.key,
                pieces: HTMLCharts.parts.map { ($0, labelSplits[entry.key]?[$0] ?? 0) },
                share: HTMLPage.percent(entry.value, of: total))
        }
        let rest = sorted.count > 16 ? " The 16 most frequent of \(sorted.count)." : ""
        let shown = HTMLCharts.parts.filter { (splits[$0] ?? 0) > 0 }
        return card(
            "Labels", "How many records have each label, by part.\(rest)",
            HTMLCharts.legend(shown.map { ($0, "") })
                + HTMLCharts.bars(rows, caption: "Records by label", unit: "records"))
    }

    /// What a number of the sample is about.
    private var sampleNote: String {
        signals.count == recordCount
            ? "of all records" : "of a sample of \(HTMLPage.number(signals.count)) records"
    }

    private var languageCard: String {
        let sorted = signals.languages.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let rows = sorted.prefix(12).map { language, count in
            HTMLCharts.Row(
                name: language == "und" ? "und (too short or mixed)" : language,
                pieces: [(language == "und" ? "none" : "fill", count)],
                share: HTMLPage.percent(count, of: signals.count))
        }
        return card(
            "Languages", "Guessed by letters and words, \(sampleNote).",
            HTMLCharts.bars(Array(rows), caption: "Records by language", unit: "records"))
    }

    private var qualityCard: String {
        let sorted = signals.beyond.sorted {
            ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
        }
        let rows = sorted.prefix(12).map { signal, count in
            HTMLCharts.Row(
                name: signal.rawValue.map { $0 == "_" ? " " : String($0) }.joined(),
                pieces: [("warn", count)], share: HTMLPage.percent(count, of: signals.count))
        }
        let note =
            "Records beyond the limits that the authors of Gopher and C4 set for web pages,"
            + " \(sampleNote). Short texts are beyond some of them by nature."
        return card(
            "Quality signals", note,
            rows.isEmpty
                ? "<p>None.</p>"
                : HTMLCharts.bars(
                    Array(rows), caption: "Records beyond limits", unit: "records",
                    whole: signals.count))
    }

    private var missingCard: String {
        let sorted = fields.map { ($0.key, $0.value.missing(of: recordCount)) }
            .filter { $0.1 > 0 }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        guard !sorted.isEmpty else {
            return card("Missing values", "", "<p>No column lacks a value.</p>")
        }
        let rows = sorted.prefix(16).map { name, count in
            HTMLCharts.Row(
                name: name, pieces: [("warn", count)],
                share: HTMLPage.percent(count, of: recordCount))
        }
        let rest = sorted.count > 16 ? " The 16 emptiest of \(sorted.count)." : ""
        return card(
            "Missing values", "Absent, null, or written as missing (N/A, -, …), by column.\(rest)",
            HTMLCharts.bars(
                Array(rows), caption: "Missing values by column", unit: "records",
                whole: recordCount))
    }

    private var fieldCard: String {
        let heads = ["Column", "Type", "Missing", "Different", "p10", "Median", "p90", "Longest"]
        var html = "<table class=\"grid\"><caption>Columns</caption><thead><tr>"
        for (index, head) in heads.enumerated() {
            html += "<th scope=\"col\"\(index > 1 ? " class=\"num\"" : "")>\(head)</th>"
        }
        html += "</tr></thead><tbody>\n"
        for (name, field) in fields.sorted(by: { $0.key < $1.key }) {
            let hasLength = field.lengths.count > 0
            let numbers = [0.1, 0.5, 0.9].map {
                hasLength ? HTMLPage.number(UInt64(field.lengths.quantile($0))) : "–"
            }
            let cells =
                [
                    HTMLPage.percent(field.missing(of: recordCount), of: recordCount),
                    (field.distinct.isExact ? "" : "~")
                        + HTMLPage.number(UInt64(field.distinct.count)),
                ] + numbers
                + [hasLength ? HTMLPage.number(UInt64(field.lengths.maximum)) : "–"]
            html +=
                "<tr><th scope=\"row\">\(HTMLPage.escape(name))</th><td>\(field.look)</td>"
                + cells.map { "<td class=\"num\">\($0)</td>" }.joined() + "</tr>\n"
        }
        return card(
            "Columns", "Lengths in characters. Numbers and dates written as text count as such.",
            html + "</tbody></table>", wide: true)
    }
}
