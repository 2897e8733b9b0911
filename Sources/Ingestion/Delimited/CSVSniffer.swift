/// Finds out how a delimited file is written, by reading the start of it in every way that is
/// allowed and taking the one that gives the most regular rows.
struct CSVSniffer {
    /// What the sample showed.
    struct Finding {
        var dialect: CSVDialect
        var columns: [String]
        var notes: [String]
        /// The share of sample records that have the usual number of fields.
        var regularity: Double
        var recordCount: Int
    }

    private static let recordLimit = 4000
    private static let rowLimit = 200
    /// Each unclosed quote is looked for to the end of the sample.
    private static let unclosedLimit = 3
    private static let delimiters: [UInt8] = [0x2C, 0x09, 0x3B, 0x7C]

    let options: IngestOptions
    let format: InputFormat

    private struct Trial {
        var delimiter: UInt8
        var quote: UInt8?
        var escape: UInt8?
        /// The first records, for the header; and of all records, how many fields they have.
        var rows: [[String]] = []
        var counts: [Int: Int] = [:]
        var recordCount = 0
        var stray = 0
        /// Fields in quotes, records that have some, and fields that could not be without.
        var quotedFields = 0
        var quotedRecords = 0
        var neededQuotes = 0
        var unclosed = 0
        var usualCount = 0
        var regularity = 0.0
        /// Records with a field that looks enclosed by another mark.
        var looksQuoted = 0
        var score = 0.0
        /// Whether the first record has fields in quotes.
        var isFirstQuoted = false

        /// text/tab-separated-values knows no quotes: they are believed if a field could not be
        /// written without, if they are common, or if all that there are enclose whole fields and
        /// the header has some, or the file is too small to say what is common.
        var hasBelievableQuotes: Bool {
            if neededQuotes > 0 || quotedRecords * 2 >= recordCount { return true }
            return stray == 0 && (isFirstQuoted || recordCount < 20)
        }
    }

    /// The best reading of `sample`; `isWhole` says that nothing follows it.
    func sniff(_ sample: UnsafeBufferPointer<UInt8>, isWhole: Bool) -> Finding {
        var best: Trial?
        for delimiter in candidateDelimiters {
            for (quote, escape) in candidateQuotes {
                if let escape, unsafe !sample.contains(escape) { continue }
                let trial = unsafe attempt(
                    sample, isWhole: isWhole, delimiter: delimiter, quote: quote, escape: escape)
                if trial.score > (best?.score ?? -.infinity) + 1e-9 { best = trial }
            }
        }
        guard var trial = best else { return empty }
        var notes: [String] = []
        if trial.delimiter == 0x09, options.quoting == .detect, !trial.hasBelievableQuotes {
            trial.quote = nil
            trial.escape = nil
            notes.append("quotes are taken literally: no field at the start of the file needs them")
            if trial.quotedFields > 0 {
                trial = unsafe attempt(
                    sample, isWhole: isWhole, delimiter: 0x09, quote: nil, escape: nil)
            }
        }
        let first = trial.rows.first ?? []
        let hasHeader: Bool
        switch options.header {
        case .detect:
            hasHeader = CSVColumns.isHeader(
                first, rows: Array(trial.rows.dropFirst()), mapping: options.mapping)
        case .present: hasHeader = true
        case .absent, .names: hasHeader = false
        }
        var columns = CSVColumns.numbered(max(first.isEmpty ? 0 : trial.usualCount, 0))
        if case .names(let names) = options.header { columns = names }
        if hasHeader {
            let named = CSVColumns.names(first)
            columns = named.names
            notes += named.notes
        }
        let dialect = CSVDialect(
            delimiter: trial.delimiter, quote: trial.quote, escape: trial.escape,
            hasHeader: hasHeader)
        // A file whose first quote is never closed still has a row, for the quarantine.
        if columns.isEmpty, unsafe !ByteSearch.trimmed(sample).isEmpty { columns = ["column1"] }
        return Finding(
            dialect: dialect, columns: columns, notes: notes, regularity: trial.regularity,
            recordCount: trial.recordCount)
    }

    private var empty: Finding {
        let dialect = CSVDialect(delimiter: 0x2C, quote: 0x22, escape: nil, hasHeader: false)
        return Finding(dialect: dialect, columns: [], notes: [], regularity: 0, recordCount: 0)
    }

    private var candidateDelimiters: [UInt8] {
        if let delimiter = options.delimiter { return [delimiter] }
        return format == .tsv ? [0x09] : Self.delimiters
    }

    private var candidateQuotes: [(UInt8?, UInt8?)] {
        switch options.quoting {
        case .none: [(nil, nil)]
        case .character(let quote): [(quote, nil), (quote, 0x5C)]
        case .detect: [(0x22, nil), (0x22, 0x5C), (0x27, nil), (0x27, 0x5C), (nil, nil)]
        }
    }

    private func attempt(
        _ sample: UnsafeBufferPointer<UInt8>, isWhole: Bool, delimiter: UInt8, quote: UInt8?,
        escape: UInt8?
    ) -> Trial {
        var trial = Trial(delimiter: delimiter, quote: quote, escape: escape)
        guard let base = sample.baseAddress else { return trial }
        var scanner = CSVScanner(delimiter: delimiter, quote: quote, escape: escape)
        var start = 0
        scan: while trial.recordCount < Self.recordLimit {
            scanner.reset()
            let outcome = unsafe scanner.scan(
                base + start, count: sample.count - start, isAtEnd: isWhole)
            guard case .record(let length, let lineEnd) = outcome else { break scan }
            if scanner.unclosedQuote != nil {
                trial.unclosed += 1
                guard trial.recordCount > 0, trial.unclosed < Self.unclosedLimit else { break scan }
                // Behind its first line, as the reader does.
                let text = unsafe UnsafeBufferPointer(start: base + start, count: length)
                let lineBreak = unsafe text.firstIndex { $0 == 0x0A || $0 == 0x0D }
                guard let lineBreak else { break scan }
                start += lineBreak + 1
                continue
            }
            if length > 0 {
                unsafe note(scanner, base + start, length, in: &trial)
            }
            start += length + lineEnd
        }
        rate(&trial)
        return trial
    }

    private func note(
        _ scanner: CSVScanner, _ base: UnsafePointer<UInt8>, _ length: Int, in trial: inout Trial
    ) {
        trial.recordCount += 1
        trial.counts[scanner.fields.count, default: 0] += 1
        if scanner.isStray { trial.stray += 1 }
        let before = trial.quotedFields
        for field in scanner.fields where field.start > 0 {
            guard unsafe base[field.start - 1] == trial.quote else { continue }
            trial.quotedFields += 1
            let content = unsafe UnsafeBufferPointer(
                start: base + field.start, count: field.end - field.start)
            let isNeeded = unsafe content.contains { $0 == trial.delimiter || $0 == 0x0A }
            if isNeeded || field.needsDecoding { trial.neededQuotes += 1 }
        }
        if trial.quotedFields > before {
            trial.quotedRecords += 1
            if trial.recordCount == 1 { trial.isFirstQuoted = true }
        }
        for mark in [UInt8(0x22), 0x27] where mark != trial.quote {
            // An apostrophe may stand at both ends by chance, in one field: not in all of them.
            let isQuoted = unsafe hasQuotedLook(scanner.fields, base, mark, all: mark == 0x27)
            if isQuoted { trial.looksQuoted += 1 }
        }
        if trial.rows.count < Self.rowLimit {
            trial.rows.append(scanner.fields.map { unsafe scanner.text(of: $0, in: base) })
        }
    }

    private func hasQuotedLook(
        _ fields: [CSVField], _ base: UnsafePointer<UInt8>, _ mark: UInt8, all: Bool
    ) -> Bool {
        func isEnclosed(_ field: CSVField) -> Bool {
            guard field.end - field.start > 1 else { return false }
            return unsafe base[field.start] == mark && base[field.end - 1] == mark
        }
        return all ? fields.allSatisfy(isEnclosed) : fields.contains(where: isEnclosed)
    }

    /// Regular rows of several fields are best; the plainest dialect wins among equals.
    private func rate(_ trial: inout Trial) {
        let total = trial.recordCount
        guard total > 0 else {
            trial.score = trial.unclosed > 0 ? -1 : -0.5
            return
        }
        let usual = trial.counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
        trial.usualCount = usual?.key ?? 1
        trial.regularity = Double(usual?.value ?? 0) / Double(total)
        var score = trial.regularity * (trial.usualCount > 1 ? 1 : 0.6)
        if trial.stray > 0 { score -= 0.05 + Double(trial.stray) / Double(total) }
        if trial.unclosed > 0 {
            // One that was forgotten, where other fields cannot be without quotes, or no quotes.
            let isForgotten = trial.neededQuotes > 1 && trial.unclosed < Self.unclosedLimit
            score -= isForgotten ? 0.02 * Double(trial.unclosed) : 0.2
        }
        score += Double(min(trial.usualCount, 50)) * 1e-4
        switch (trial.quote, trial.escape) {
        case (0x22, nil): score -= 0.5 * Double(trial.looksQuoted) / Double(total)
        case (nil, _): score -= 0.02 + Double(trial.looksQuoted) / Double(total)
        case (_, nil): score -= trial.quotedFields > 1 ? 0.01 : 0.2
        default: score -= trial.quotedFields > 0 ? 0.015 : 0.2
        }
        trial.score = score
    }
}
