import EngineProtocol
import ModelFiles
import Records
import Training

/// One record as the engine keeps it: token ids and what is to be learned; the text is gone.
struct ReadRecord {
    /// What is to be learned, before labels have numbers.
    enum Target {
        /// A label for the text; nil where none is needed.
        case label(String?)
        /// A tag for each word, and each word's first token (-1: it has none, or was cut off).
        case tags([String]?, firstTokens: [Int])
        /// The tokens to learn.
        case tokens([Int32])
    }

    let rid: [UInt8]
    var ids: [Int32]
    var target: Target
    var rejected: EncodedExample.Alternative?
    var wasCut = false
}

/// Turns records into token ids, as a task wants them.
protocol RecordEncoding {
    /// - Throws: `EngineFailure` for a record that lacks what the task needs; never with its text.
    func encode(_ fields: JSONValue, rid: [UInt8]) throws -> ReadRecord
}

extension RecordEncoding {
    /// Reads a split and turns its records into ids at once; none if the request lacks it.
    func read(
        _ split: Split, _ request: EngineRequest, _ client: EngineClient
    ) throws -> [ReadRecord] {
        guard let count = request.splits[split] else { return [] }
        var records: [ReadRecord] = []
        records.reserveCapacity(count)
        try client.records(of: split) { rid, json in
            records.append(try encode(JSONParser.parse(json)["fields"] ?? [:], rid: rid))
        }
        return records
    }

    static func missing(_ what: String, _ rid: [UInt8], _ hint: String) -> EngineFailure {
        EngineFailure("data", "record \(Hex.encode(rid)) has \(what)", hint: hint)
    }
}

extension Array<ReadRecord> {
    var cutCount: Int { count(where: \.wasCut) }

    /// The labels or tags that occur.
    var occurringLabels: LabelSet {
        LabelSet(
            occurring: flatMap { record -> [String] in
                switch record.target {
                case .label(let label): label.map { [$0] } ?? []
                case .tags(let tags, _): tags ?? []
                case .tokens: []
                }
            })
    }

    /// Examples for training or scoring.
    ///
    /// - Throws: `EngineFailure` for a label that the set lacks.
    func examples(_ labels: LabelSet, _ split: Split) throws -> [EncodedExample] {
        func number(_ label: String?, _ rid: [UInt8]) throws -> Int {
            guard let index = label.flatMap(labels.index(of:)) else {
                throw EngineFailure(
                    "unknown-label",
                    "record \(Hex.encode(rid)) of the \(split.rawValue) split has a label "
                        + "that the train split does not have",
                    hint: "split again so that every label occurs in train, or drop the label")
            }
            return index
        }
        return try map { record in
            switch record.target {
            case .label(let label):
                return EncodedExample(ids: record.ids, label: try number(label, record.rid))
            case .tags(let tags, let firstTokens):
                var targets = [Int32](
                    repeating: EncodedExample.ignored, count: record.ids.count)
                for (tag, place) in zip(tags ?? [], firstTokens) where place >= 0 {
                    targets[place] = Int32(try number(tag, record.rid))
                }
                return EncodedExample(ids: record.ids, targets: targets)
            case .tokens(let targets):
                return EncodedExample(
                    ids: record.ids, targets: targets, rejected: record.rejected)
            }
        }
    }
}
