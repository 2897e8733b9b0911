import Cryptography
import Foundation
import Records

@testable import Cleaning

func rid(_ number: Int) -> RecordID { RecordID(words: (0, UInt64(number))) }
func subject(_ number: Int) -> SubjectID { SubjectID(words: (0, UInt64(number))) }

func record(
    _ number: Int, _ text: String, label: String? = nil, subjects: [Int] = [], split: Split? = nil,
    extra: [String: JSONValue] = [:]
) -> Record {
    var fields = extra
    fields["text"] = .string(text)
    if let label { fields["label"] = .string(label) }
    return Record(
        rid: rid(number), kind: label == nil ? .text : .labelled, fields: fields, split: split,
        subjects: subjects.map(subject))
}

let key = SymmetricKey(bytes: Array(repeating: 7, count: 32))

/// One text after one operation.
func apply(_ step: TextStep, _ text: String) -> String {
    var reasons = ReasonCounts()
    return String(
        decoding: step.apply(Array(text.utf8), reasons: &reasons) ?? Array(text.utf8), as: UTF8.self
    )
}

/// The bytes of a file of the shared test data; nil where that is not at hand.
func shelf(_ path: String) -> [UInt8]? {
    let root =
        ProcessInfo.processInfo.environment["TUNDISH_SHARED"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared").path
    return (try? Data(contentsOf: URL(filePath: "\(root)/shelf/\(path)"))).map { [UInt8]($0) }
}
