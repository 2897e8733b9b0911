internal import CBlocks

/// A frozen matrix of weights that stays quantised in memory: rows × columns, each row a sequence of
/// blocks.
///
///     let weight = QuantizedMatrix(blocks: bytes, format: 3, rows: 576, columns: 1536)  // Q4_1
///     workers.multiply(x, weight, transposingSecond: true, into: y)
///
/// Products decode a few panels of it at a time.
public final class QuantizedMatrix: Sendable {
    /// How numbers are encoded.
    public enum Format: Hashable, Sendable {
        /// Blocks of GGUF, by the number of their `ggml_type`; plain halves and floats too.
        case gguf(Int)
        /// NormalFloat of four bits with magnitudes of eight, see ``QuantizedMatrix/nf4(_:)``.
        case nf4
    }

    /// Rows.
    public let rows: Int
    /// Columns.
    public let columns: Int
    /// How numbers are encoded.
    public let format: Format

    private enum Storage: Sendable {
        case blocks([UInt8], format: Int32, bytesInBlock: Int)
        case normalFloat(NormalFloatBlocks)
    }

    private let storage: Storage
    /// Numbers in a block.
    let blockElements: Int

    /// A matrix over the blocks of a GGUF tensor, rows one after the other.
    ///
    /// - Parameter format: A `ggml_type` that `CBlocks` knows, whose block divides `columns`.
    ///   Neither that nor a wrong count of bytes is an error to recover from: readers of files check
    ///   both.
    public init(blocks: [UInt8], format: Int, rows: Int, columns: Int) {
        let number = Int32(format)
        let elements = cb_block_elements(number), bytes = cb_block_bytes(number)
        precondition(elements > 0, "unknown block format \(format)")
        precondition(rows >= 0 && columns >= 0 && columns % elements == 0, "rows of half blocks")
        precondition(blocks.count == rows * (columns / elements) * bytes, "bytes do not fit")
        self.rows = rows
        self.columns = columns
        self.format = .gguf(format)
        storage = .blocks(blocks, format: number, bytesInBlock: bytes)
        blockElements = elements
    }

    /// The same over a copy of `blocks`.
    public convenience init(
        blocks: UnsafeRawBufferPointer, format: Int, rows: Int, columns: Int
    ) {
        unsafe self.init(blocks: [UInt8](blocks), format: format, rows: rows, columns: columns)
    }

    private init(_ blocks: NormalFloatBlocks, rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        format = .nf4
        storage = .normalFloat(blocks)
        blockElements = NormalFloatBlocks.elements
    }

    /// `weights` in NF4 with double quantisation (Dettmers et al. 2023): 64 numbers share a
    /// magnitude, and 256 magnitudes share the two floats that turn eight bits into one of them;
    /// 4.13 bits for each number.
    public static func nf4(_ weights: Matrix) -> QuantizedMatrix {
        QuantizedMatrix(
            NormalFloatBlocks(weights), rows: weights.rows, columns: weights.columns)
    }

    /// Bytes in memory.
    public var byteCount: Int {
        switch storage {
        case .blocks(let bytes, _, _): bytes.count
        case .normalFloat(let blocks): blocks.byteCount
        }
    }

    /// Decodes `rows` of the matrix into `target`, which has as many rows, and all columns.
    public func dequantize(rows range: Range<Int>, into target: Matrix) {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows out of range")
        precondition(target.rows == range.count && target.columns == columns, "shapes differ")
        let whole = columns / blockElements
        for row in range {
            let line = target.floats.slice((row - range.lowerBound) * target.stride, columns)
            decode(row, 0..<whole, into: line.slice(0, whole * blockElements))
            let rest = columns - whole * blockElements
            if rest > 0 {
                let block = FloatStorage(count: blockElements).floats
                decode(row, whole..<whole + 1, into: block)
                line.slice(whole * blockElements, rest).copy(from: block.slice(0, rest))
            }
        }
    }

    /// Decodes `blocks` of a row; `target` holds exactly their elements.
    func decode(_ row: Int, _ blocks: Range<Int>, into target: Floats) {
        precondition(target.count == blocks.count * blockElements)
        switch storage {
        case .blocks(let bytes, let format, let bytesInBlock):
            let start = (row * (columns / blockElements) + blocks.lowerBound) * bytesInBlock
            precondition(start >= 0 && start + blocks.count * bytesInBlock <= bytes.count)
            unsafe bytes.withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                unsafe cb_decode(format, base + start, target.pointer, target.count)
            }
        case .normalFloat(let normal):
            normal.decode(row, blocks, into: target)
        }
    }
}
