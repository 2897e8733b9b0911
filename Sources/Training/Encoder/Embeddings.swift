import Kernels

/// The embeddings: word + position + token type, normalised, dropout.
struct Embeddings {
    /// vocabulary × H
    let words: Matrix
    /// positions × H
    let positions: Matrix
    /// types × H; nil where the family has none
    let types: Matrix?
    let wordGradient: Matrix?
    let positionGradient: Matrix?
    let typeGradient: Matrix?
    let norm: Normalization

    init(_ store: ParameterStore, names: EncoderNames, shape: ModelShape) {
        func table(_ name: String) -> (Matrix, Matrix?) {
            let parameter = store["\(names.embeddings).\(name)_embeddings.weight"]
            let rows = parameter.shape[0]
            return (
                parameter.values.matrix(rows, shape.hidden),
                parameter.gradient?.matrix(rows, shape.hidden)
            )
        }
        (words, wordGradient) = table("word")
        (positions, positionGradient) = table("position")
        if names.hasTypes {
            (types, typeGradient) = table("token_type")
        } else {
            (types, typeGradient) = (nil, nil)
        }
        norm = Normalization(store, "\(names.embeddings).LayerNorm", epsilon: shape.epsilon)
    }

    var isTrained: Bool { wordGradient != nil }

    /// output: T × H
    func forward(
        _ batch: PackedBatch, into output: Matrix, trace: NormalizationTrace?, pass: Pass
    ) {
        let workers = pass.workers
        if let types {
            workers.sumRows(
                words, batch.ids, positions, batch.positions, types, batch.typeIDs, into: output)
        } else {
            workers.sumRows(words, batch.ids, positions, batch.positions, into: output)
        }
        norm.forward(
            output, bias: nil, residual: nil, into: output, trace: trace, dropout: nil, site: 0,
            workers: workers)
        if let dropout = pass.dropout(pass.hiddenDropout, keys: batch.tokenKeys) {
            workers.dropout(output, into: output, dropout, site: Site.embeddings)
        }
    }

    /// Adds the gradients of the tables and the norm; `gradient` (T × H) is overwritten.
    func backward(
        _ gradient: Matrix, batch: PackedBatch, trace: NormalizationTrace, pass: Pass
    ) {
        let workers = pass.workers
        if let dropout = pass.dropout(pass.hiddenDropout, keys: batch.tokenKeys) {
            workers.dropout(gradient, into: gradient, dropout, site: Site.embeddings)
        }
        norm.backward(gradient, trace: trace, workers: workers)
        for (table, indexes) in [
            (wordGradient, batch.ids), (positionGradient, batch.positions),
            (typeGradient, batch.typeIDs),
        ] {
            if let table { workers.scatterAddRows(gradient, at: indexes, to: table) }
        }
    }
}
