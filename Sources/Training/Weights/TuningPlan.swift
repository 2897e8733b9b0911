/// What a run trains, where its adapters are, and what is kept quantised.
struct TuningPlan: Hashable {
    typealias Method = TrainingConfiguration.Method

    /// Nil where nothing is trained and a finished model is only used.
    var method: Method?
    var frozenLayers = 0
    var freezesEmbeddings = false
    /// Rank of the low-rank adapters, and the modules that get one; 0 without
    var rank = 0
    var targets: [String] = []
    var adapterLayers: [Int]?
    /// α / r, or α / √r
    var scale = 0.0
    var usesDoRA = false
    /// Bottleneck adapters
    var bottleneck: BottleneckPlan?
    /// Whether the linear layers' frozen weights stay quantised
    var quantization: TrainingConfiguration.Quantization?

    /// Whether all weights that are not frozen are trained.
    var isFull: Bool { method == .full || method == .freeze }

    var trainsEmbeddings: Bool { isFull && !freezesEmbeddings && frozenLayers == 0 }

    /// Whether layer `index` itself (not an adapter on it) is trained.
    func trainsLayer(_ index: Int) -> Bool { isFull && index >= frozenLayers }

    /// Whether the module called `name` gets a low-rank adapter: its name is a target, or ends in
    /// one after a dot (the rule of PEFT). A new head never does: it is trained whole.
    func adapts(_ name: String, layer: Int?) -> Bool {
        guard rank > 0, targets.contains(where: { name == $0 || name.hasSuffix(".\($0)") })
        else { return false }
        return reaches(layer)
    }

    /// Whether adapters may stand in that layer.
    func reaches(_ layer: Int?) -> Bool {
        if let adapterLayers { return layer.map { adapterLayers.contains($0) } ?? false }
        return layer.map { $0 >= frozenLayers } ?? (frozenLayers == 0)
    }
}

/// Bottleneck adapters: where they stand and how wide they are.
struct BottleneckPlan: Hashable {
    var style: TrainingConfiguration.AdapterStyle
    /// The model's width is divided by this.
    var reduction: Int
    var activation: TrainingConfiguration.AdapterActivation

    func width(_ hidden: Int) -> Int { max(1, hidden / reduction) }
}
