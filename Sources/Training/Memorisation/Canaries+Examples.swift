extension Canaries {
    /// The texts as examples of a task: a language model is to learn all tokens, a classifier a
    /// random label (for each word but the special tokens at both ends, if it labels words).
    ///
    /// - Parameter encode: the token ids of a text, special tokens included.
    public func examples(
        for task: ModelTask, encode: (String) throws -> [Int32]
    ) rethrows -> (inserted: [EncodedExample], alternatives: [EncodedExample]) {
        let labels = task.labels.isEmpty ? nil : self.labels(count: task.labels.count)
        func examples(_ texts: [String], _ labels: [Int]?) throws -> [EncodedExample] {
            try texts.enumerated().map { index, text in
                let ids = try encode(text)
                switch (task, labels) {
                case (.sequenceClassification, let labels?):
                    return EncodedExample(ids: ids, label: labels[index])
                case (.tokenClassification, let labels?):
                    var targets = [Int32](repeating: Int32(labels[index]), count: ids.count)
                    for end in [0, ids.count - 1] where ids.count > 2 {
                        targets[end] = EncodedExample.ignored
                    }
                    return EncodedExample(ids: ids, targets: targets)
                default: return EncodedExample(ids: ids, targets: ids)
                }
            }
        }
        return (
            try examples(inserted, labels?.inserted),
            try examples(alternatives, labels?.alternatives)
        )
    }

    /// How far `model` has memorised the inserted texts. Of a language model the secrets alone are
    /// judged, from the first token in which the texts differ.
    ///
    /// - Throws: a ``TrainingError`` if the texts do not fit the model, or what `encode` throws.
    public func report(
        on model: TunableModel, encode: (String) throws -> [Int32]
    ) throws -> MemorisationReport {
        var examples = try examples(for: model.task, encode: encode)
        if model.task == .causalLanguageModel {
            let shared = Self.sharedCount((examples.inserted + examples.alternatives).map(\.ids))
            Self.ignore(first: shared, of: &examples.inserted)
            Self.ignore(first: shared, of: &examples.alternatives)
        }
        return .exposure(
            inserted: try model.losses(examples.inserted),
            alternatives: try model.losses(examples.alternatives))
    }

    /// Tokens that all texts begin with.
    static func sharedCount(_ texts: [[Int32]]) -> Int {
        guard let first = texts.first else { return 0 }
        return texts.reduce(first.count) { count, text in
            zip(first.prefix(count), text).prefix { $0 == $1 }.count
        }
    }

    private static func ignore(first count: Int, of examples: inout [EncodedExample]) {
        for index in examples.indices {
            let ids = examples[index].ids
            let ignored = [Int32](repeating: EncodedExample.ignored, count: min(count, ids.count))
            examples[index].target = .tokens(ignored + ids.dropFirst(count))
        }
    }
}
