import ModelFiles

extension TunableModel {
    /// Refuses an example that the model cannot take.
    ///
    /// - Parameter target: whether what is to be learned is looked at too.
    func check(_ example: EncodedExample, _ row: Int, target: Bool) throws(TrainingError) {
        try check(example.ids, row)
        if let rejected = example.rejected { try check(rejected.ids, row) }
        if let types = example.typeIDs, case .encoder(let config) = config {
            guard types.count == example.ids.count,
                types.allSatisfy({ $0 >= 0 && $0 < config.typeVocabularySize })
            else { throw unknown(row) }
        }
        guard target else { return }
        switch example.target {
        case .label(let label):
            guard label >= 0, label < labels.count else {
                throw TrainingError(
                    .data, "example \(row) has label \(label), of \(labels.count) from 0",
                    hint: "Every example's label must be in the label list.")
            }
        case .tokens(let targets):
            try check(targets, of: example.ids, row)
            if let rejected = example.rejected {
                try check(rejected.targets, of: rejected.ids, row)
            }
        }
    }

    private func check(_ ids: [Int32], _ row: Int) throws(TrainingError) {
        guard ids.count > 0, ids.count <= maxLength else {
            throw TrainingError(
                .data, "example \(row) has \(ids.count) tokens",
                hint: "Examples must have 1 to \(maxLength) tokens.")
        }
        let vocabulary = config.vocabularySize
        guard ids.allSatisfy({ $0 >= 0 && $0 < vocabulary }) else { throw unknown(row) }
    }

    private func check(
        _ targets: [Int32], of ids: [Int32], _ row: Int
    ) throws(TrainingError) {
        let classes = labels.isEmpty ? config.vocabularySize : labels.count
        guard targets.count == ids.count,
            targets.allSatisfy({ ($0 >= 0 && $0 < classes) || $0 == EncodedExample.ignored })
        else {
            throw TrainingError(
                .data, "example \(row) has a target that is no class of the model, or too few",
                hint: "Give each token one of \(classes) classes, or -100 where nothing is learned."
            )
        }
    }

    private func unknown(_ row: Int) -> TrainingError {
        TrainingError(
            .data, "example \(row) has a token id or type that the model does not know",
            hint: "Use the tokenizer that belongs to the model.")
    }
}
