import Kernels

/// One named weight tensor.
struct Parameter {
    /// Hugging Face's name, e.g. `bert.encoder.layer.0.output.dense.weight`.
    let name: String
    /// Dimensions as they lie in memory, outermost first; a linear layer is outputs × inputs.
    let shape: [Int]
    /// Whether training changes it.
    let isTrained: Bool
    /// Whether weight decay shrinks it: biases and norm weights are spared.
    let decays: Bool
    /// Whether files hold its transpose, as those of GPT-2 do.
    let isTransposedInFiles: Bool
    /// The numbers; none where the weight is kept quantised.
    let values: Floats
    /// Its gradient, if it is trained.
    let gradient: Floats?

    /// Whether it belongs to an adapter, and so in no base model.
    var isAdapter: Bool { Self.isAdapter(name) }

    /// Whether a weight of that name belongs to an adapter.
    static func isAdapter(_ name: String) -> Bool {
        name.contains(".lora_") || name.contains(".adapter.")
    }

    /// The numbers in the order of files.
    var fileValues: [Float] {
        isTransposedInFiles ? Self.transposed(values.array, rows: shape[0]) : values.array
    }

    /// The dimensions in files.
    var fileShape: [Int] { isTransposedInFiles ? shape.reversed() : shape }

    /// The transpose of a matrix with `rows` rows.
    static func transposed(_ values: [Float], rows: Int) -> [Float] {
        let columns = rows == 0 ? 0 : values.count / rows
        return unsafe [Float](unsafeUninitializedCapacity: values.count) { buffer, filled in
            for row in 0..<rows {
                for column in 0..<columns {
                    unsafe buffer[column * rows + row] = values[row * columns + column]
                }
            }
            filled = values.count
        }
    }
}
