import ModelFiles

extension DecoderNetwork {
    /// Whether the word embeddings are kept as the blocks that the file has of them.
    static func quantizesWords(
        _ config: DecoderConfig, plan: TuningPlan, base: any TensorSource
    ) -> Bool {
        let names = DecoderNames(family: config.family)
        guard plan.quantization == .gguf, !plan.trainsEmbeddings, config.family != .gpt2,
            let name = WeightNames(prefix: names.prefix).find(names.words, in: base)
        else { return false }
        return base.blocks(name) != nil
    }

    /// Every weight of a decoder, in the order in which they lie in memory.
    ///
    /// - Parameter quantizesWords: whether the word embeddings are kept as blocks too.
    static func declarations(
        _ config: DecoderConfig, plan: TuningPlan, quantizesWords: Bool
    ) -> [ParameterStore.Declaration] {
        let names = DecoderNames(family: config.family), hidden = config.hiddenSize
        var layout = ParameterLayout(plan)
        layout.table(
            names.words, config.vocabularySize, hidden, isTrained: plan.trainsEmbeddings,
            isQuantized: quantizesWords)
        if config.family == .gpt2 {
            layout.table(
                names.positions, config.maxPositions, hidden, isTrained: plan.trainsEmbeddings)
        }
        for index in 0..<config.layerCount {
            declareLayer(index, names.layer(index), config, &layout)
        }
        layout.norm(
            names.norm, hidden, hasBias: config.family == .gpt2, isTrained: plan.isFull)
        if !config.tiesEmbeddings {
            layout.linear(
                [(names.head, config.vocabularySize)], inputs: hidden, hasBias: false,
                isTrained: plan.isFull, layer: nil)
        }
        return layout.declarations
    }

    private static func declareLayer(
        _ index: Int, _ names: DecoderNames.Layer, _ config: DecoderConfig,
        _ layout: inout ParameterLayout
    ) {
        let shape = DecoderShape(config, plan: layout.plan), hidden = shape.hidden
        let isTrained = layout.plan.trainsLayer(index), isGPT = config.family == .gpt2
        func linear(_ modules: [(String, Int)], _ inputs: Int, hasBias: Bool) {
            layout.linear(
                modules, inputs: inputs, hasBias: hasBias, isTrained: isTrained, layer: index,
                isTransposedInFiles: isGPT)
        }
        func norm(_ name: String) {
            layout.norm(name, hidden, hasBias: isGPT, isTrained: isTrained)
        }
        norm(names.inputNorm)
        let widths =
            isGPT
            ? [shape.projectionWidth] : [shape.queryWidth, shape.keyWidth, shape.keyWidth]
        linear(
            Array(zip(names.projections, widths)), hidden, hasBias: config.hasProjectionBias)
        linear(
            [(names.attentionOutput, hidden)], shape.queryWidth, hasBias: config.hasOutputBias)
        if shape.bottlenecksAttention {
            layout.bottleneck(after: names.attentionOutput, hidden: hidden, layer: index)
        }
        norm(names.middleNorm)
        linear(names.wide.map { ($0, config.intermediateSize) }, hidden, hasBias: isGPT)
        linear([(names.output, hidden)], config.intermediateSize, hasBias: isGPT)
        layout.bottleneck(after: names.output, hidden: hidden, layer: index)
    }
}
