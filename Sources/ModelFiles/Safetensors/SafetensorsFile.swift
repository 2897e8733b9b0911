import Records

/// A safetensors file: 8 bytes of header length (little endian), a JSON header, the numbers.
///
/// The header is not trusted: its length, every offset, the product of every shape and the absence
/// of gaps and overlaps are checked before anything is read
/// (format: https://github.com/huggingface/safetensors, "Format").
public struct SafetensorsFile: TensorSource {
    /// Headers longer than this are refused, as the reference implementation does.
    public static let headerLimit = 100_000_000

    /// What the header says of the file itself, e.g. `format: pt`.
    public let metadata: [String: String]
    /// The names of the tensors, sorted.
    public let names: [String]
    let contents: FileBytes
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
        names = tensors.keys.sorted()
        self.contents = contents
        self.tensors = tensors
    }

    /// What the file says of the tensor `name`; nil if it has none.
    public func tensor(_ name: String) -> TensorDescriptor? { tensors[name] }

    /// The dimensions of the tensor `name`, outermost first; nil if it has none.
    public func shape(_ name: String) -> [Int]? { tensors[name]?.shape }

    /// SHA-256 of the whole file, 32 bytes.
    public func digest() -> [UInt8] { contents.digest() }

    /// Writes the numbers of the tensor `name`, row-major, into `target`, which they must fill.
    public func copyFloats(
        _ name: String, into target: UnsafeMutableBufferPointer<Float>
    ) throws(ModelFilesError) {
        guard let tensor = tensors[name] else { throw .missing(tensor: name) }
        guard tensor.elementCount == target.count else {
            throw .wrongSize(tensor: name, shape: tensor.shape, given: target.count)
        }
        let isKnown = unsafe contents.withBytes(tensor.range) {
            unsafe tensor.format.decode($0, into: target)
        }
        guard isKnown else {
            throw ModelFilesError(
                .unsupported, "tensor \(name) is stored as \(tensor.format.rawValue)",
                hint: "Convert the model to F32, F16 or BF16.")
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
