import Kernels
import ModelFiles

/// Reads the weights that stay quantised.
struct QuantizedLoading {
    let source: any TensorSource
    let names: WeightNames
    let quantization: TrainingConfiguration.Quantization

    /// The blocks of every weight that is declared quantised.
    func matrices(
        _ declarations: [ParameterStore.Declaration]
    ) throws(TrainingError) -> [String: QuantizedMatrix] {
        var result: [String: QuantizedMatrix] = [:]
        for item in declarations where item.isQuantized {
            result[item.name] = try matrix(item.name, item.shape, item.isTransposedInFiles)
        }
        return result
    }

    /// The blocks of a weight as the file has them; nil where it has plain numbers.
    func stored(_ declared: String, _ shape: [Int]) throws(TrainingError) -> QuantizedMatrix? {
        guard let name = names.find(declared, in: source), let blocks = source.blocks(name) else {
            return nil
        }
        guard [blocks.rows, blocks.columns] == shape else {
            throw TrainingError(
                .model,
                "the weight \(name) has shape \([blocks.rows, blocks.columns]), not \(shape)",
                hint: "Check that the file belongs to its configuration.")
        }
        return unsafe blocks.withBytes { bytes in
            unsafe QuantizedMatrix(
                blocks: bytes, format: blocks.format.rawValue, rows: blocks.rows,
                columns: blocks.columns)
        }
    }

    private func matrix(
        _ declared: String, _ shape: [Int], _ isTransposed: Bool
    ) throws(TrainingError) -> QuantizedMatrix {
        if quantization == .gguf {
            guard let matrix = try stored(declared, shape) else {
                throw TrainingError(
                    .configuration, "the base model keeps \(declared) as plain numbers",
                    hint: "Set quantization=nf4, or take a quantised GGUF file as base.")
            }
            return matrix
        }
        guard let name = names.find(declared, in: source) else {
            throw TrainingError(
                .model, "the base model has no \(declared)",
                hint: "Check that it belongs to its config.json.")
        }
        do throws(ModelFilesError) {
            var values = try source.floats(name)
            if isTransposed { values = Parameter.transposed(values, rows: shape[1]) }
            guard values.count == shape[0] * shape[1] else {
                throw ModelFilesError(
                    .shape, "the weight \(name) has \(values.count) numbers, not \(shape)",
                    hint: "Check that it belongs to its config.json.")
            }
            return QuantizedMatrix.nf4(Floats(values).matrix(shape[0], shape[1]))
        } catch {
            throw TrainingError(.model, error.message, hint: error.hint)
        }
    }
}
