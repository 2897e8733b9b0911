import Records

/// Writes safetensors files: F32, tensors in the order of their names, header padded to 8 bytes.
public enum SafetensorsWriter {
    /// The bytes of a file that holds `tensors`; equal input gives equal bytes.
    public static func encode(
        _ tensors: [NamedTensor], metadata: [String: String] = ["format": "pt"]
    ) -> [UInt8] {
        let sorted = tensors.sorted { $0.name < $1.name }
        var members: [String: JSONValue] = [:]
        if !metadata.isEmpty {
            members["__metadata__"] = .object(metadata.mapValues { .string($0) })
        }
        var offset = 0
        for tensor in sorted {
            let end = offset + tensor.values.count * 4
            members[tensor.name] = [
                "dtype": "F32", "shape": .array(tensor.shape.map { .integer($0) }),
                "data_offsets": [.integer(offset), .integer(end)],
            ]
            offset = end
        }
        var header = CanonicalJSON.encode(.object(members))
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        var out: [UInt8] = []
        out.reserveCapacity(8 + header.count + offset)
        for shift in 0..<8 { out.append(UInt8(truncatingIfNeeded: header.count >> (8 * shift))) }
        out += header
        for tensor in sorted {
            #if _endian(little)
            unsafe tensor.values.withUnsafeBytes { unsafe out.append(contentsOf: $0) }
            #else
            for value in tensor.values {
                for shift in 0..<4 {
                    out.append(UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32(shift))))
                }
            }
            #endif
        }
        return out
    }
}
