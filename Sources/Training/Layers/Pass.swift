import Kernels

/// What every layer needs to know about one pass through the model.
struct Pass {
    let workers: WorkerPool
    /// Whether dropout is on.
    let isTraining: Bool
    let hiddenDropout: Float
    let attentionDropout: Float
    let adapterDropout: Float
    let classifierDropout: Float

    /// Dropout with `probability`, or nil where nothing would be dropped.
    func dropout(_ probability: Float, keys: [UInt32]) -> Dropout? {
        isTraining && probability > 0 ? Dropout(keys: keys, probability: probability) : nil
    }
}

/// Where in the network a dropout mask belongs: one number for each place, never used twice.
enum Site {
    static let embeddings: UInt32 = 1
    static let classifier: UInt32 = 2
    static let poolerAdapter: UInt32 = 3
    /// The heads' numbers follow this one.
    static func attention(_ layer: Int) -> UInt32 { base(layer) }
    static func attentionOutput(_ layer: Int) -> UInt32 { base(layer) + 4000 }
    static func output(_ layer: Int) -> UInt32 { base(layer) + 4001 }
    static func adapter(_ layer: Int, _ module: Int) -> UInt32 {
        base(layer) + 4002 + UInt32(module)
    }

    private static func base(_ layer: Int) -> UInt32 { UInt32(layer + 1) * 8192 }
}
