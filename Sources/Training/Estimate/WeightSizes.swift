import ModelFiles

/// How many numbers of each kind a network's weights are.
struct WeightSizes {
    /// Numbers that training changes.
    private(set) var trained = 0
    /// Numbers that stay as they are.
    private(set) var frozen = 0
    /// Numbers of the weights that adapters are merged into a copy of.
    private(set) var merged = 0
    /// Everything, quantised weights included.
    private(set) var total = 0
    /// Bytes of the quantised weights.
    private(set) var quantizedBytes = 0

    init(
        _ declarations: [ParameterStore.Declaration], plan: TuningPlan, prefix: String,
        base: any TensorSource
    ) {
        let names = WeightNames(prefix: prefix)
        for item in declarations {
            total += item.count
            if item.isMerged { merged += item.count }
            if item.isQuantized {
                let stored = plan.quantization == .gguf ? names.find(item.name, in: base) : nil
                quantizedBytes +=
                    stored.flatMap { base.blocks($0)?.byteCount }
                    ?? Self.normalFloatBytes(item.shape)
            } else if item.isTrained {
                trained += item.count
            } else {
                frozen += item.count
            }
        }
    }

    /// NF4 with double quantisation: half a byte for each number, a byte for each block of 64 in a
    /// row, eight bytes for each 256 blocks.
    static func normalFloatBytes(_ shape: [Int]) -> Int {
        let blocks = shape[0] * ((shape[1] + 63) / 64)
        return blocks * 33 + (blocks + 255) / 256 * 8
    }
}
