/// A GGUF file, version 2 or 3, little endian: metadata, descriptions of tensors, numbers.
///
/// Nothing in it is trusted: counts, lengths, shapes and offsets are checked before they are used,
/// and tensors may neither overlap nor lie outside
/// (format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
///
/// Tensors of the architectures `llama`, `qwen2` and `gpt2` go by Hugging Face's names, and come out
/// in its order of rows and its orientation; those of others keep the file's names.
public struct GGUFFile: TensorSource {
    /// The version of the format.
    public let version: Int
    /// Everything the file says in front of the tensors, by key.
    public let metadata: [String: GGUFValue]
    /// The names of the tensors, sorted.
    public let names: [String]
    let contents: FileBytes
    /// By the model's names; also what is no weight.
    let tensors: [String: GGUFTensor]

    /// The kind of model, e.g. `llama`; nil if the file does not say.
    public var architecture: String? { metadata["general.architecture"]?.stringValue }

    /// Reads a file that is in memory.
    public init(bytes: [UInt8]) throws(ModelFilesError) { try self.init(FileBytes(bytes)) }

    /// Maps the file at `path` into memory, read-only.
    public init(mapping path: String) throws(ModelFilesError) {
        try self.init(FileBytes(mapping: path))
    }

    init(_ contents: FileBytes) throws(ModelFilesError) {
        let header = try unsafe contents.withBytes(0..<contents.count) {
            bytes throws(ModelFilesError) in
            try unsafe GGUFHeader(bytes)
        }
        let mapping = GGUFNames(metadata: header.metadata)
        var tensors: [String: GGUFTensor] = [:]
        for (fileName, tensor) in header.tensors {
            let (name, layout) = try mapping.model(fileName, tensor.fileShape)
            var tensor = tensor
            tensor.layout = layout
            if layout != .rows(.stored), tensor.fileShape.count == 1, case .blocks = tensor.format {
                throw .gguf("gives the blocks of \(name) no rows")
            }
            guard tensors.updateValue(tensor, forKey: name) == nil else {
                throw .gguf("has the tensor \(name) twice")
            }
        }
        version = header.version
        metadata = header.metadata
        names = tensors.keys.filter { $0 != GGUFNames.rotaryFactors }.sorted()
        self.contents = contents
        self.tensors = tensors
    }

    /// The dimensions of the tensor `name`, outermost first; nil if there is none.
    public func shape(_ name: String) -> [Int]? { tensors[name]?.shape }

    /// SHA-256 of the whole file, 32 bytes.
    public func digest() -> [UInt8] { contents.digest() }

    /// The blocks of a quantised matrix; nil for plain numbers, and for GPT-2's weights, whose blocks
    /// run the other way.
    public func blocks(_ name: String) -> QuantizedBlocks? {
        guard let tensor = tensors[name], case .blocks(let format) = tensor.format,
            case .rows(let order) = tensor.layout, let columns = tensor.fileShape.last
        else { return nil }
        return QuantizedBlocks(
            format: format, rows: tensor.elementCount / columns, columns: columns,
            contents: contents, range: tensor.range, order: order)
    }
}

/// What stands in front of the numbers.
struct GGUFHeader {
    /// "GGUF", little endian.
    static let magic: UInt32 = 0x4655_4747

    var version = 0
    var metadata: [String: GGUFValue] = [:]
    /// By the file's names; ranges in the whole file.
    var tensors: [(name: String, tensor: GGUFTensor)] = []

    init(_ bytes: UnsafeRawBufferPointer) throws(ModelFilesError) {
        var reader = unsafe GGUFReader(bytes, offset: 0)
        guard try reader.read(UInt32.self, "its first four bytes") == Self.magic else {
            throw .gguf("does not begin with GGUF")
        }
        let version = try reader.read(UInt32.self, "its version")
        guard version == 2 || version == 3 else {
            let isSwapped = version.byteSwapped <= 3 && version != 0
            throw ModelFilesError(
                .unsupported,
                isSwapped
                    ? "the GGUF file is big endian" : "the GGUF file has the version \(version)",
                hint: "Little-endian files of the versions 2 and 3 are read.")
        }
        self.version = Int(version)
        // A description takes at least 8 + 1 + 4 + 8 + 4 + 8 bytes, a value 8 + 4 + 1.
        let tensorCount = try reader.count(of: 32, "the count of tensors")
        let valueCount = try reader.count(of: 13, "the count of metadata")
        for _ in 0..<valueCount {
            let key = try reader.name("a key")
            let type = try reader.type(key)
            guard metadata.updateValue(try reader.value(type, key), forKey: key) == nil else {
                throw .gguf("has the key \(key) twice")
            }
        }
        let alignment = try Self.alignment(metadata["general.alignment"])
        var names: Set<String> = []
        for _ in 0..<tensorCount {
            let (name, tensor) = try GGUFTensor.read(&reader, alignment: alignment)
            guard names.insert(name).inserted else { throw .gguf("has the tensor \(name) twice") }
            tensors.append((name, tensor))
        }
        let start = (reader.offset + alignment - 1) / alignment * alignment
        try place(from: start, fileSize: reader.byteCount)
    }

    private static func alignment(_ value: GGUFValue?) throws(ModelFilesError) -> Int {
        guard let value else { return 32 }
        guard let alignment = value.intValue, (1...1 << 20).contains(alignment),
            alignment & (alignment - 1) == 0
        else { throw .gguf("asks for an alignment that is no power of two") }
        return alignment
    }

    /// Moves the tensors to where they lie; they may neither overlap nor lie outside.
    private mutating func place(from start: Int, fileSize: Int) throws(ModelFilesError) {
        let space = fileSize - start
        for index in tensors.indices {
            guard tensors[index].tensor.range.upperBound <= space else {
                throw .gguf("ends before the numbers of \(tensors[index].name)")
            }
            tensors[index].tensor = tensors[index].tensor.moved(by: start)
        }
        var end = start
        for (name, tensor) in tensors.sorted(by: {
            $0.tensor.range.lowerBound < $1.tensor.range.lowerBound
        }) {
            guard tensor.range.lowerBound >= end else {
                throw .gguf("has tensors that overlap, \(name) among them")
            }
            end = tensor.range.upperBound
        }
    }
}
