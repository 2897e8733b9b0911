import Records

/// A safetensors file: 8 bytes of header length (little endian), a JSON header, the numbers.
///
/// The header is not trusted: its length, every offset, the product of every shape and the absence
/// of gaps and overlaps are checked before anything is read
/// (format: https://github.com/huggingface/safetensors, "Format").
public struct SafetensorsFile: Sendable {
    /// Headers longer than this are refused, as the reference implementation does.
    public static let headerLimit = 100_000_000

    /// What the header says of the file itself, e.g. `format: pt`.
    public let metadata: [String: String]
    private let contents: FileBytes
    private let tensors: [String: TensorDescriptor]

    /// Reads a file that is in memory.
    public init(bytes: [UInt8]) throws(ModelFilesError) { try self.init(FileBytes(bytes)) }

    /// Maps the file at `path` into memory, read-only.
    public init(mapping path: String) throws(ModelFilesError) {
        try self.init(FileBytes(mapping: path))
    }

    init(_ contents: FileBytes) throws(ModelFilesError) {
        guard contents.count >= 8 else { throw Self.malformed("is shorter than its length field") }
        var length: UInt64 = 0
        for (index, byte) in contents.bytes(0..<8).enumerated() {
            length |= UInt64(byte) << (8 * UInt64(index))
        }
        guard length <= UInt64(Self.headerLimit), Int(length) <= contents.count - 8 else {
            throw Self.malformed("says that its header has \(length) bytes, which it cannot")
        }
        let start = 8 + Int(length)
        let header: JSONValue
        do {
            header = try JSONParser.parse(contents.bytes(8..<start))
        } catch {
            throw Self.malformed("has a header that is not JSON: \(error)")
        }
        guard case .object(let members) = header else {
            throw Self.malformed("has a header that is not an object")
        }
        var metadata: [String: String] = [:]
        var tensors: [String: TensorDescriptor] = [:]
        for (name, value) in members {
            if name == "__metadata__" {
                for (key, text) in value.objectValue ?? [:] { metadata[key] = text.stringValue }
            } else {
                tensors[name] = try Self.descriptor(
                    name, value, start: start, dataCount: contents.count - start)
            }
        }
        var end = start
        for tensor in tensors.values.sorted(by: {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }) {
            guard tensor.range.lowerBound == end else {
                throw Self.malformed("has tensors that overlap or leave gaps")
            }
            end = tensor.range.upperBound
        }
        guard end == contents.count else {
            throw Self.malformed("has \(contents.count - end) bytes that belong to no tensor")
        }
        self.metadata = metadata
        self.contents = contents
        self.tensors = tensors
    }

    /// The names of the tensors, sorted.
    public var names: [String] { tensors.keys.sorted() }

    /// What the file says of the tensor `name`; nil if it has none.
    public func tensor(_ name: String) -> TensorDescriptor? { tensors[name] }

    /// SHA-256 of the whole file, 32 bytes.
    public func digest() -> [UInt8] { contents.digest() }

    /// The numbers of the tensor `name`, row-major, as floats.
    public func floats(_ name: String) throws(ModelFilesError) -> [Float] {
        guard let tensor = tensors[name] else {
            throw ModelFilesError(
                .missing, "the model has no tensor \(name)",
                hint: "Check that the file belongs to its config.json.")
        }
        guard
            let values = unsafe contents.withBytes(
                tensor.range, { bytes in unsafe Self.decode(bytes, tensor) })
        else {
            throw ModelFilesError(
                .unsupported, "tensor \(name) is stored as \(tensor.format.rawValue)",
                hint: "Convert the model to F32, F16 or BF16.")
        }
        return values
    }

    private static func decode(
        _ bytes: UnsafeRawBufferPointer, _ tensor: TensorDescriptor
    ) -> [Float]? {
        let count = tensor.elementCount
        func each<Stored>(_: Stored.Type, _ convert: (Stored) -> Float) -> [Float] {
            let size = MemoryLayout<Stored>.stride
            return unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
                for index in 0..<count {
                    unsafe buffer[index] = convert(
                        bytes.loadUnaligned(fromByteOffset: index * size, as: Stored.self))
                }
                filled = count
            }
        }
        #if _endian(little)
        if tensor.format == .f32 {
            return unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
                unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
                filled = count
            }
        }
        #endif
        return switch tensor.format {
        case .f32: each(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
        case .f64: each(UInt64.self) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
        case .f16: each(UInt16.self) { HalfPrecision.float(UInt16(littleEndian: $0)) }
        case .bf16: each(UInt16.self) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
        case .i64: each(Int64.self) { Float(Int64(littleEndian: $0)) }
        case .i32: each(Int32.self) { Float(Int32(littleEndian: $0)) }
        case .i16, .i8, .u8, .bool: nil
        }
    }

    private static func descriptor(
        _ name: String, _ value: JSONValue, start: Int, dataCount: Int
    ) throws(ModelFilesError) -> TensorDescriptor {
        guard let format = value["dtype"]?.stringValue else {
            throw malformed("gives no dtype for \(name)")
        }
        guard let format = NumberFormat(rawValue: format) else {
            throw ModelFilesError(
                .unsupported, "tensor \(name) has the unknown dtype \(format)",
                hint: "Convert the model to F32, F16 or BF16.")
        }
        guard let dimensions = value["shape"]?.arrayValue,
            let offsets = value["data_offsets"]?.arrayValue, offsets.count == 2,
            let lower = offsets[0].intValue, let upper = offsets[1].intValue,
            lower >= 0, lower <= upper, upper <= dataCount
        else {
            throw malformed("gives no shape or no offsets inside the file for \(name)")
        }
        var shape: [Int] = []
        var byteCount = format.byteCount
        for dimension in dimensions {
            guard let size = dimension.intValue, size >= 0 else {
                throw malformed("gives a shape that is not whole numbers for \(name)")
            }
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
            guard !overflow else { throw malformed("gives an impossible shape for \(name)") }
            byteCount = product
            shape.append(size)
        }
        guard byteCount == upper - lower else {
            throw malformed(
                "gives \(upper - lower) bytes to \(name), whose shape needs \(byteCount)")
        }
        return TensorDescriptor(format: format, shape: shape, range: start + lower..<start + upper)
    }

    private static func malformed(_ what: String) -> ModelFilesError {
        ModelFilesError(
            .malformed, "the safetensors file \(what)",
            hint: "It may be cut short or altered: fetch it again and compare its SHA-256.")
    }
}
