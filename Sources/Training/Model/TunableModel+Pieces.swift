import Cryptography
import Kernels
public import ModelFiles

extension TunableModel {
    /// Names and dimensions, in files, of the whole model's tensors: what ``mergedValues(_:_:)``
    /// gives the numbers of.
    ///
    /// - Throws: `TrainingError.adapter` for bottleneck adapters, which no weight can take in.
    public func mergedOutlines() throws(TrainingError) -> [TensorOutline] {
        guard plan.bottleneck == nil else {
            throw TrainingError(
                .adapter, "bottleneck adapters cannot be merged into their base",
                hint: "Export the adapter, or train with method lora.")
        }
        return network.store.parameters.filter { !$0.isAdapter }
            .map { TensorOutline(name: $0.name, shape: $0.fileShape) }
    }

    /// Numbers of one tensor of the whole model, adapters merged in, in the order of files: so that
    /// a file can be written without a second copy of the model in memory.
    ///
    ///     var pieces = SafetensorsWriter(try model.mergedOutlines())
    ///         .pieces(values: model.mergedValues)
    ///
    /// What was kept quantised is given as the numbers that the blocks stand for, which is what the
    /// adapter was trained on: merging into fewer bits again would change the model.
    ///
    /// - Throws: `ModelFilesError.missing` if the model has no tensor of that name.
    public func mergedValues(
        _ name: String, _ elements: Range<Int>
    ) throws(ModelFilesError) -> [Float] {
        guard network.store.contains(name) else {
            throw ModelFilesError(
                .missing, "the model has no tensor \(name)", hint: "Ask for the names it has.")
        }
        let parameter = network.store[name]
        let linear = network.linears.first { linear in
            linear.adapters.contains { "\($0.module).weight" == name }
        }
        let adapter = linear?.adapters.first { "\($0.module).weight" == name }
        if let linear, let adapter, case .dense(let effective, _) = linear.weight {
            return fileValues(
                effective.rows(adapter.firstOutput, adapter.outputs).floats, parameter, elements)
        }
        guard let matrix = network.store.quantized(name) else {
            return fileValues(parameter.values, parameter, elements)
        }
        guard !parameter.isTransposedInFiles else {
            return fileValues(dense(matrix, 0..<matrix.rows, adapter), parameter, elements)
        }
        let first = elements.lowerBound / matrix.columns
        let end = (elements.upperBound + matrix.columns - 1) / matrix.columns
        return dense(matrix, first..<end, adapter)
            .slice(elements.lowerBound - first * matrix.columns, elements.count).array
    }

    /// The numbers that some rows of blocks stand for, with an adapter merged in.
    private func dense(
        _ matrix: QuantizedMatrix, _ rows: Range<Int>, _ adapter: LowRank?
    ) -> Floats {
        let base = FloatStorage(count: rows.count * matrix.columns).floats
            .matrix(rows.count, matrix.columns)
        matrix.dequantize(rows: rows, into: base)
        if let adapter {
            network.workers.multiply(
                adapter.up.rows(rows.lowerBound, rows.count), adapter.down, into: base,
                alpha: adapter.scale, beta: 1)
        }
        return base.floats
    }

    private func fileValues(
        _ floats: Floats, _ parameter: Parameter, _ elements: Range<Int>
    ) -> [Float] {
        guard parameter.isTransposedInFiles else {
            return floats.slice(elements.lowerBound, elements.count).array
        }
        let count = parameter.shape.reduce(1, *)
        let all = Parameter.transposed(floats.slice(0, count).array, rows: parameter.shape[0])
        return Array(all[elements])
    }

    /// SHA-256 of a safetensors file of the trained or of the frozen tensors, which is never made:
    /// quantised ones are left out.
    func digest(trained: Bool) -> [UInt8] {
        let store = network.store
        let parameters = store.parameters.filter {
            $0.isTrained == trained && store.quantized($0.name) == nil
        }
        let outlines = parameters.map { TensorOutline(name: $0.name, shape: $0.fileShape) }
        var pieces = SafetensorsWriter(outlines, metadata: [:]).pieces { [self] name, elements in
            let parameter = store[name]
            return fileValues(parameter.values, parameter, elements)
        }
        var hasher = SHA256.Hasher()
        do {
            while let piece = try pieces.next() { hasher.update(piece) }
        } catch {
            preconditionFailure("plain numbers can always be written: \(error.message)")
        }
        return hasher.finalize()
    }
}
