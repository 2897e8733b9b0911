import Kernels

/// The word embeddings, with GPT-2's learned positions.
struct TokenEmbedding {
    /// V × H
    enum Words {
        case dense(Matrix, gradient: Matrix?)
        case quantized(QuantizedMatrix)
    }

    let words: Words
    /// positions × H
    let positions: Matrix?
    let positionGradient: Matrix?
    /// A token whose reading is not learned from, as transformers has it for Llama and Qwen2
    /// (`padding_idx`), even where chats end their turns with it.
    let paddingID: Int32?

    init(
        _ store: ParameterStore, names: DecoderNames, shape: DecoderShape, paddingID: Int32?
    ) {
        self.paddingID = paddingID
        if let blocks = store.quantized(names.words) {
            words = .quantized(blocks)
        } else {
            let table = store[names.words]
            words = .dense(
                table.values.matrix(shape.vocabulary, shape.hidden),
                gradient: table.gradient?.matrix(shape.vocabulary, shape.hidden))
        }
        guard store.contains(names.positions) else {
            (positions, positionGradient) = (nil, nil)
            return
        }
        let table = store[names.positions], rows = store[names.positions].shape[0]
        positions = table.values.matrix(rows, shape.hidden)
        positionGradient = table.gradient?.matrix(rows, shape.hidden)
    }

    var isTrained: Bool {
        if case .dense(_, let gradient) = words { gradient != nil } else { false }
    }

    /// output: T × H
    func forward(
        ids: [Int32], positions places: [Int32], into output: Matrix, _ workers: WorkerPool
    ) {
        switch (words, positions) {
        case (.dense(let table, _), let positions?):
            workers.sumRows(table, ids, positions, places, into: output)
        case (.dense(let table, _), nil):
            workers.gatherRows(ids, of: table, into: output)
        case (.quantized(let blocks), _):
            workers.gatherRows(ids, of: blocks, into: output)
        }
    }

    /// Adds the gradients of the tables from that of the output (T × H, overwritten).
    func backward(_ gradient: Matrix, batch: PackedBatch, _ workers: WorkerPool) {
        if let positionGradient {
            workers.scatterAddRows(gradient, at: batch.positions, to: positionGradient)
        }
        for (row, id) in batch.ids.enumerated() where id == paddingID {
            gradient.rows(row, 1).floats.slice(0, gradient.columns).fill(0)
        }
        if case .dense(_, let table?) = words {
            workers.scatterAddRows(gradient, at: batch.ids, to: table)
        }
    }
}
