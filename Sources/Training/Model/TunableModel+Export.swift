import Cryptography
import Kernels
import ModelFiles
import Records

extension SequenceClassifier {
    /// The trained weights as PEFT keeps them: `adapter_model.safetensors` and
    /// `adapter_config.json`, in memory. For the methods lora and head.
    ///
    /// - Parameter baseName: name of the base model, never a path.
    public func exportAdapter(baseName: String) throws(TrainingError) -> [String: [UInt8]] {
        guard plan.rank > 0 else {
            throw TrainingError(
                .adapter, "a model trained without adapters cannot be exported as one",
                hint: "Export the whole model.")
        }
        let name = baseName.split(separator: "/").last.map(String.init) ?? ""
        let tensors = model.store.parameters
            .filter { $0.name.contains(".lora_") || $0.name.hasPrefix("classifier.") }
            .map { parameter in
                NamedTensor(
                    name: "base_model.model.\(parameter.name)", shape: parameter.shape,
                    values: parameter.values.array)
            }
        let adapter = AdapterConfig(
            rank: plan.rank, alpha: configuration.alpha, dropout: configuration.adapterDropout,
            targetModules: plan.targets, layers: exportedLayers,
            usesRankStabilization: configuration.usesRankStabilization, baseModelName: name)
        return [
            "adapter_model.safetensors": SafetensorsWriter.encode(tensors),
            "adapter_config.json": adapter.encoded(),
        ]
    }

    /// PEFT knows no frozen layers: a run that froze some names the layers it adapted.
    private var exportedLayers: [Int]? {
        if let layers = plan.adapterLayers { return layers }
        return plan.frozenLayers > 0 ? Array(plan.frozenLayers..<config.layerCount) : nil
    }

    /// The whole model, adapters merged: `model.safetensors` and `config.json`, as
    /// `AutoModelForSequenceClassification` loads them, in memory.
    public func exportModel() throws(TrainingError) -> [String: [UInt8]] {
        var merged: [String: [Float]] = [:]
        for linear in model.layers.flatMap(\.linears) + [model.head.pooler] {
            for adapter in linear.adapters {
                let rows = linear.weight.rows(adapter.firstOutput, adapter.outputs)
                merged["\(adapter.module).weight"] =
                    rows.floats.slice(0, rows.rows * rows.columns).array
            }
        }
        let tensors = model.store.parameters.filter { !$0.name.contains(".lora_") }
            .map { parameter in
                NamedTensor(
                    name: parameter.name, shape: parameter.shape,
                    values: merged[parameter.name] ?? parameter.values.array)
            }
        return [
            "model.safetensors": SafetensorsWriter.encode(tensors),
            "config.json": CanonicalJSON.encode(config.json(labels: labels)),
        ]
    }

    /// SHA-256 of a safetensors file of the trained tensors, under the names of ``exportModel()``
    /// (adapters as `….lora_A.weight`).
    public func trainedWeightsDigest() -> [UInt8] { digest(trained: true) }

    /// SHA-256 of a safetensors file of the frozen tensors.
    func frozenWeightsDigest() -> [UInt8] { digest(trained: false) }

    private func digest(trained: Bool) -> [UInt8] {
        SHA256.hash(
            SafetensorsWriter.encode(
                model.store.parameters.filter { $0.isTrained == trained }.map {
                    NamedTensor(name: $0.name, shape: $0.shape, values: $0.values.array)
                }, metadata: [:]))
    }
}
