import Records

/// Writes safetensors files: tensors in the order of their names, header padded to 8 bytes.
public struct SafetensorsWriter: Sendable {
    /// How weights can be written.
    public enum Format: String, Sendable, CaseIterable {
        /// IEEE 754 single.
        case f32 = "F32"
        /// IEEE 754 half.
        case f16 = "F16"
        /// The upper half of a single.
        case bf16 = "BF16"

        var tensorFormat: GGUFTensorFormat {
            switch self {
            case .f32: .f32
            case .f16: .f16
            case .bf16: .bf16
            }
        }
    }

    private let header: [UInt8]
    private let tensors: [TensorPlacement]

    /// Bytes of the whole file.
    public let byteCount: Int

    /// A file that will hold `tensors`, whose names must differ.
    public init(
        _ tensors: [TensorOutline], format: Format = .f32,
        metadata: [String: String] = ["format": "pt"]
    ) {
        self.tensors = tensors.sorted { $0.name < $1.name }
            .map { TensorPlacement(outline: $0, format: format.tensorFormat) }
        var members: [String: JSONValue] = [:]
        if !metadata.isEmpty {
            members["__metadata__"] = .object(metadata.mapValues { .string($0) })
        }
        var offset = 0
        for tensor in self.tensors {
            let end = offset + tensor.byteCount
            members[tensor.outline.name] = [
                "dtype": .string(format.rawValue),
                "shape": .array(tensor.outline.shape.map { .integer($0) }),
                "data_offsets": [.integer(offset), .integer(end)],
            ]
            offset = end
        }
        var json = CanonicalJSON.encode(.object(members))
        while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
        header =
            (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json
        byteCount = header.count + offset
    }

    /// The file's bytes, with the numbers that `values` gives.
    public func pieces(values: @escaping TensorFilePieces.Values) -> TensorFilePieces {
        TensorFilePieces(header: header, tensors: tensors, values: values)
    }

    /// The bytes of a file that holds `tensors` as F32; equal input gives equal bytes.
    public static func encode(
        _ tensors: [NamedTensor], metadata: [String: String] = ["format": "pt"]
    ) -> [UInt8] {
        let writer = SafetensorsWriter(tensors.map(\.outline), metadata: metadata)
        var out = writer.header
        out.reserveCapacity(writer.byteCount)
        for tensor in tensors.sorted(by: { $0.name < $1.name }) {
            unsafe tensor.values.withUnsafeBytes { unsafe out.append(contentsOf: $0) }
        }
        return out
    }

    /// The bytes of a file that holds `tensors` in another format.
    ///
    /// - Throws: `unsupported` if a number is too large for the format.
    public static func encode(
        _ tensors: [NamedTensor], as format: Format, metadata: [String: String] = ["format": "pt"]
    ) throws(ModelFilesError) -> [UInt8] {
        let writer = SafetensorsWriter(
            tensors.map(\.outline), format: format, metadata: metadata)
        var pieces = writer.pieces(values: NamedTensor.values(of: tensors))
        return try pieces.rest(byteCount: writer.byteCount)
    }
}

extension NamedTensor {
    /// Hands out the numbers of `tensors` by name.
    static func values(of tensors: [NamedTensor]) -> TensorFilePieces.Values {
        let byName = Dictionary(tensors.map { ($0.name, $0.values) }) { first, _ in first }
        return { name, elements throws(ModelFilesError) in
            guard let values = byName[name] else { throw .missing(tensor: name) }
            return Array(values[elements])
        }
    }
}
