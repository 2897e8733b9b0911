import Kernels

/// All weights: trained ones side by side in one block (with as large a block of gradients), frozen
/// ones in another. Within a block they lie in the order of their declaration, without gaps, so
/// that neighbours can be read as one matrix. Quantised weights have no numbers here.
final class ParameterStore {
    struct Declaration {
        let name: String
        let shape: [Int]
        let isTrained: Bool
        var decays = true
        var isTransposedInFiles = false
        /// Frozen and kept as quantised blocks, see ``ParameterStore/quantized(_:)``.
        var isQuantized = false
        /// Whether adapters are merged into a copy of it.
        var isMerged = false
        /// The layer that it belongs to; nil for embeddings, heads and norms.
        var layer: Int?
        var count: Int { shape.reduce(1, *) }
    }

    let parameters: [Parameter]
    /// The trained weights and their gradients, as one run each.
    let trained: Floats
    let gradients: Floats
    private let frozen: Floats
    private let indexes: [String: Int]
    private let offsets: [Int]
    private let blocks: [String: QuantizedMatrix]

    /// Room for the declared weights; `quantized` holds every one that is declared so.
    init(_ declarations: [Declaration], quantized: [String: QuantizedMatrix] = [:]) {
        let dense = declarations.lazy.filter { !$0.isQuantized }
        let trainedCount = dense.filter(\.isTrained).map(\.count).reduce(0, +)
        let frozenCount = dense.filter { !$0.isTrained }.map(\.count).reduce(0, +)
        trained = FloatStorage(count: trainedCount).floats
        gradients = FloatStorage(count: trainedCount).floats
        frozen = FloatStorage(count: frozenCount).floats
        blocks = quantized
        var nextTrained = 0
        var nextFrozen = 0
        var parameters: [Parameter] = []
        var indexes: [String: Int] = [:]
        var offsets: [Int] = []
        for item in declarations {
            precondition(!(item.isQuantized && item.isTrained), "a quantised weight is trained")
            let offset = item.isTrained ? nextTrained : nextFrozen
            let count = item.isQuantized ? 0 : item.count
            indexes[item.name] = parameters.count
            offsets.append(offset)
            parameters.append(
                Parameter(
                    name: item.name, shape: item.shape, isTrained: item.isTrained,
                    decays: item.decays, isTransposedInFiles: item.isTransposedInFiles,
                    values: (item.isTrained ? trained : frozen).slice(offset, count),
                    gradient: item.isTrained ? gradients.slice(offset, count) : nil))
            if item.isTrained { nextTrained += count } else { nextFrozen += count }
        }
        precondition(indexes.count == parameters.count, "a weight is declared twice")
        self.parameters = parameters
        self.indexes = indexes
        self.offsets = offsets
    }

    var trainedParameters: [Parameter] { parameters.filter(\.isTrained) }

    /// Weights in all, the quantised ones counted as the numbers that they stand for.
    var count: Int { parameters.reduce(0) { $0 + $1.shape.reduce(1, *) } }

    /// The weight called `name`, which is declared.
    subscript(name: String) -> Parameter {
        guard let index = indexes[name] else { preconditionFailure("no weight \(name)") }
        return parameters[index]
    }

    func contains(_ name: String) -> Bool { indexes[name] != nil }

    /// The blocks of a weight that is kept quantised; nil for one that is kept as numbers.
    func quantized(_ name: String) -> QuantizedMatrix? { blocks[name] }

    /// The weights called `names`, which lie next to each other, as one run, with their gradients.
    func joined(_ names: [String]) -> (values: Floats, gradient: Floats?) {
        let parts = names.map { self[$0] }
        let count = parts.reduce(0) { $0 + $1.values.count }
        guard let first = parts.first, let index = indexes[first.name] else {
            preconditionFailure("nothing to join")
        }
        for (step, name) in names.enumerated() {
            precondition(indexes[name] == index + step, "\(name) does not follow its neighbour")
            precondition(parts[step].isTrained == first.isTrained, "half of a matrix is frozen")
        }
        let block = first.isTrained ? trained : frozen
        return (
            block.slice(offsets[index], count),
            first.isTrained ? gradients.slice(offsets[index], count) : nil
        )
    }
}
