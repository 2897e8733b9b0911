import Kernels
import ModelFiles
import Records

/// Finds declared weights in files under any of the names they go by.
struct WeightNames {
    /// What a model without a head leaves out, e.g. `bert.`.
    let prefix: String

    /// The names of a weight: with and without the prefix, and gamma and beta for norm weights.
    func aliases(_ name: String) -> [String] {
        var names = [name]
        if name.hasPrefix(prefix) { names.append(String(name.dropFirst(prefix.count))) }
        if name.contains("LayerNorm") {
            for name in names {
                if name.hasSuffix(".weight") { names.append(name.dropLast(6) + "gamma") }
                if name.hasSuffix(".bias") { names.append(name.dropLast(4) + "beta") }
            }
        }
        return names
    }

    /// The name under which `source` has a weight; nil if it has none.
    func find(_ name: String, in source: any TensorSource) -> String? {
        aliases(name).first { source.shape($0) != nil }
    }
}

extension ParameterStore {
    /// Copies the base model's weights.
    ///
    /// - Returns: the declared weights that the files do not hold (adapters aside).
    func load(_ source: any TensorSource, names: WeightNames) throws(TrainingError) -> [String] {
        var missing: [String] = []
        for parameter in parameters where !parameter.isAdapter && quantized(parameter.name) == nil {
            guard let name = names.find(parameter.name, in: source) else {
                missing.append(parameter.name)
                continue
            }
            try assign(parameter, from: source, name)
        }
        return missing
    }

    /// Copies one weight out of `source`.
    func assign(
        _ parameter: Parameter, from source: any TensorSource, _ name: String
    ) throws(TrainingError) {
        guard let shape = source.shape(name), shape == parameter.fileShape else {
            throw TrainingError(
                .model,
                "the weight \(name) has shape \(source.shape(name) ?? []) instead of "
                    + "\(parameter.fileShape)",
                hint: "Check that the weights belong to their config.json and label list.")
        }
        do throws(ModelFilesError) {
            if parameter.isTransposedInFiles {
                parameter.values.copy(
                    from: Parameter.transposed(try source.floats(name), rows: shape[0]))
            } else {
                try unsafe parameter.values.withMutableBuffer {
                    (buffer) throws(ModelFilesError) in
                    try unsafe source.copyFloats(name, into: buffer)
                }
            }
        } catch {
            throw TrainingError(.model, error.message, hint: error.hint)
        }
        guard parameter.values.isFinite else {
            throw TrainingError(
                .model, "the weight \(name) holds a number that is infinite or none",
                hint: "The file is damaged, or its training failed: fetch it again.")
        }
    }

    /// Fills `floats` with N(0, deviation²) (Box and Muller 1958).
    static func fillNormal(
        _ floats: Floats, deviation: Double, using random: inout SeededRandom
    ) {
        floats.copy(
            from: (0..<floats.count).map { _ in
                Float(deviation * gaussian(using: &random))
            })
    }

    /// Gives each adapter its start, at which it changes nothing: PEFT's for low-rank ones (A
    /// uniform in ±1/√inputs, B zero, m the norms of W's rows), W₂ = 0 for bottlenecks.
    func initializeAdapters(using random: inout SeededRandom, _ workers: WorkerPool) {
        for parameter in parameters where parameter.isAdapter {
            let name = parameter.name
            if name.hasSuffix(".lora_A.weight") {
                let bound = 1 / Double(parameter.shape[1]).squareRoot()
                parameter.values.copy(
                    from: (0..<parameter.values.count).map { _ in
                        Float(Double.random(in: -bound..<bound, using: &random))
                    })
            } else if name.hasSuffix(".lora_magnitude_vector") {
                let weight = self[name.dropLast("lora_magnitude_vector".count) + "weight"]
                workers.rowNorms(
                    weight.values.matrix(weight.shape[0], weight.shape[1]),
                    into: parameter.values)
            } else if name.hasSuffix(".adapter.down.weight") {
                Self.fillNormal(parameter.values, deviation: 0.02, using: &random)
            } else {
                parameter.values.fill(0)
            }
        }
    }
}
