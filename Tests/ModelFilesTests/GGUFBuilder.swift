import ModelFiles

/// Puts a GGUF file together field by field, right or wrong, independently of the product's writer.
struct GGUFBuilder {
    struct Tensor {
        var name: String
        /// Innermost first, as in the file.
        var dimensions: [UInt64]
        var type: UInt32
        var bytes: [UInt8]
        var offset: UInt64?
    }

    var magic = Array("GGUF".utf8)
    var version: UInt32 = 3
    /// Key, type number, bytes.
    var values: [(String, UInt32, [UInt8])] = []
    var tensors: [Tensor] = []
    var alignment = 32
    var tensorCount: UInt64?
    var valueCount: UInt64?

    static func little<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
        (0..<MemoryLayout<Number>.size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func string(_ text: String) -> [UInt8] {
        little(UInt64(text.utf8.count)) + Array(text.utf8)
    }

    static func floats(_ values: [Float]) -> [UInt8] {
        values.flatMap { little($0.bitPattern) }
    }

    mutating func add(_ key: String, _ value: UInt32) {
        values.append((key, 4, Self.little(value)))
    }
    mutating func add(_ key: String, _ value: Float) {
        values.append((key, 6, Self.little(value.bitPattern)))
    }
    mutating func add(_ key: String, _ value: String) {
        values.append((key, 8, Self.string(value)))
    }

    mutating func add(_ name: String, _ dimensions: [UInt64], _ values: [Float]) {
        tensors.append(
            Tensor(name: name, dimensions: dimensions, type: 0, bytes: Self.floats(values)))
    }

    var bytes: [UInt8] {
        var out = magic + Self.little(version)
        out += Self.little(tensorCount ?? UInt64(tensors.count))
        out += Self.little(valueCount ?? UInt64(values.count))
        for (key, type, bytes) in values { out += Self.string(key) + Self.little(type) + bytes }
        var data: [UInt8] = []
        for tensor in tensors {
            out += Self.string(tensor.name) + Self.little(UInt32(tensor.dimensions.count))
            for size in tensor.dimensions { out += Self.little(size) }
            out += Self.little(tensor.type) + Self.little(tensor.offset ?? UInt64(data.count))
            data += tensor.bytes
            while data.count % alignment != 0 { data.append(0) }
        }
        while out.count % alignment != 0 { out.append(0) }
        return out + data
    }

    /// The metadata of a Llama that is 8 wide and has two heads of queries and one of keys.
    static var llama: GGUFBuilder {
        var builder = GGUFBuilder()
        builder.add("general.architecture", "llama")
        builder.add("llama.embedding_length", 8 as UInt32)
        builder.add("llama.block_count", 1 as UInt32)
        builder.add("llama.attention.head_count", 2 as UInt32)
        builder.add("llama.attention.head_count_kv", 1 as UInt32)
        builder.add("llama.feed_forward_length", 32 as UInt32)
        builder.add("llama.context_length", 64 as UInt32)
        builder.add("llama.attention.layer_norm_rms_epsilon", 1e-5 as Float)
        builder.add("token_embd.weight", [8, 5], (0..<40).map(Float.init))
        return builder
    }
}
