import Cryptography
import Kernels
import Records

extension Trainer {
    /// Settings that change what is said of a run, and not what comes of it.
    private static let silentSettings = [
        "logging_steps", "save_strategy", "save_steps", "save_total_limit", "bootstrap_samples",
    ]

    /// SHA-256 in hex over all that decides about a run's result besides its trained weights:
    /// settings, labels, examples and frozen weights (quantised ones aside). A checkpoint is of
    /// this run, and of no other, if it has the same.
    func fingerprint(_ train: [EncodedExample], _ validation: [EncodedExample]) -> String {
        var settings = configuration.json.objectValue ?? [:]
        for name in Self.silentSettings { settings[name] = nil }
        settings["labels"] = .array(model.labels.map { .string($0) })
        settings["threads"] = .integer(network.workers.threadCount)
        var hasher = SHA256.Hasher()
        hasher.update(CanonicalJSON.encode(.object(settings)))
        hasher.update(model.frozenWeightsDigest())
        for examples in [train, validation] {
            hasher.update(Self.bytes([Int32(truncatingIfNeeded: examples.count)]))
            for example in examples { hasher.update(Self.bytes(example.numbers)) }
        }
        return Hex.encode(hasher.finalize())
    }

    /// Numbers as bytes, the lowest first.
    private static func bytes(_ numbers: [Int32]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * numbers.count)
        for number in numbers {
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        return bytes
    }
}

extension EncodedExample {
    /// Everything in it, the lengths in front.
    fileprivate var numbers: [Int32] {
        let types = typeIDs ?? [], rejectedIDs = rejected?.ids ?? []
        let targets = targets ?? [Int32(truncatingIfNeeded: label ?? 0)]
        let lists = [ids, targets, types, rejectedIDs, rejected?.targets ?? []]
        return lists.map { Int32(truncatingIfNeeded: $0.count) } + lists.flatMap { $0 }
    }
}
