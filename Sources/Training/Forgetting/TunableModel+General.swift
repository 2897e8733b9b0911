import Glibc

extension TunableModel {
    /// What ``generalScore(encode:)`` measures of this model.
    public var generalMeasure: ForgettingReport.Measure {
        config.isDecoder ? .perplexity : .similarity
    }

    /// How well the model does on general language that it is not being trained on: the perplexity
    /// of ``GeneralSet/texts``, or the rank correlation of ``GeneralSet/pairs``' grades with the
    /// cosine similarity of their ``features(_:)``.
    ///
    /// - Parameter encode: the token ids of a text, special tokens included; the same before and
    ///   after training.
    /// - Throws: a ``TrainingError``, or what `encode` throws.
    public func generalScore(encode: (String) throws -> [Int32]) throws -> Double {
        func ids(_ text: String) throws -> [Int32] { Array(try encode(text).prefix(maxLength)) }
        if config.isDecoder {
            let scores = try sequenceScores(
                try GeneralSet.texts.map { text in
                    let ids = try ids(text)
                    return EncodedExample(ids: ids, targets: ids)
                })
            let tokens = scores.reduce(0) { $0 + $1[0].tokens }
            let loss = scores.reduce(0.0) { $0 + $1[0].loss }
            return exp(loss / Double(max(1, tokens)))
        }
        let pairs = GeneralSet.pairs
        let vectors = try features(
            try pairs.map { try ids($0.0) } + pairs.map { try ids($0.1) })
        let cosines = pairs.indices.map { index in
            zip(vectors[index], vectors[pairs.count + index])
                .reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        }
        return RankCorrelation.spearman(cosines, pairs.map(\.2))
    }
}
