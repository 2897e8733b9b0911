internal import CKernels

/// The bytes of a matrix in NF4: each row is cut into blocks of 64 numbers (the last one filled up
/// with zeros), and the magnitudes of 256 neighbouring blocks make a group.
struct NormalFloatBlocks: Sendable {
    static let elements = Int(ck_nf4_elements)
    private static let bytes = Int(ck_nf4_bytes)
    private static let groupSize = 256

    private let blocksInRow: Int
    private let codes: [UInt8]
    /// The magnitude of block b is base + step · sizes[b], base and step of its group.
    private let sizes: [UInt8]
    private let bases: [Float]
    private let steps: [Float]

    init(_ weights: Matrix) {
        let blocksInRow = (weights.columns + Self.elements - 1) / Self.elements
        self.blocksInRow = blocksInRow
        let count = weights.rows * blocksInRow
        var magnitudes = [Float](repeating: 0, count: count)
        var codes = [UInt8](repeating: 0, count: count * Self.bytes)
        unsafe codes.withUnsafeMutableBufferPointer { codes in
            guard let codes = codes.baseAddress else { return }
            for row in 0..<weights.rows {
                for block in 0..<blocksInRow {
                    let index = row * blocksInRow + block, first = block * Self.elements
                    magnitudes[index] = unsafe ck_nf4_encode(
                        codes + index * Self.bytes,
                        weights.pointer + row * weights.stride + first,
                        min(Self.elements, weights.columns - first))
                }
            }
        }
        self.codes = codes

        // Second quantisation: eight bits between the least and the largest magnitude of a group
        var sizes = [UInt8](repeating: 0, count: count)
        var bases: [Float] = [], steps: [Float] = []
        for first in stride(from: 0, to: count, by: Self.groupSize) {
            let group = magnitudes[first..<min(count, first + Self.groupSize)]
            let least = group.min() ?? 0, most = group.max() ?? 0
            let step = (most - least) / 255
            for (index, magnitude) in zip(group.indices, group) where step > 0 {
                sizes[index] = UInt8(max(0, min(255, ((magnitude - least) / step).rounded())))
            }
            bases.append(least)
            steps.append(step)
        }
        self.sizes = sizes
        self.bases = bases
        self.steps = steps
    }

    var byteCount: Int {
        codes.count + sizes.count + (bases.count + steps.count) * MemoryLayout<Float>.stride
    }

    /// Decodes `blocks` of a row; `target` holds exactly their elements.
    func decode(_ row: Int, _ blocks: Range<Int>, into target: Floats) {
        precondition(target.count == blocks.count * Self.elements)
        let first = row * blocksInRow + blocks.lowerBound
        precondition(first >= 0 && first + blocks.count <= sizes.count, "blocks out of range")
        unsafe codes.withUnsafeBufferPointer { codes in
            guard let codes = codes.baseAddress else { return }
            for index in 0..<blocks.count {
                let block = first + index, group = block / Self.groupSize
                var magnitude = bases[group] + steps[group] * Float(sizes[block])
                unsafe ck_nf4_decode(
                    target.pointer + index * Self.elements, codes + block * Self.bytes,
                    &magnitude, 1)
            }
        }
    }
}
