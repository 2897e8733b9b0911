import Records

/// Cuts a model into safetensors files of limited size, as Hugging Face's models are.
public struct SafetensorsShards: Sendable {
    /// One file to be written.
    public struct Shard: Sendable {
        /// `model.safetensors`, or `model-00001-of-00003.safetensors`.
        public let name: String
        /// What it holds.
        public let writer: SafetensorsWriter
    }

    /// The files, in the order of their tensors' names.
    public let shards: [Shard]
    /// The bytes of ``ShardedSafetensors/indexName``; nil if one file is enough.
    public let index: [UInt8]?

    /// Cuts before the tensor with which a file would have more than `limit` bytes of numbers; a
    /// tensor that is larger alone has a file of its own.
    public init(
        _ tensors: [TensorOutline], format: SafetensorsWriter.Format = .f32,
        limit: Int = 5_000_000_000
    ) {
        let size = format.tensorFormat.blockByteCount
        var groups: [[TensorOutline]] = [[]]
        var filled = 0
        var total = 0
        for tensor in tensors.sorted(by: { $0.name < $1.name }) {
            let byteCount = tensor.elementCount * size
            if filled + byteCount > limit, !groups[groups.count - 1].isEmpty {
                groups.append([])
                filled = 0
            }
            groups[groups.count - 1].append(tensor)
            filled += byteCount
            total += byteCount
        }
        func number(_ value: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        }
        var weightMap: [String: JSONValue] = [:]
        shards = groups.enumerated().map { position, group in
            let name =
                groups.count == 1
                ? "model.safetensors"
                : "model-\(number(position + 1))-of-\(number(groups.count)).safetensors"
            for tensor in group { weightMap[tensor.name] = .string(name) }
            return Shard(name: name, writer: SafetensorsWriter(group, format: format))
        }
        index =
            groups.count == 1
            ? nil
            : CanonicalJSON.encode([
                "metadata": ["total_size": .integer(total)], "weight_map": .object(weightMap),
            ])
    }
}
