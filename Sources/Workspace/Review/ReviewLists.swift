import Catalog
import Cryptography
import Records
import Redaction

/// What reviewers of a dataset's versions decided about values, for the next redaction.
///
/// The latest word about a value wins. Values are opened from the decisions' sealed objects.
struct ReviewLists {
    let values: ReviewedValues
    /// How many decisions stand behind them.
    let count: Int
    /// SHA-256 over the decisions' items and verdicts, lower-case hex: what the recipe names.
    let digest: String

    init(dataset: DatasetRow, reader: VersionReader) throws {
        let rows = try reader.workspace.catalog.read {
            try $0.reviewDecisions(ofDataset: dataset.id)
        }.filter { $0.object != nil }
        struct Key: Hashable {
            let type: EntityType
            let value: [UInt8]
        }
        var isPersonal: [Key: Bool] = [:]
        for row in rows {
            guard let object = row.object else { continue }
            let decided = try DecidedValue(json: JSONParser.parse(reader.object(object)))
            if let wrong = decided.wrong {
                isPersonal[Key(type: wrong.type, value: wrong.value)] = false
            }
            if let right = decided.right {
                isPersonal[Key(type: right.type, value: right.value)] = true
            }
        }
        values = ReviewedValues(
            allowed: isPersonal.filter { !$0.value }.map { ($0.key.type, $0.key.value) },
            added: isPersonal.filter(\.value).map { ($0.key.type, $0.key.value) })
        count = rows.count
        digest = Hex.encode(
            SHA256.hash(
                Array(rows.map { "\($0.item) \($0.verdict.rawValue)\n" }.joined().utf8)))
    }
}

/// The value that a decision is about: personal data, so it is sealed with the raw stage.
struct DecidedValue {
    struct Typed {
        var type: EntityType
        var value: [UInt8]
    }

    /// What was taken for personal data and is not.
    var wrong: Typed?
    /// What is personal data.
    var right: Typed?

    init(wrong: Typed? = nil, right: Typed? = nil) {
        self.wrong = wrong
        self.right = right
    }

    var json: JSONValue {
        func encode(_ typed: Typed?) -> JSONValue {
            guard let typed else { return .null }
            return [
                "type": .string(typed.type.rawValue),
                "value": .string(String(decoding: typed.value, as: UTF8.self)),
            ]
        }
        return ["wrong": encode(wrong), "right": encode(right)]
    }

    init(json: JSONValue) throws {
        func decode(_ name: String) -> Typed? {
            guard let type = json[name]?["type"]?.stringValue,
                let value = json[name]?["value"]?.stringValue
            else { return nil }
            return Typed(type: EntityType(rawValue: type), value: Array(value.utf8))
        }
        self.init(wrong: decode("wrong"), right: decode("right"))
    }
}

extension ReleaseRule {
    /// As a version's recipe holds it.
    var json: JSONValue {
        [
            "maxLeak": maximumLeak.map { .double($0) } ?? .null,
            "k": k.map { .integer($0) } ?? .null,
            "quasiIdentifiers": .array(quasiIdentifiers.map { .string($0) }),
            "sensitive": sensitive.map { .string($0) } ?? .null,
        ]
    }

    /// Reads ``json`` back; nil where a recipe holds none.
    init?(json: JSONValue?) {
        guard let json, json.objectValue != nil else { return nil }
        var rule = ReleaseRule()
        rule.maximumLeak = json["maxLeak"]?.doubleValue
        rule.k = json["k"]?.intValue
        rule.quasiIdentifiers = json["quasiIdentifiers"]?.stringArray ?? []
        rule.sensitive = json["sensitive"]?.stringValue
        self = rule
    }
}
