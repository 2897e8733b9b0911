import EngineProtocol
import ModelFiles
import Records
import Training

/// One record as the engine keeps it: token ids and label, the text is gone.
struct LabelledText {
    let rid: [UInt8]
    let ids: [Int32]
    let label: String?
    let wasCut: Bool
}

extension ModelSource {
    /// Reads a split and turns its texts into ids at once.
    ///
    /// - Throws: `EngineFailure` if a record lacks its text, or its label where one is needed.
    func read(
        _ split: Split, _ request: EngineRequest, _ client: EngineClient, maxLength: Int,
        needsLabel: Bool
    ) throws -> [LabelledText] {
        guard request.splits[split] != nil else { return [] }
        let limit = min(maxLength, config.maxPositions)
        var texts: [LabelledText] = []
        texts.reserveCapacity(request.splits[split] ?? 0)
        try client.records(of: split) { rid, json in
            let fields = try JSONParser.parse(json)["fields"]
            guard let text = fields?[request.textField]?.stringValue else {
                throw missing(request.textField, rid)
            }
            let label = fields?[request.labelField]?.stringValue
            if needsLabel, label == nil { throw missing(request.labelField, rid) }
            // One id more than fits tells whether something is cut.
            var ids = tokenizer.encode(text, maximumLength: limit + 1)
            let wasCut = ids.count > limit
            if wasCut { ids.remove(at: limit - 1) }
            texts.append(LabelledText(rid: rid, ids: ids, label: label, wasCut: wasCut))
        }
        return texts
    }

    private func missing(_ field: String, _ rid: [UInt8]) -> EngineFailure {
        EngineFailure(
            "data", "record \(Hex.encode(rid)) has no text in field '\(field)'",
            hint: "ingest the dataset with --map text=COLUMN,label=COLUMN")
    }
}

extension Array<LabelledText> {
    /// Examples for training or scoring.
    ///
    /// - Throws: `EngineFailure` for a label that the set lacks.
    func examples(_ labels: LabelSet, _ split: Split) throws -> [EncodedExample] {
        try map { text in
            guard let index = text.label.flatMap(labels.index(of:)) else {
                throw EngineFailure(
                    "unknown-label",
                    "record \(Hex.encode(text.rid)) of the \(split.rawValue) split has a label "
                        + "that the train split does not have",
                    hint: "split again so that every label occurs in train, or drop the label")
            }
            return EncodedExample(ids: text.ids, label: index)
        }
    }

    var cutCount: Int { count(where: \.wasCut) }
}
