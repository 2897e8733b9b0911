import Kernels

extension ParameterStore {
    /// The linear layer of neighbouring modules, one under the other, with their adapters.
    ///
    /// - Parameter site: number of the first module's dropout, see ``Site``.
    func linear(_ modules: [String], scale: Double, site: UInt32) -> Linear {
        let names = modules.map { "\($0).weight" }
        let shapes = names.map { self[$0].shape }
        let inputs = shapes[0][1], outputs = shapes.reduce(0) { $0 + $1[0] }
        let biases =
            contains("\(modules[0]).bias") ? joined(modules.map { "\($0).bias" }) : nil
        var adapters: [LowRank] = []
        var parts: [QuantizedPart] = []
        var first = 0
        for (index, module) in modules.enumerated() {
            if contains("\(module).lora_A.weight") {
                adapters.append(
                    lowRank(
                        module, firstOutput: first, scale: Float(scale), site: site + UInt32(index))
                )
            }
            if let matrix = quantized(names[index]) {
                parts.append(QuantizedPart(firstOutput: first, matrix: matrix))
            }
            first += shapes[index][0]
        }
        guard parts.isEmpty else {
            precondition(parts.count == modules.count, "half of a layer is quantised")
            return Linear(
                weight: .quantized(parts), inputs: inputs, outputs: outputs, bias: biases?.values,
                weightGradient: nil, biasGradient: biases?.gradient, adapters: adapters)
        }
        let weights = joined(names)
        let base = weights.values.matrix(outputs, inputs)
        let effective =
            adapters.isEmpty
            ? base : FloatStorage(count: outputs * inputs).floats.matrix(outputs, inputs)
        return Linear(
            weight: .dense(effective: effective, base: base), inputs: inputs, outputs: outputs,
            bias: biases?.values, weightGradient: weights.gradient?.matrix(outputs, inputs),
            biasGradient: biases?.gradient, adapters: adapters)
    }

    private func lowRank(
        _ module: String, firstOutput: Int, scale: Float, site: UInt32
    ) -> LowRank {
        let down = self["\(module).lora_A.weight"], up = self["\(module).lora_B.weight"]
        let rank = down.shape[0], inputs = down.shape[1], outputs = up.shape[0]
        var magnitude: Magnitude?
        if contains("\(module).lora_magnitude_vector") {
            let vector = self["\(module).lora_magnitude_vector"]
            magnitude = Magnitude(
                values: vector.values, gradient: vector.gradient,
                norms: FloatStorage(count: outputs).floats,
                factors: FloatStorage(count: outputs).floats)
        }
        return LowRank(
            module: module, firstOutput: firstOutput, down: down.values.matrix(rank, inputs),
            up: up.values.matrix(outputs, rank), downGradient: down.gradient?.matrix(rank, inputs),
            upGradient: up.gradient?.matrix(outputs, rank), magnitude: magnitude, scale: scale,
            site: site)
    }

    /// The bottleneck adapter after the module called `module`, if there is one.
    func bottleneck(after module: String, activation: TrainingConfiguration.AdapterActivation)
        -> Bottleneck?
    {
        let name = "\(module).adapter"
        guard contains("\(name).down.weight") else { return nil }
        return Bottleneck(
            down: linear(["\(name).down"], scale: 0, site: 0),
            up: linear(["\(name).up"], scale: 0, site: 0), activation: activation)
    }
}
