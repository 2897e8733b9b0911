/// What of a network training changes: it decides which buffers a pass needs.
struct TrainedPart {
    /// The first layer that training changes, or whose input it changes; the layer count if only
    /// what stands behind the layers is trained.
    let lowestLayer: Int
    let trainsEmbeddings: Bool
    /// Rank of the low-rank adapters; 0 without.
    let adapterRank: Int
    let hasMagnitudes: Bool

    /// - Parameter layers: how many the network has.
    init(_ declarations: [ParameterStore.Declaration], plan: TuningPlan, layers: Int) {
        let lowest = declarations.lazy
            .filter { $0.isTrained || $0.name.contains(".lora_") }.compactMap(\.layer).min()
        trainsEmbeddings = plan.trainsEmbeddings
        lowestLayer = plan.trainsEmbeddings ? 0 : lowest ?? layers
        adapterRank =
            declarations.contains { $0.name.hasSuffix(".lora_A.weight") } ? plan.rank : 0
        hasMagnitudes = declarations.contains { $0.name.hasSuffix(".lora_magnitude_vector") }
    }
}
