import Cryptography
import Kernels

/// The outputs of the frozen layers, kept for all epochs.
///
/// They depend on the frozen weights and on the token ids alone (frozen layers run without
/// dropout), which is what the cache's key says; a cache is used only under its own key.
final class PrefixCache {
    /// What a cache may take.
    static let byteLimit = 2 << 30

    /// SHA-256 over the frozen weights' digest and every example's ids, types and length.
    let key: [UInt8]
    private let outputs: Floats
    private let width: Int
    private let starts: [Int]
    private var isFilled: [Bool]
    private let firstOnly: Bool

    /// A cache for these examples, or nil if it would take more than `limit` bytes.
    ///
    /// - Parameter firstOnly: whether only the row of an example's first token is read.
    init?(
        examples: [EncodedExample], width: Int, firstOnly: Bool, weightsDigest: [UInt8],
        limit: Int = PrefixCache.byteLimit
    ) {
        var starts = [0]
        starts.reserveCapacity(examples.count + 1)
        for example in examples {
            starts.append(starts[starts.count - 1] + (firstOnly ? 1 : example.tokenCount))
        }
        let rows = starts[starts.count - 1]
        guard rows * width * 4 <= limit else { return nil }
        key = Self.key(examples: examples, firstOnly: firstOnly, weightsDigest: weightsDigest)
        outputs = FloatStorage(count: rows * width).floats
        self.width = width
        self.starts = starts
        self.firstOnly = firstOnly
        isFilled = [Bool](repeating: false, count: examples.count)
    }

    /// The key of a cache of these examples under these weights.
    static func key(
        examples: [EncodedExample], firstOnly: Bool, weightsDigest: [UInt8]
    ) -> [UInt8] {
        var hasher = SHA256.Hasher()
        hasher.update(weightsDigest)
        hasher.update([firstOnly ? 1 : 0])
        for example in examples {
            var bytes: [UInt8] = []
            let rejected = example.rejected?.ids ?? []
            for value in [Int32(example.ids.count), Int32(rejected.count)] + example.ids
                + rejected + (example.typeIDs ?? [])
            {
                for shift in [0, 8, 16, 24] {
                    bytes.append(UInt8(truncatingIfNeeded: value >> shift))
                }
            }
            hasher.update(bytes)
        }
        return hasher.finalize()
    }

    /// Copies the outputs of the batch's examples, if all are there.
    func load(_ batch: PackedBatch, into target: Matrix) -> Bool {
        guard batch.rows.allSatisfy({ isFilled[$0] }) else { return false }
        each(batch) { cached, rows in
            target.floats.slice(rows.lowerBound, rows.count).copy(from: cached)
        }
        return true
    }

    /// Keeps the outputs of the batch's examples.
    func store(_ batch: PackedBatch, from source: Matrix) {
        each(batch) { cached, rows in
            cached.copy(from: source.floats.slice(rows.lowerBound, rows.count))
        }
        for row in batch.rows { isFilled[row] = true }
    }

    /// Calls `body` with each example's place here and its range of floats in the batch.
    private func each(_ batch: PackedBatch, _ body: (_ cached: Floats, _ range: Range<Int>) -> Void)
    {
        var next = 0
        for row in batch.rows {
            let count = (starts[row + 1] - starts[row]) * width
            body(outputs.slice(starts[row] * width, count), next..<next + count)
            next += count
        }
    }
}
