import Kernels

/// Examples laid one after the other, without padding: all but attention sees only tokens.
///
/// An example is one sequence, or two where it has a rejected alternative.
final class PackedBatch {
    /// What of a sequence has a target.
    enum Reading {
        /// The row of its first token: row i of the network's output belongs to sequence i.
        case firstTokens
        /// Each token that has a target.
        case tokens
        /// Each token whose next one has a target.
        case nextTokens
    }

    let reading: Reading
    /// Added to every position: RoBERTa's begin behind the padding's.
    let positionOffset: Int32
    /// Which example of the data set each one is.
    private(set) var rows: [Int] = []
    private(set) var ids: [Int32] = []
    private(set) var typeIDs: [Int32] = []
    private(set) var positions: [Int32] = []
    /// First token of each sequence, and the token count at the end.
    private(set) var starts: [Int] = [0]
    /// First token of each sequence.
    private(set) var firstTokens: [Int32] = []
    /// Rows of the network's output that have a target, in order, and their targets.
    private(set) var targetRows: [Int32] = []
    private(set) var targets: [Int32] = []
    /// First target of each sequence, and the target count at the end.
    private(set) var targetStarts: [Int] = [0]
    /// Dropout keys of the tokens, and of the sequences' first tokens.
    private(set) var tokenKeys: [UInt32] = []
    private(set) var firstKeys: [UInt32] = []

    init(_ reading: Reading, positionOffset: Int = 0) {
        self.reading = reading
        self.positionOffset = Int32(positionOffset)
    }

    var tokenCount: Int { ids.count }
    /// Examples.
    var count: Int { rows.count }
    var sequenceCount: Int { starts.count - 1 }

    func removeAll() {
        rows.removeAll(keepingCapacity: true)
        ids.removeAll(keepingCapacity: true)
        typeIDs.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        starts.append(0)
        firstTokens.removeAll(keepingCapacity: true)
        targetRows.removeAll(keepingCapacity: true)
        targets.removeAll(keepingCapacity: true)
        targetStarts.removeAll(keepingCapacity: true)
        targetStarts.append(0)
        tokenKeys.removeAll(keepingCapacity: true)
        firstKeys.removeAll(keepingCapacity: true)
    }

    /// Adds an example, the `ordinal`-th of optimiser step `step`.
    func append(_ example: EncodedExample, row: Int, ordinal: Int, step: Int, seed: UInt64) {
        rows.append(row)
        let key = { (position: Int) in
            Dropout.rowKey(seed: seed, step: step, example: ordinal, position: position)
        }
        append(example.ids, types: example.typeIDs, targets: example.target, key)
        if let rejected = example.rejected {
            // Other positions, other masks: the two answers are dropped out apart.
            let first = example.ids.count
            append(rejected.ids, types: nil, targets: .tokens(rejected.targets)) { key(first + $0) }
        }
    }

    private func append(
        _ sequence: [Int32], types: [Int32]?, targets target: EncodedExample.Target,
        _ key: (Int) -> UInt32
    ) {
        let first = ids.count
        firstTokens.append(Int32(first))
        ids.append(contentsOf: sequence)
        typeIDs.append(contentsOf: types ?? [Int32](repeating: 0, count: sequence.count))
        for position in 0..<sequence.count {
            positions.append(Int32(position) + positionOffset)
            tokenKeys.append(key(position))
        }
        firstKeys.append(key(0))
        switch (target, reading) {
        case (.label(let label), .firstTokens):
            targetRows.append(Int32(sequenceCount))
            targets.append(Int32(label))
        case (.tokens(let labels), .tokens):
            for (offset, label) in labels.enumerated() where label != EncodedExample.ignored {
                targetRows.append(Int32(first + offset))
                targets.append(label)
            }
        case (.tokens(let labels), .nextTokens):
            for (offset, label) in labels.enumerated().dropFirst()
            where label != EncodedExample.ignored {
                targetRows.append(Int32(first + offset - 1))
                targets.append(label)
            }
        default: preconditionFailure("the example's target is not of the model's kind")
        }
        starts.append(ids.count)
        targetStarts.append(targets.count)
    }

    /// Attention of every token to every token of its sequence (or, causal, to those before it).
    func shape(heads: Int, keyHeads: Int? = nil, isCausal: Bool = false) -> AttentionShape {
        AttentionShape(
            heads: heads, keyStarts: starts, queryStarts: starts, keyHeads: keyHeads,
            isCausal: isCausal)
    }

    /// Attention of each sequence's first token to every token of its sequence.
    func firstTokenShape(heads: Int) -> AttentionShape {
        AttentionShape(heads: heads, keyStarts: starts, queryStarts: Array(0...sequenceCount))
    }
}
