/// Writes GGUF files (version 3) of Llama, Qwen2 and GPT-2 models, by llama.cpp's conventions: its
/// names of tensors and keys, its order of rows, norms and biases as F32.
public struct GGUFWriter: Sendable {
    /// How the matrices are stored.
    public enum Format: String, Sendable, CaseIterable {
        /// IEEE 754 single.
        case f32 = "F32"
        /// IEEE 754 half.
        case f16 = "F16"
        /// Blocks of 32 signed bytes with one scale. A matrix whose rows are no whole blocks is
        /// stored as F16.
        case q8_0 = "Q8_0"

        /// llama.cpp's `general.file_type`.
        fileprivate var fileType: UInt32 {
            switch self {
            case .f32: 0
            case .f16: 1
            case .q8_0: 7
            }
        }
    }

    /// Where the numbers of each tensor begin: multiples of this.
    static let alignment = 32

    private let header: [UInt8]
    private let placements: [TensorPlacement]

    /// Bytes of the whole file.
    public let byteCount: Int

    /// A file that will hold `tensors`, which must be all of the configuration's
    /// (``DecoderConfig/tensors``).
    ///
    /// - Parameter metadata: `general.name` and the like, and the tokenizer's `tokenizer.ggml.*`.
    ///   A vocabulary that is smaller than the embedding is filled up with unused tokens.
    /// - Throws: `missing`, `shape` or `unsupported` for tensors that are not those.
    public init(
        config: DecoderConfig, tensors: [TensorOutline], format: Format,
        metadata: [String: GGUFValue] = [:]
    ) throws(ModelFilesError) {
        placements = try Self.placements(config, tensors, format)
        var values = metadata
        try Self.fillVocabulary(&values, config.vocabularySize)
        values.merge(config.ggufMetadata) { _, ours in ours }
        values["general.file_type"] = .uint32(format.fileType)
        values["general.quantization_version"] = .uint32(2)

        var out = GGUFBytes()
        out.append(GGUFHeader.magic)
        out.append(UInt32(3))
        out.append(UInt64(placements.count))
        out.append(UInt64(values.count))
        // Programs look for the architecture first.
        let first = "general.architecture"
        for key in [first] + values.keys.filter({ $0 != first }).sorted() {
            guard let value = values[key] else { continue }
            out.append(Array(key.utf8))
            out.append(value.type.rawValue)
            out.append(value)
        }
        let names = GGUFNames(config)
        var offset = 0
        for tensor in placements {
            let (name, shape) = (tensor.outline.name, tensor.outline.shape)
            out.append(Array((names.file(name) ?? name).utf8))
            out.append(UInt32(shape.count))
            for size in tensor.layout == .transposed ? shape : shape.reversed() {
                out.append(UInt64(size))
            }
            out.append(UInt32(tensor.format.number))
            out.append(UInt64(offset))
            offset += tensor.byteCount + tensor.padding
        }
        out.pad(to: Self.alignment)
        header = out.bytes
        byteCount = header.count + offset
    }

    /// The file's bytes, with the numbers that `values` gives by Hugging Face's names.
    public func pieces(values: @escaping TensorFilePieces.Values) -> TensorFilePieces {
        TensorFilePieces(header: header, tensors: placements, values: values)
    }

    /// The bytes of a file that holds `tensors`.
    public static func encode(
        config: DecoderConfig, tensors: [NamedTensor], format: Format,
        metadata: [String: GGUFValue] = [:]
    ) throws(ModelFilesError) -> [UInt8] {
        let writer = try GGUFWriter(
            config: config, tensors: tensors.map(\.outline), format: format, metadata: metadata)
        var pieces = writer.pieces(values: NamedTensor.values(of: tensors))
        return try pieces.rest(byteCount: writer.byteCount)
    }

    /// Format and place of each tensor, in the model's order.
    private static func placements(
        _ config: DecoderConfig, _ tensors: [TensorOutline], _ format: Format
    ) throws(ModelFilesError) -> [TensorPlacement] {
        let shapes = Dictionary(tensors.map { ($0.name, $0.shape) }) { first, _ in first }
        let wanted = config.tensors
        var extra = Set(shapes.keys).subtracting(wanted.map(\.name))
        // A tied output layer is the embedding, which is there already.
        if config.tiesEmbeddings { extra.remove("lm_head.weight") }
        if let name = extra.min() {
            throw ModelFilesError(
                .unsupported, "a \(config.family.rawValue) GGUF file has no place for \(name)",
                hint: "Write the model as safetensors.")
        }
        let names = GGUFNames(config)
        var placements: [TensorPlacement] = []
        for outline in wanted {
            guard let shape = shapes[outline.name] else { throw .missing(tensor: outline.name) }
            guard shape == outline.shape else {
                throw ModelFilesError(
                    .shape, "tensor \(outline.name) is \(shape), not \(outline.shape)",
                    hint: "Check that the weights belong to their config.json.")
            }
            let layout = try names.layout(outline.name, shape)
            let rowWidth = layout == .transposed ? shape[0] : shape[shape.count - 1]
            let isMatrix = shape.count == 2 && outline.name != "transformer.wpe.weight"
            let tensorFormat: GGUFTensorFormat =
                switch format {
                case _ where !isMatrix: .f32
                case .f32: .f32
                case .q8_0 where rowWidth % BlockFormat.q8_0.elementCount == 0: .blocks(.q8_0)
                case .f16, .q8_0: .f16
                }
            placements.append(
                TensorPlacement(outline: outline, format: tensorFormat, layout: layout))
        }
        if case .llama3? = config.rotaryScaling, let scaling = config.rotaryScaling {
            let factors = scaling.factors(base: config.rotaryBase, headWidth: config.headWidth)
            let outline = TensorOutline(name: GGUFNames.rotaryFactors, shape: [factors.count])
            placements.append(TensorPlacement(outline: outline, format: .f32, constant: factors))
        }
        for index in placements.indices {
            let rest = placements[index].byteCount % alignment
            placements[index].padding = rest == 0 ? 0 : alignment - rest
        }
        return placements
    }

    /// Every row of the embedding needs a token: those that have none are named, and marked as
    /// unused (type 5), as llama.cpp's converter does.
    private static func fillVocabulary(
        _ metadata: inout [String: GGUFValue], _ count: Int
    ) throws(ModelFilesError) {
        let prefix = "tokenizer.ggml."
        guard case .array(var tokens, .string)? = metadata[prefix + "tokens"] else { return }
        guard tokens.count <= count else {
            throw ModelFilesError(
                .shape, "the tokenizer has \(tokens.count) tokens, the embedding \(count) rows",
                hint: "Check that the tokenizer belongs to the model.")
        }
        let first = tokens.count
        for id in first..<count { tokens.append(.text("[PAD\(id)]")) }
        metadata[prefix + "tokens"] = .array(tokens, of: .string)
        for (key, filler) in [
            ("token_type", GGUFValue.integer(5, .int32)), ("scores", .float32(-10_000)),
        ] {
            guard case .array(var values, let type)? = metadata[prefix + key],
                values.count == first
            else { continue }
            values += repeatElement(filler, count: count - first)
            metadata[prefix + key] = .array(values, of: type)
        }
    }
}
