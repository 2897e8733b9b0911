import CBlocks

/// The bytes of a file of tensors, piece by piece, so that neither the file nor a copy of all its
/// numbers stands in memory whole.
///
///     var pieces = try GGUFWriter(config: config, tensors: outlines, format: .q8_0)
///         .pieces { name, elements in Array(weights[name][elements]) }
///     while let piece = try pieces.next() { try send(piece) }
public struct TensorFilePieces {
    /// Gives the numbers `elements` of the tensor `name`, counted row-major. A tensor is asked for
    /// from its beginning to its end, or whole if the file has it in another order.
    public typealias Values = (
        _ name: String, _ elements: Range<Int>
    ) throws(ModelFilesError) -> [Float]

    /// Bytes of a piece, about.
    static let pieceByteCount = 1 << 20

    private let header: [UInt8]
    private let tensors: [TensorPlacement]
    private let values: Values
    private var index = -1
    private var element = 0
    /// The numbers of a tensor that the file has in another order than the model.
    private var whole: [Float] = []

    init(header: [UInt8], tensors: [TensorPlacement], values: @escaping Values) {
        self.header = header
        self.tensors = tensors
        self.values = values
    }

    /// The next piece; nil at the end of the file.
    ///
    /// - Throws: what the source of the numbers throws, and `unsupported` for a number that the
    ///   format has no room for: one that is not finite, or too large for a half.
    public mutating func next() throws(ModelFilesError) -> [UInt8]? {
        if index < 0 {
            index = 0
            return header
        }
        while index < tensors.count {
            let tensor = tensors[index]
            let count = tensor.outline.elementCount
            guard element < count || (count == 0 && tensor.padding > 0) else {
                index += 1
                element = 0
                continue
            }
            let blocks = max(1, Self.pieceByteCount / tensor.blockByteCount)
            let end = min(count, element + blocks * tensor.blockElementCount)
            var piece = try encode(tensor, element..<end)
            element = end
            if end == count {
                piece.append(contentsOf: repeatElement(0, count: tensor.padding))
                index += 1
                element = 0
            }
            return piece
        }
        return nil
    }

    /// Everything that is left, in one piece.
    mutating func rest(byteCount: Int) throws(ModelFilesError) -> [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(byteCount)
        while let piece = try next() { all += piece }
        return all
    }

    private mutating func encode(
        _ tensor: TensorPlacement, _ elements: Range<Int>
    ) throws(ModelFilesError) -> [UInt8] {
        if tensor.layout == .rows(.stored) {
            return try Self.encode(try fetch(tensor, elements)[...], tensor)
        }
        if elements.lowerBound == 0 {
            whole = tensor.reordered(try fetch(tensor, 0..<tensor.outline.elementCount))
        }
        defer { if elements.upperBound == whole.count { whole = [] } }
        return try Self.encode(whole[elements], tensor)
    }

    private func fetch(
        _ tensor: TensorPlacement, _ elements: Range<Int>
    ) throws(ModelFilesError) -> [Float] {
        if let constant = tensor.constant { return Array(constant[elements]) }
        let numbers = try values(tensor.outline.name, elements)
        guard numbers.count == elements.count else {
            throw .wrongSize(
                tensor: tensor.outline.name, shape: tensor.outline.shape, given: numbers.count)
        }
        return numbers
    }

    private static func encode(
        _ numbers: ArraySlice<Float>, _ tensor: TensorPlacement
    ) throws(ModelFilesError) -> [UInt8] {
        let byteCount = numbers.count / tensor.blockElementCount * tensor.blockByteCount
        var isEncoded = true
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, filled in
            filled = byteCount
            unsafe numbers.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = buffer.baseAddress else { return }
                isEncoded = unsafe cb_encode(tensor.format.number, from, to, source.count)
            }
            if !isEncoded { unsafe buffer.initialize(repeating: 0) }
        }
        guard isEncoded else {
            throw ModelFilesError(
                .unsupported,
                "tensor \(tensor.outline.name) has a number that \(tensor.format) cannot hold",
                hint: "Training may have diverged; or write the model as F32.")
        }
        return bytes
    }
}

/// A tensor's place in a file that is being written.
struct TensorPlacement: Sendable, Hashable {
    /// Name and dimensions in the model.
    let outline: TensorOutline
    let format: GGUFTensorFormat
    var layout = GGUFTensor.Layout.rows(.stored)
    /// Bytes behind it.
    var padding = 0
    /// The numbers of what is no weight, and is not asked for.
    var constant: [Float]?

    var blockElementCount: Int { format.blockElementCount }
    var blockByteCount: Int { format.blockByteCount }
    /// Bytes of its numbers.
    var byteCount: Int { outline.elementCount / blockElementCount * blockByteCount }

    /// The model's numbers in the file's order.
    func reordered(_ model: [Float]) -> [Float] {
        let (rows, columns) = (outline.shape[0], model.count / max(1, outline.shape[0]))
        return unsafe [Float](unsafeUninitializedCapacity: model.count) { file, filled in
            switch layout {
            case .transposed:
                for row in 0..<rows {
                    for column in 0..<columns {
                        unsafe file[column * rows + row] = model[row * columns + column]
                    }
                }
            case .rows(let order):
                for row in 0..<rows {
                    let from = order.modelRow(row) * columns
                    for column in 0..<columns {
                        unsafe file[row * columns + column] = model[from + column]
                    }
                }
            }
            filled = model.count
        }
    }
}
