import ModelFiles
import Records
import Training

/// A task from files, as Benchmarks/training/tasks writes it.
///
///     {"kind": "text", "model": FOLDER, "labels": ["no", "yes"], "train": FILE, "validation": FILE,
///      "settings": {"method": "lora", …}, "order": FILE}
///
/// Rows are lines of JSON: `{"text", "label"}` (kind `text`), `{"words", "labels"}` (`words`) or
/// `{"messages": [{"role", "content"}]}` (`chat`). `order`, if given, gets the rows of each step.
struct TaskDescription {
    enum Kind: String { case text, words, chat }

    let kind: Kind
    let model: String
    let labels: [String]
    let train: String
    let validation: String
    let settings: TrainingConfiguration
    let order: String?

    struct Damaged: Error { let what: String }

    init(path: String) throws {
        let json = try JSONParser.parse(BaseModel.bytes(path))
        func text(_ name: String) throws -> String {
            guard let value = json[name]?.stringValue else { throw Damaged(what: "no \(name)") }
            return value
        }
        guard let kind = Kind(rawValue: try text("kind")) else { throw Damaged(what: "kind") }
        self.kind = kind
        model = try text("model")
        labels = json["labels"]?.stringArray ?? []
        train = try text("train")
        validation = try text("validation")
        settings = try TrainingConfiguration(json: json["settings"] ?? [:])
        order = json["order"]?.stringValue
    }

    var task: ModelTask {
        switch kind {
        case .text: .sequenceClassification(labels: labels)
        case .words: .tokenClassification(labels: labels)
        case .chat: .causalLanguageModel
        }
    }
}
