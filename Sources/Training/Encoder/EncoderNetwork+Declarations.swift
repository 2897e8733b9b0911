import ModelFiles

extension Model {
    /// What a run trains; nil where nothing is trained and a finished model is only used.
    struct Plan {
        var method: TrainingConfiguration.Method?
        var frozenLayers = 0
        var freezesEmbeddings = false
        /// Rank of the adapters, and the modules that get one
        var rank = 0
        var targets: [String] = []
        var adapterLayers: [Int]?

        /// Whether the module called `name` gets an adapter: its name is a target, or ends in one
        /// after a dot (the rule of PEFT). The classifier never does: it is trained whole.
        func adapts(_ name: String, layer: Int?) -> Bool {
            guard rank > 0, targets.contains(where: { name == $0 || name.hasSuffix(".\($0)") })
            else { return false }
            if let adapterLayers { return layer.map { adapterLayers.contains($0) } ?? false }
            return layer.map { $0 >= frozenLayers } ?? (frozenLayers == 0)
        }
    }

    /// Every weight of the model, in the order in which they lie in memory.
    static func declarations(
        _ config: EncoderConfig, labels: Int, plan: Plan
    ) -> [ParameterStore.Declaration] {
        let hidden = config.hiddenSize
        var all: [ParameterStore.Declaration] = []
        func add(_ name: String, _ shape: [Int], _ isTrained: Bool) {
            all.append(.init(name: name, shape: shape, isTrained: isTrained))
        }
        func norm(_ name: String, _ isTrained: Bool) {
            add("\(name).LayerNorm.weight", [hidden], isTrained)
            add("\(name).LayerNorm.bias", [hidden], isTrained)
        }
        func linears(_ names: [String], _ outputs: Int, _ inputs: Int, _ isTrained: Bool) {
            for name in names { add("\(name).weight", [outputs, inputs], isTrained) }
            for name in names { add("\(name).bias", [outputs], isTrained) }
        }
        func adapters(_ names: [String], _ outputs: Int, _ inputs: Int, layer: Int?) {
            for name in names where plan.adapts(name, layer: layer) {
                add("\(name).lora_A.weight", [plan.rank, inputs], plan.method != nil)
                add("\(name).lora_B.weight", [outputs, plan.rank], plan.method != nil)
            }
        }
        let isFull = plan.method == .full
        let trainsEmbeddings = isFull && !plan.freezesEmbeddings && plan.frozenLayers == 0
        for (name, rows) in [
            ("word", config.vocabularySize), ("position", config.maxPositions),
            ("token_type", config.typeVocabularySize),
        ] {
            add("bert.embeddings.\(name)_embeddings.weight", [rows, hidden], trainsEmbeddings)
        }
        norm("bert.embeddings", trainsEmbeddings)
        for index in 0..<config.layerCount {
            let name = "bert.encoder.layer.\(index)"
            let isTrained = isFull && index >= plan.frozenLayers
            let projections = ["query", "key", "value"].map { "\(name).attention.self.\($0)" }
            linears(projections, hidden, hidden, isTrained)
            adapters(projections, hidden, hidden, layer: index)
            linears(["\(name).attention.output.dense"], hidden, hidden, isTrained)
            adapters(["\(name).attention.output.dense"], hidden, hidden, layer: index)
            norm("\(name).attention.output", isTrained)
            let wide = config.intermediateSize
            linears(["\(name).intermediate.dense"], wide, hidden, isTrained)
            adapters(["\(name).intermediate.dense"], wide, hidden, layer: index)
            linears(["\(name).output.dense"], hidden, wide, isTrained)
            adapters(["\(name).output.dense"], hidden, wide, layer: index)
            norm("\(name).output", isTrained)
        }
        linears(["bert.pooler.dense"], hidden, hidden, isFull)
        adapters(["bert.pooler.dense"], hidden, hidden, layer: nil)
        linears(["classifier"], labels, hidden, plan.method != nil)
        return all
    }
}
