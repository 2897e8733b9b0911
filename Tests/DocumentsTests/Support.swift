import Foundation
import ReaderProtocol
import Records
import Testing

@testable import Documents

/// Keeps what a reader puts.
final class Collector: DocumentSink {
    var frames: [ReaderFrame] = []
    var records: [ReaderRecord] = []
    var refusals: [ReaderRefusal] = []
    var notes: [String] = []
    /// Members by name, in order; the last one may be broken off.
    var members: [(name: String, bytes: [UInt8], isWhole: Bool)] = []

    func put(_ frame: ReaderFrame) throws(ReaderFault) {
        do {
            _ = try frame.header()
            switch frame.kind {
            case .record: records.append(try ReaderRecord(payload: frame.payload))
            case .refusal: refusals.append(try ReaderRefusal(payload: frame.payload))
            case .note:
                notes.append(try JSONParser.parse(frame.payload)["message"]?.stringValue ?? "")
            case .member:
                members.append((try ReaderMember(payload: frame.payload).name, [], false))
            case .bytes: members[members.count - 1].bytes += frame.payload
            case .memberEnd: members[members.count - 1].isWhole = true
            case .done, .fault: break
            }
        } catch {
            throw ReaderFault(.malformed, "a frame that does not read back: \(error)", hint: "")
        }
    }

    /// Texts of all records.
    var texts: [String] { records.map { $0.fields["text"]?.stringValue ?? "" } }
}

/// What came of reading one document.
struct Outcome {
    var sink = Collector()
    var summary: ReaderSummary?
    var fault: ReaderFault?
}

/// Reads bytes as `task`.
func read(
    _ bytes: [UInt8], _ task: DocumentFormat, name: String = "test", unit: String? = nil,
    recordsPath: String? = nil, encoding: String? = nil, limits: ReaderLimits = ReaderLimits()
) -> Outcome {
    var out = Outcome()
    let request = ReaderRequest(
        task, name: name, unit: unit, recordsPath: recordsPath, encoding: encoding, limits: limits)
    do throws(ReaderFault) {
        out.summary = try DocumentReader.read(
            request, DocumentInput(bytes, limits: limits), out.sink)
    } catch {
        out.fault = error
    }
    return out
}

/// Reads text as `task`.
func read(
    _ text: String, _ task: DocumentFormat, unit: String? = nil, recordsPath: String? = nil,
    encoding: String? = nil, limits: ReaderLimits = ReaderLimits()
) -> Outcome {
    read(
        Array(text.utf8), task, unit: unit, recordsPath: recordsPath, encoding: encoding,
        limits: limits)
}

/// A folder of other people's files; nil, with a message, where there is none.
func shelf(_ path: String) -> String? {
    let root =
        ProcessInfo.processInfo.environment["TUNDISH_SHARED"]
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared")
        .path
    let folder = "\(root)/shelf/\(path)"
    guard FileManager.default.fileExists(atPath: folder) else {
        print("skipped: there is no \(folder)")
        return nil
    }
    return folder
}

/// The names in a folder that end in `suffix`, sorted.
func names(in folder: String, _ suffix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.lowercased().hasSuffix(suffix) }.sorted()
}

/// A file's bytes.
func contents(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}
