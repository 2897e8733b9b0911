import Kernels
import ModelFiles
import Records

extension Model {
    /// Copies the base model's weights, under any of the names they go by.
    ///
    /// - Returns: the declared weights that the file does not hold (adapters aside).
    func load(_ file: SafetensorsFile) throws(TrainingError) -> [String] {
        var missing: [String] = []
        for parameter in store.parameters where !parameter.name.contains(".lora_") {
            guard let name = Self.aliases(parameter.name).first(where: { file.tensor($0) != nil })
            else {
                missing.append(parameter.name)
                continue
            }
            try assign(parameter, from: file, name)
        }
        return missing
    }

    /// Copies one weight out of `file`.
    func assign(
        _ parameter: Parameter, from file: SafetensorsFile, _ name: String
    ) throws(TrainingError) {
        guard let found = file.tensor(name), found.shape == parameter.shape else {
            let shape = file.tensor(name)?.shape ?? []
            throw TrainingError(
                .model, "the weight \(name) has shape \(shape) instead of \(parameter.shape)",
                hint: "Check that the weights belong to their config.json and label list.")
        }
        do {
            parameter.values.copy(from: try file.floats(name))
        } catch {
            throw TrainingError(.model, error.message, hint: error.hint)
        }
    }

    /// The names a weight goes by: with and without `bert.`, and gamma and beta for norm weights.
    static func aliases(_ name: String) -> [String] {
        var names = [name]
        if name.hasPrefix("bert.") { names.append(String(name.dropFirst(5))) }
        if name.contains("LayerNorm") {
            for name in names {
                if name.hasSuffix(".weight") { names.append(name.dropLast(6) + "gamma") }
                if name.hasSuffix(".bias") { names.append(name.dropLast(4) + "beta") }
            }
        }
        return names
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

    /// Gives each adapter PEFT's start: A uniform in ±1/√inputs, B zero.
    func initializeAdapters(using random: inout SeededRandom) {
        for parameter in store.parameters {
            if parameter.name.hasSuffix(".lora_A.weight") {
                let bound = 1 / Double(parameter.shape[1]).squareRoot()
                parameter.values.copy(
                    from: (0..<parameter.values.count).map { _ in
                        Float(Double.random(in: -bound..<bound, using: &random))
                    })
            } else if parameter.name.hasSuffix(".lora_B.weight") {
                parameter.values.fill(0)
            }
        }
    }
}
