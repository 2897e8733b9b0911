import Cryptography

/// Which examples come in which step.
///
/// The rows of an epoch are ordered by the hex digits of SHA-256("seed:epoch:row"), so that any
/// tool can make the same order. Grouped by length, each run of 50 batches is then sorted by
/// length, longest first, and its batches are taken in the order of
/// SHA-256("seed:epoch:batch:index").
enum BatchOrder {
    static func batches(
        lengths: [Int], epoch: Int, seed: UInt64, batchSize: Int, groupsByLength: Bool
    ) -> [[Int]] {
        let order = sorted(Array(lengths.indices)) { "\(seed):\(epoch):\($0)" }
        guard groupsByLength else { return chunks(order, batchSize) }
        let batches = chunks(order, batchSize * 50).flatMap { run in
            let byLength = run.enumerated().sorted {
                (lengths[$1.element], $0.offset) < (lengths[$0.element], $1.offset)
            }
            return chunks(byLength.map(\.element), batchSize)
        }
        return sorted(Array(batches.indices)) { "\(seed):\(epoch):batch:\($0)" }.map { batches[$0] }
    }

    /// The rows of one step drawn for differential privacy: each with the same probability, apart
    /// from all others (Poisson sampling), which is what the accountant counts on.
    static func sampled(count: Int, step: Int, seed: UInt64, probability: Double) -> [Int] {
        (0..<count).filter { row in
            let digest = SHA256.hash(Array("\(seed):sample:\(step):\(row)".utf8))
            var bits: UInt64 = 0
            for byte in digest[0..<8] { bits = bits << 8 | UInt64(byte) }
            return Double(bits >> 11) * 0x1p-53 < probability
        }
    }

    /// `numbers` in the order of the hashes of their texts. (Bytes compare as hex digits do.)
    private static func sorted(_ numbers: [Int], _ text: (Int) -> String) -> [Int] {
        numbers.map { (SHA256.hash(Array(text($0).utf8)), $0) }
            .sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
    }

    private static func chunks(_ rows: [Int], _ size: Int) -> [[Int]] {
        stride(from: 0, to: rows.count, by: size).map {
            Array(rows[$0..<min($0 + size, rows.count)])
        }
    }
}

extension Trainer {
    /// The rows of each optimiser step of one epoch (batch × accumulation), in order; the last may
    /// be short. For comparing with other frameworks.
    public static func batchOrder(
        lengths: [Int], epoch: Int, configuration: TrainingConfiguration
    ) -> [[Int]] {
        BatchOrder.batches(
            lengths: lengths, epoch: epoch, seed: configuration.dataSeed ?? configuration.seed,
            batchSize: configuration.batchSize * configuration.accumulationSteps,
            groupsByLength: configuration.groupsByLength)
    }
}
