import FoundationEssentials
import Glibc
import Records
import Testing

@testable import Ingestion

/// Every document of the shelf through the reader process: the table of `docs/ingestion.md`.
///
/// One file after the other, each as one of several, so that what cannot be read as a whole is
/// told. A row is quarantined also where only the mapping does not fit; so the text column of each
/// kind is named.
@Suite(.serialized) struct ShelfTableTests {
    struct Line {
        var files = 0
        var read = 0
        var part = 0
        var refused = 0
        var rows: UInt64 = 0
        var reasons: [String: UInt64] = [:]
    }

    static let folders = [
        "tika", "mikel-mail", "hl7v2", "ccda", "fhir", "xml-bombs", "csv-spectrum", "duckdb-csv",
        "JSONTestSuite", "clinical_notes",
    ]

    @Test func everyFileIsReadOrRefusedWithAReason() throws {
        var table: [String: Line] = [:]
        var refusals: [String] = []
        for folder in Self.folders {
            guard let path = shelf("docs/\(folder)") else { return }
            for file in try InputFiles.expand([path]) {
                var options = IngestOptions()
                options.readerSilence = 60
                let started = Self.seconds
                let reports = try Self.read(file, options)
                let took = Self.seconds - started
                #expect(took < 60, "\(folder)/\(file.relativePath) took \(took) s")
                let first = reports[0]
                let kind = "\(folder) \(first.facts.format.rawValue)"
                let report = IngestReport(reports)
                let count = report.count
                try count.check()
                var line = table[kind, default: Line()]
                line.files += 1
                line.rows += count.accepted
                let isRefused = first.refusal != nil
                if isRefused {
                    line.refused += 1
                } else if count.quarantined.isEmpty {
                    line.read += 1
                } else {
                    line.part += 1
                }
                line.reasons.merge(count.quarantined, uniquingKeysWith: +)
                table[kind] = line
                for report in reports where report.refusal != nil {
                    refusals.append(
                        "\(folder)/\(report.facts.file.relativePath): \(report.refusal!.reason): "
                            + report.refusal!.message)
                }
            }
        }
        print("| folder, format | files | read | in part | refused | records | reasons |")
        print("|---|---|---|---|---|---|---|")
        for (kind, line) in table.sorted(by: { $0.key < $1.key }) {
            let reasons = line.reasons.sorted { $0.key < $1.key }
                .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            print(
                "| \(kind) | \(line.files) | \(line.read) | \(line.part) | \(line.refused) | "
                    + "\(line.rows) | \(reasons) |")
        }
        if getenv("TUNDISH_SHELF_DETAILS") != nil { print(refusals.joined(separator: "\n")) }
        // A reader that died would be a crash or a hang of ours.
        #expect(table.values.allSatisfy { $0.reasons["reader-died"] == nil })
        let bombs = table.filter { $0.key.hasPrefix("xml-bombs") }.values
        #expect(bombs.reduce(0) { $0 + $1.rows } < 40)
        #expect(table.values.reduce(0) { $0 + $1.files } > 900)
    }

    /// As one of several files. A table without a `text` column is read once more, with the first
    /// column that holds text (else the first) for the text.
    private static func read(_ file: InputFile, _ options: IngestOptions) throws -> [FileReport] {
        var options = options
        var column: String?
        var first = IngestRun(Ingestor(options: options), isOneOfSeveral: true) { _, _ in }
        first.observe = { report, sink in
            guard report.refusal?.reason == "no-mapping", let columns = sink?.sourceColumns else {
                return
            }
            column = columns.first { $0.type == .string }?.name ?? columns.first?.name
        }
        try first.read(file)
        guard let column else { return try first.finish() }
        options.mapping = try FieldMapping(json: ["fields": ["text": .string(column)]])
        first = IngestRun(Ingestor(options: options), isOneOfSeveral: true) { _, _ in }
        first.observe = { _, _ in }
        try first.read(file)
        return try first.finish()
    }

    private static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
