/// The sizes of one pass, or the largest of any pass.
struct PassSize {
    /// Tokens T of all examples.
    var tokens: Int
    /// Sequences B.
    var sequences: Int
    /// Tokens of the longest sequence.
    var longest: Int
    /// Rows with a target.
    var targets: Int

    init(tokens: Int, sequences: Int, longest: Int, targets: Int) {
        self.tokens = tokens
        self.sequences = sequences
        self.longest = longest
        self.targets = targets
    }

    init(_ batch: PackedBatch) {
        tokens = batch.tokenCount
        sequences = batch.sequenceCount
        longest = (0..<batch.sequenceCount).reduce(0) {
            max($0, batch.starts[$1 + 1] - batch.starts[$1])
        }
        targets = batch.targets.count
    }
}
