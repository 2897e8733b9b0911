internal import CKernels

extension WorkerPool {
    /// Cross-entropy of each row of logits, and its gradient in their place.
    ///
    /// With the target distribution t = (1 − smoothing) · onehot(target) + smoothing / V, row r has
    /// the loss −Σ t · log softmax(logits) and the gradient `scales[r]` · (softmax(logits) − t).
    /// A target of −100 (any negative one) has no loss and no gradient.
    ///
    /// - Parameters:
    ///   - logits: rows × V, contiguous; overwritten if `writesGradient`.
    ///   - scales: What multiplies the gradient of each row; read only if `writesGradient`.
    ///   - losses: One for each row.
    ///   - best: If not nil, becomes the first largest column of each row.
    public func crossEntropy(
        _ logits: Matrix, targets: [Int32], scales: [Float], smoothing: Float, losses: Floats,
        best: inout [Int32]?, writesGradient: Bool
    ) {
        let rows = logits.rows, columns = logits.columns
        precondition(logits.isContiguous && columns > 0 && targets.count == rows)
        precondition(losses.count >= rows && (!writesGradient || scales.count == rows))
        precondition(smoothing >= 0 && smoothing <= 1, "not a share")
        precondition(targets.allSatisfy { $0 < columns }, "target out of range")
        guard rows > 0 else {
            if best != nil { best = [] }
            return
        }
        let wantsBest = best != nil
        let winners = unsafe [Int32](unsafeUninitializedCapacity: wantsBest ? rows : 0) {
            winners, count in
            let winner = winners.baseAddress
            unsafe targets.withUnsafeBufferPointer { targets in
                unsafe scales.withUnsafeBufferPointer { scales in
                    guard let target = targets.baseAddress else { return }
                    let scale = scales.baseAddress
                    split(rows) { range in
                        let first = range.lowerBound
                        unsafe ck_cross_entropy(
                            logits.pointer + first * columns, columns, range.count, columns,
                            target + first, scale.map { unsafe $0 + first }, smoothing,
                            losses.pointer + first,
                            wantsBest ? winner.map { unsafe $0 + first } : nil, writesGradient)
                    }
                }
            }
            count = wantsBest ? rows : 0
        }
        if wantsBest { best = winners }
    }
}
