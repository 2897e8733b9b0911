import CBlocks

extension GGUFFile {
    /// Writes the numbers of the tensor `name`, decoded, in Hugging Face's order, into `target`.
    public func copyFloats(
        _ name: String, into target: UnsafeMutableBufferPointer<Float>
    ) throws(ModelFilesError) {
        guard let tensor = tensors[name] else { throw .missing(tensor: name) }
        guard tensor.elementCount == target.count else {
            throw .wrongSize(tensor: name, shape: tensor.shape, given: target.count)
        }
        guard let out = target.baseAddress else { return }
        unsafe contents.withBytes(tensor.range) { bytes in
            guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            else { return }
            switch tensor.layout {
            case .rows(.stored):
                unsafe cb_decode(tensor.format.number, start, out, target.count)
            case .rows(let order):
                let rows = tensor.fileShape[0]
                let (width, size) = (target.count / rows, bytes.count / rows)
                for row in 0..<rows {
                    unsafe cb_decode(
                        tensor.format.number, start + order.fileRow(row) * size, out + row * width,
                        width)
                }
            case .transposed:
                unsafe Self.decodeTransposed(tensor, start, into: target)
            }
        }
    }

    /// By what the frequencies of a Llama 3's rotary embeddings are divided; nil for other models.
    func rotaryFactors() throws(ModelFilesError) -> [Float]? {
        shape(GGUFNames.rotaryFactors) == nil ? nil : try floats(GGUFNames.rotaryFactors)
    }

    /// Model row r, column c is file row c, column r. Sixteen rows of the file are decoded at a time,
    /// so that each line of the target's cache is filled while it is at hand.
    private static func decodeTransposed(
        _ tensor: GGUFTensor, _ start: UnsafePointer<UInt8>,
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        let (rows, columns) = (tensor.fileShape[0], tensor.fileShape[1])
        let size = tensor.range.count / rows
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 16 * columns) { panel in
            guard let decoded = panel.baseAddress else { return }
            for first in stride(from: 0, to: rows, by: 16) {
                let count = min(16, rows - first)
                unsafe cb_decode(
                    tensor.format.number, start + first * size, decoded, count * columns)
                for column in 0..<columns {
                    for row in 0..<count {
                        unsafe target[column * rows + first + row] = panel[row * columns + column]
                    }
                }
            }
        }
    }
}
