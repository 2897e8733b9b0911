import ModelFiles

extension EncoderNetwork {
    /// Every weight of an encoder with a head for `task`, in the order in which they lie in memory.
    static func declarations(
        _ config: EncoderConfig, task: ModelTask, plan: TuningPlan
    ) -> [ParameterStore.Declaration] {
        let names = EncoderNames(family: config.family), hidden = config.hiddenSize
        var layout = ParameterLayout(plan)
        let trains = plan.trainsEmbeddings
        var tables = [("word", config.vocabularySize), ("position", config.maxPositions)]
        if names.hasTypes { tables.append(("token_type", config.typeVocabularySize)) }
        for (name, rows) in tables {
            layout.table(
                "\(names.embeddings).\(name)_embeddings.weight", rows, hidden, isTrained: trains)
        }
        layout.norm("\(names.embeddings).LayerNorm", hidden, isTrained: trains)
        for index in 0..<config.layerCount {
            declareLayer(index, names.layer(index), config, &layout)
        }
        declareHead(names, config, task, &layout)
        return layout.declarations
    }

    private static func declareLayer(
        _ index: Int, _ names: EncoderNames.Layer, _ config: EncoderConfig,
        _ layout: inout ParameterLayout
    ) {
        let hidden = config.hiddenSize, isTrained = layout.plan.trainsLayer(index)
        func linear(_ modules: [String], _ outputs: Int, _ inputs: Int) {
            layout.linear(
                modules.map { ($0, outputs) }, inputs: inputs, isTrained: isTrained, layer: index)
        }
        linear([names.query, names.key, names.value], hidden, hidden)
        linear([names.attentionOutput], hidden, hidden)
        if layout.plan.bottleneck?.style == .houlsby {
            layout.bottleneck(after: names.attentionOutput, hidden: hidden, layer: index)
        }
        layout.norm(names.attentionNorm, hidden, isTrained: isTrained)
        linear([names.intermediate], config.intermediateSize, hidden)
        linear([names.output], hidden, config.intermediateSize)
        layout.bottleneck(after: names.output, hidden: hidden, layer: index)
        layout.norm(names.outputNorm, hidden, isTrained: isTrained)
    }

    private static func declareHead(
        _ names: EncoderNames, _ config: EncoderConfig, _ task: ModelTask,
        _ layout: inout ParameterLayout
    ) {
        let hidden = config.hiddenSize, labels = task.labels.count, plan = layout.plan
        guard case .sequenceClassification = task else {
            layout.linear(
                [("classifier", labels)], inputs: hidden, isTrained: plan.method != nil,
                layer: nil, isHead: true)
            return
        }
        layout.linear(
            [(names.pooler, hidden)], inputs: hidden,
            isTrained: names.poolerIsOfBase ? plan.isFull : plan.method != nil, layer: nil,
            isHead: !names.poolerIsOfBase)
        layout.linear(
            [(names.sequenceClassifier, labels)], inputs: hidden, isTrained: plan.method != nil,
            layer: nil, isHead: true)
    }

    /// Whether a weight of that name belongs to a new head, and so in no base model.
    static func isOfHead(_ name: String, family: EncoderConfig.Family) -> Bool {
        name.hasPrefix("classifier.") || name.hasPrefix("pre_classifier.")
    }
}
