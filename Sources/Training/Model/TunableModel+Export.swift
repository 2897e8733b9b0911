import Kernels
public import ModelFiles
import Records

extension TunableModel {
    /// The trained weights as PEFT keeps them: `adapter_model.safetensors` and
    /// `adapter_config.json`, in memory. For the methods lora, qlora and adapter.
    ///
    /// - Parameter baseName: name of the base model, never a path.
    public func exportAdapter(baseName: String) throws(TrainingError) -> [String: [UInt8]] {
        guard plan.rank > 0 || plan.bottleneck != nil else {
            throw TrainingError(
                .adapter, "a model trained without adapters cannot be exported as one",
                hint: "Export the whole model.")
        }
        let name = baseName.split(separator: "/").last.map(String.init) ?? ""
        let tensors = network.store.parameters
            .filter { $0.isAdapter || isOfHead($0.name) }
            .map { parameter in
                NamedTensor(
                    name: "base_model.model.\(parameter.name)", shape: parameter.shape,
                    values: parameter.values.array)
            }
        return [
            "adapter_model.safetensors": SafetensorsWriter.encode(tensors),
            "adapter_config.json": adapterConfig(baseName: name),
        ]
    }

    private func adapterConfig(baseName: String) -> [UInt8] {
        if let bottleneck = plan.bottleneck {
            return BottleneckConfig(bottleneck, layers: exportedLayers, baseModelName: baseName)
                .encoded()
        }
        var saved: [String] = []
        var isTransposed = false
        switch config {
        case .encoder(let config):
            saved = EncoderNames(family: config.family).headModules(task)
        case .decoder(let config): isTransposed = config.family == .gpt2
        }
        return AdapterConfig(
            rank: plan.rank, alpha: configuration.alpha, dropout: configuration.adapterDropout,
            targetModules: plan.targets, layers: exportedLayers,
            usesRankStabilization: configuration.usesRankStabilization, baseModelName: baseName,
            modulesToSave: saved,
            taskType: AdapterConfig.TaskType(rawValue: task.name) ?? .sequenceClassification,
            usesDoRA: plan.usesDoRA, fanInFanOut: isTransposed
        ).encoded()
    }

    /// PEFT knows no frozen layers: a run that froze some names the layers it adapted.
    private var exportedLayers: [Int]? {
        if let layers = plan.adapterLayers { return layers }
        return plan.frozenLayers > 0 ? Array(plan.frozenLayers..<config.layerCount) : nil
    }

    /// The whole model's tensors under Hugging Face's names, adapters merged in: a second copy of
    /// the model. ``mergedValues(_:_:)`` gives the same numbers piece by piece.
    ///
    /// - Throws: `TrainingError.adapter` for bottleneck adapters, which no weight can take in.
    public func mergedTensors() throws(TrainingError) -> [NamedTensor] {
        let outlines = try mergedOutlines()
        do throws(ModelFilesError) {
            var tensors: [NamedTensor] = []
            for outline in outlines {
                tensors.append(
                    NamedTensor(
                        name: outline.name, shape: outline.shape,
                        values: try mergedValues(outline.name, 0..<outline.elementCount)))
            }
            return tensors
        } catch {
            throw TrainingError(.model, error.message, hint: error.hint)
        }
    }

    /// The whole model, adapters merged: `model.safetensors` and `config.json`, as Transformers'
    /// `AutoModelFor…` of the task loads them, in memory.
    public func exportModel() throws(TrainingError) -> [String: [UInt8]] {
        let writer = SafetensorsWriter(try mergedOutlines())
        var file: [UInt8] = []
        file.reserveCapacity(writer.byteCount)
        do throws(ModelFilesError) {
            var pieces = writer.pieces(values: mergedValues)
            while let piece = try pieces.next() { file += piece }
        } catch {
            throw TrainingError(.model, error.message, hint: error.hint)
        }
        return ["model.safetensors": file, "config.json": configJSON()]
    }

    /// The `config.json` that belongs to this model, labels included.
    public func configJSON() -> [UInt8] {
        switch config {
        case .encoder(let encoder):
            if case .tokenClassification(let labels) = task {
                return CanonicalJSON.encode(
                    encoder.json(labels: labels, task: .tokenClassification))
            }
            return CanonicalJSON.encode(encoder.json(labels: task.labels))
        case .decoder(let decoder): return CanonicalJSON.encode(decoder.json())
        }
    }

    /// How the base's linear layers are kept; nil for plain numbers.
    public var quantization: TrainingConfiguration.Quantization? { plan.quantization }

    /// SHA-256 of a safetensors file of the trained tensors, under the names of ``exportModel()``
    /// (adapters as `….lora_A.weight`).
    public func trainedWeightsDigest() -> [UInt8] { digest(trained: true) }

    /// SHA-256 of a safetensors file of the frozen tensors.
    func frozenWeightsDigest() -> [UInt8] { digest(trained: false) }
}
