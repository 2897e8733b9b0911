import CBlocks

/// How the blocks of a quantised tensor are stored; the numbers are GGUF's.
public enum BlockFormat: Int, Sendable, CaseIterable {
    /// 32 numbers, 4 bits each, one scale.
    case q4_0 = 2
    /// 32 numbers, 4 bits each, scale and minimum.
    case q4_1 = 3
    /// 32 numbers, 5 bits each, one scale.
    case q5_0 = 6
    /// 32 numbers, 5 bits each, scale and minimum.
    case q5_1 = 7
    /// 32 numbers, 8 bits each, one scale.
    case q8_0 = 8
    /// 256 numbers, 4 bits each, eight scales and minima of 6 bits.
    case q4_K = 12
    /// 256 numbers, 5 bits each, eight scales and minima of 6 bits.
    case q5_K = 13
    /// 256 numbers, 6 bits each, sixteen scales of 8 bits.
    case q6_K = 14

    /// Numbers in a block.
    public var elementCount: Int { cb_block_elements(Int32(rawValue)) }

    /// Bytes of a block.
    public var byteCount: Int { cb_block_bytes(Int32(rawValue)) }
}

/// A quantised tensor as its file has it: rows of blocks, in Hugging Face's order of rows.
public struct QuantizedBlocks: Sendable {
    /// The form of the blocks.
    public let format: BlockFormat
    /// Rows: the outer dimension.
    public let rows: Int
    /// Numbers in a row, a multiple of the block.
    public let columns: Int
    let contents: FileBytes
    let range: Range<Int>
    let order: RowOrder

    /// Bytes of a row.
    public var rowByteCount: Int { columns / format.elementCount * format.byteCount }

    /// Bytes of all rows.
    public var byteCount: Int { range.count }

    /// Calls `body` with all blocks, row by row.
    ///
    /// A tensor whose rows lie in another order in the file is put in order first, in memory of its
    /// own; others are used where they are.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe contents.withBytes(range) { bytes in
            if case .stored = order { return unsafe body(bytes) }
            let copy = unsafe [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, filled in
                unsafe order.sort(bytes, rows: rows, into: UnsafeMutableRawBufferPointer(buffer))
                filled = bytes.count
            }
            return unsafe copy.withUnsafeBytes { unsafe body($0) }
        }
    }
}
