import FoundationEssentials
import Records

@testable import Ingestion

/// Rows of a text, with everything that a test wants to compare.
struct Outcome {
    var rows: [IngestedRow] = []
    var rejected: [RejectedRow] = []
    var report: FileReport
    var texts: [String] { rows.map { $0.fields["text"]?.stringValue ?? "?" } }
    var reasons: [RejectReason] { rejected.map(\.reason) }
}

func ingest(
    _ bytes: [UInt8], _ name: String = "data.csv", _ options: IngestOptions = IngestOptions()
) throws -> Outcome {
    var rows: [IngestedRow] = []
    var rejected: [RejectedRow] = []
    let reports = try Ingestor(options: options).read(bytes: bytes, name: name) { _, batch in
        rows += batch.rows
        rejected += batch.rejected
    }
    guard let report = reports.first else { throw IngestionError(.emptyInput, "", hint: "") }
    try report.count.check()
    precondition(report.count.accepted == rows.count)
    return Outcome(rows: rows, rejected: rejected, report: report)
}

func ingest(
    _ text: String, _ name: String = "data.csv", _ change: (inout IngestOptions) throws -> Void
) throws -> Outcome {
    var options = IngestOptions()
    try change(&options)
    return try ingest(Array(text.utf8), name, options)
}

func ingest(_ text: String, _ name: String = "data.csv") throws -> Outcome {
    try ingest(Array(text.utf8), name)
}

/// A folder of real data next to the repository; nil where there is none.
func shelf(_ path: String) -> String? {
    let root = ProcessInfo.processInfo.environment["TUNDISH_SHARED"] ?? "../shared"
    let folder = "\(root)/shelf/\(path)"
    guard FileManager.default.fileExists(atPath: folder) else {
        print("skipped: \(path) needs ../shared (or TUNDISH_SHARED)")
        return nil
    }
    return folder
}

func names(in folder: String, _ suffix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(suffix) }
        .sorted()
}

func contents(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
}

/// A folder that is gone after `body`.
func withFolder(_ body: (String) throws -> Void) throws {
    let folder = "\(FileManager.default.temporaryDirectory.path)/ingest-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
}

func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
}
