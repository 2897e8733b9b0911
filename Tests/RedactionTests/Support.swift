import FoundationEssentials
import Records
import Testing

@testable import Redaction

/// The findings of the built-in recognisers as `TYPE:text`, resolved, above `threshold`.
func scanned(_ text: String, threshold: Float = 0.3, context: FieldContext = .init()) -> [String] {
    let bytes = Array(text.utf8)
    let found = Scanners().findings(in: DocumentView(bytes, context: context))
    return OverlapRule.resolve(found.filter { $0.score >= threshold }, in: bytes).map {
        "\($0.type):" + String(decoding: bytes[$0.range], as: UTF8.self)
    }
}

func policy(_ yaml: String) throws -> Policy {
    try Policy.load(yaml: Array(yaml.utf8), named: "test.yaml")
}

/// A redactor of the built-in recognisers, and others where given, without the learned tagger.
func redactor(
    _ yaml: String = "name: test\ndefault: {operator: replace, threshold: 0.3}",
    _ more: [any Detector] = [], key: [UInt8]? = nil
) throws -> Redactor {
    try Redactor(
        policy: policy(yaml), detectors: [Scanners()] + more,
        keys: key.map { RedactionKeys(pseudonymKey: $0) } ?? .none)
}

func redacted(_ text: String, _ redactor: Redactor) throws -> String {
    String(decoding: try redactor.redact(text: Array(text.utf8)).text, as: UTF8.self)
}

/// Finds fixed words: stands for the learned tagger.
struct FixedDetector: Detector {
    let name = "fixed"
    let digest = [UInt8](repeating: 1, count: 32)
    var words: [String: EntityType]
    var score: Float = 0.9

    func findings(in document: DocumentView) -> [Finding] {
        words.sorted { $0.key < $1.key }.flatMap { word, type in
            WordList([word], ignoreCase: false).ranges(in: document.bytes).prefix(1).map {
                Finding(type: type, range: $0, score: score, detector: name)
            }
        }
    }
}

func makeRecord(_ kind: RecordKind, _ fields: [String: JSONValue]) throws -> Record {
    Record(rid: try RecordID(bytes: Array(repeating: 7, count: 16)), kind: kind, fields: fields)
}

/// The repository's root, from this file's place.
let root = URL(filePath: #filePath).resolvingSymlinksInPath().pathComponents.dropFirst().dropLast(3)
    .joined(separator: "/")

func file(_ path: String) throws -> [UInt8] {
    Array(try #require(FileManager.default.contents(atPath: "/\(root)/\(path)")))
}
