/// Collects the weights of a network, in the order in which they lie in memory.
struct ParameterLayout {
    let plan: TuningPlan
    private(set) var declarations: [ParameterStore.Declaration] = []

    init(_ plan: TuningPlan) { self.plan = plan }

    /// A table of vectors, `rows` × `columns`.
    mutating func table(
        _ name: String, _ rows: Int, _ columns: Int, isTrained: Bool, isQuantized: Bool = false
    ) {
        declarations.append(
            .init(
                name: name, shape: [rows, columns], isTrained: isTrained,
                isQuantized: isQuantized))
    }

    /// The weight, and the bias if there is one, of a normalisation.
    mutating func norm(_ name: String, _ width: Int, hasBias: Bool = true, isTrained: Bool) {
        for part in hasBias ? ["weight", "bias"] : ["weight"] {
            declarations.append(
                .init(
                    name: "\(name).\(part)", shape: [width], isTrained: isTrained, decays: false))
        }
    }

    /// Linear layers with the same input, one under the other, and the low-rank adapters on them.
    mutating func linear(
        _ modules: [(name: String, outputs: Int)], inputs: Int, hasBias: Bool = true,
        isTrained: Bool, layer: Int?, isTransposedInFiles: Bool = false, isHead: Bool = false
    ) {
        let isQuantized = plan.quantization != nil && !isHead && layer != nil
        let isMerged =
            !isQuantized && !isHead
            && modules.contains { plan.adapts($0.name, layer: layer) }
        for module in modules {
            declarations.append(
                .init(
                    name: "\(module.name).weight", shape: [module.outputs, inputs],
                    isTrained: isTrained, isTransposedInFiles: isTransposedInFiles,
                    isQuantized: isQuantized, isMerged: isMerged, layer: layer))
        }
        if hasBias {
            for module in modules {
                declarations.append(
                    .init(
                        name: "\(module.name).bias", shape: [module.outputs],
                        isTrained: isTrained, decays: false, layer: layer))
            }
        }
        guard !isHead else { return }
        for module in modules where plan.adapts(module.name, layer: layer) {
            adapter("\(module.name).lora_A.weight", [plan.rank, inputs], layer: layer)
            adapter("\(module.name).lora_B.weight", [module.outputs, plan.rank], layer: layer)
            if plan.usesDoRA {
                adapter("\(module.name).lora_magnitude_vector", [module.outputs], layer: layer)
            }
        }
    }

    /// The bottleneck adapter after the module called `module`, whose outputs are `hidden` wide.
    mutating func bottleneck(after module: String, hidden: Int, layer: Int) {
        guard let shape = plan.bottleneck, plan.reaches(layer) else { return }
        let width = shape.width(hidden)
        let name = "\(module).adapter"
        adapter("\(name).down.weight", [width, hidden], layer: layer)
        adapter("\(name).down.bias", [width], decays: false, layer: layer)
        adapter("\(name).up.weight", [hidden, width], layer: layer)
        adapter("\(name).up.bias", [hidden], decays: false, layer: layer)
    }

    private mutating func adapter(
        _ name: String, _ shape: [Int], decays: Bool = true, layer: Int?
    ) {
        declarations.append(
            .init(
                name: name, shape: shape, isTrained: plan.method != nil, decays: decays,
                layer: layer))
    }
}
