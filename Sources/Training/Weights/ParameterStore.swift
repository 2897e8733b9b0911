import Kernels

/// One named weight tensor.
struct Parameter {
    /// Hugging Face's name, e.g. `bert.encoder.layer.0.output.dense.weight`.
    let name: String
    /// Dimensions, outermost first.
    let shape: [Int]
    /// Whether training changes it.
    let isTrained: Bool
    /// The numbers.
    let values: Floats
    /// Its gradient, if it is trained.
    let gradient: Floats?

    /// Biases and norm weights are not decayed.
    var decays: Bool { !(name.hasSuffix(".bias") || name.contains("LayerNorm")) }
}

/// All weights: trained ones side by side in one block (with as large a block of gradients), frozen
/// ones in another. Within a block they lie in the order of their declaration, without gaps, so
/// that neighbours can be read as one matrix.
final class ParameterStore {
    struct Declaration {
        let name: String
        let shape: [Int]
        let isTrained: Bool
        var count: Int { shape.reduce(1, *) }
    }

    let parameters: [Parameter]
    /// The trained weights and their gradients, as one run each.
    let trained: Floats
    let gradients: Floats
    private let frozen: Floats
    private let indexes: [String: Int]
    private let offsets: [Int]

    init(_ declarations: [Declaration]) {
        let trainedCount = declarations.lazy.filter(\.isTrained).map(\.count).reduce(0, +)
        let frozenCount = declarations.lazy.filter { !$0.isTrained }.map(\.count).reduce(0, +)
        trained = FloatStorage(count: trainedCount).floats
        gradients = FloatStorage(count: trainedCount).floats
        frozen = FloatStorage(count: frozenCount).floats
        var nextTrained = 0
        var nextFrozen = 0
        var parameters: [Parameter] = []
        var indexes: [String: Int] = [:]
        var offsets: [Int] = []
        for item in declarations {
            let offset = item.isTrained ? nextTrained : nextFrozen
            indexes[item.name] = parameters.count
            offsets.append(offset)
            parameters.append(
                Parameter(
                    name: item.name, shape: item.shape, isTrained: item.isTrained,
                    values: (item.isTrained ? trained : frozen).slice(offset, item.count),
                    gradient: item.isTrained ? gradients.slice(offset, item.count) : nil))
            if item.isTrained { nextTrained += item.count } else { nextFrozen += item.count }
        }
        precondition(indexes.count == parameters.count, "a weight is declared twice")
        self.parameters = parameters
        self.indexes = indexes
        self.offsets = offsets
    }

    var trainedParameters: [Parameter] { parameters.filter(\.isTrained) }

    /// The weight called `name`, which is declared.
    subscript(name: String) -> Parameter {
        guard let index = indexes[name] else { preconditionFailure("no weight \(name)") }
        return parameters[index]
    }

    func contains(_ name: String) -> Bool { indexes[name] != nil }

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
