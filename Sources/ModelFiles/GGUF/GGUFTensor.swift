import CBlocks

/// How a tensor of a GGUF file is stored; the numbers are GGUF's.
enum GGUFTensorFormat: Sendable, Hashable {
    case f32, f16, bf16
    case blocks(BlockFormat)

    init?(number: UInt32) {
        switch Int32(truncatingIfNeeded: number) {
        case Int32(cb_f32): self = .f32
        case Int32(cb_f16): self = .f16
        case Int32(cb_bf16): self = .bf16
        default:
            guard let format = BlockFormat(rawValue: Int(number)) else { return nil }
            self = .blocks(format)
        }
    }

    /// GGUF's number.
    var number: Int32 {
        switch self {
        case .f32: Int32(cb_f32)
        case .f16: Int32(cb_f16)
        case .bf16: Int32(cb_bf16)
        case .blocks(let format): Int32(format.rawValue)
        }
    }

    /// Numbers in a block, and its bytes.
    var blockElementCount: Int { cb_block_elements(number) }
    var blockByteCount: Int { cb_block_bytes(number) }
}

/// A tensor of a GGUF file.
struct GGUFTensor: Sendable, Hashable {
    /// How the model's numbers lie in the file.
    enum Layout: Sendable, Hashable {
        /// Row by row, in an order.
        case rows(RowOrder)
        /// The model's matrix is the file's, transposed (GPT-2's `Conv1D`).
        case transposed
    }

    let format: GGUFTensorFormat
    /// Dimensions in the file, outermost first.
    let fileShape: [Int]
    /// Its bytes in the file.
    let range: Range<Int>
    var layout = Layout.rows(.stored)

    /// Dimensions in the model, outermost first.
    var shape: [Int] { layout == .transposed ? fileShape.reversed() : fileShape }
    var elementCount: Int { fileShape.reduce(1, *) }

    /// Reads the description of a tensor whose bytes lie in the part of the file from `start`.
    ///
    /// The file has the dimensions innermost first, and offsets from the start of the numbers, which
    /// is known only behind all descriptions.
    static func read(
        _ reader: inout GGUFReader, alignment: Int
    ) throws(ModelFilesError) -> (name: String, tensor: GGUFTensor) {
        let name = try reader.name("the name of a tensor")
        let dimensionCount = try reader.read(UInt32.self, "the dimensions of \(name)")
        guard (1...4).contains(dimensionCount) else {
            throw .gguf("gives \(dimensionCount) dimensions to \(name)")
        }
        var shape: [Int] = []
        var product = 1
        for _ in 0..<dimensionCount {
            let size = try reader.read(UInt64.self, "the dimensions of \(name)")
            guard let size = Int(exactly: size), size > 0 else {
                throw .gguf("gives the dimension \(size) to \(name)")
            }
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow else { throw .gguf("gives an impossible shape to \(name)") }
            product = next
            shape.append(size)
        }
        let number = try reader.read(UInt32.self, "the type of \(name)")
        guard let format = GGUFTensorFormat(number: number) else {
            throw ModelFilesError(
                .unsupported, "tensor \(name) is stored as GGUF's type \(number)",
                hint: "F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, Q6_K are read.")
        }
        guard shape[0] % format.blockElementCount == 0 else {
            throw .gguf("gives rows of \(shape[0]) numbers to \(name), which are no whole blocks")
        }
        let (byteCount, overflow) = (product / format.blockElementCount)
            .multipliedReportingOverflow(by: format.blockByteCount)
        let offset = try reader.read(UInt64.self, "the offset of \(name)")
        guard !overflow, let start = Int(exactly: offset), start % alignment == 0,
            case let (end, overflow) = start.addingReportingOverflow(byteCount), !overflow
        else {
            throw .gguf("gives \(name) the offset \(offset), which cannot be")
        }
        return (
            name, GGUFTensor(format: format, fileShape: shape.reversed(), range: start..<end)
        )
    }

    /// The same tensor, when it is known where the numbers start.
    func moved(by start: Int) -> GGUFTensor {
        GGUFTensor(
            format: format, fileShape: fileShape,
            range: range.lowerBound + start..<range.upperBound + start, layout: layout)
    }
}
