/// Reads the fields in front of a GGUF file's numbers, one after the other.
///
/// Every length is checked against what is left of the file before memory is set aside for it, so a
/// file can ask for little more memory than it has bytes.
@safe struct GGUFReader {
    /// Keys and tensor names longer than this are refused (the format's own limit for keys).
    static let nameLimit = 65_535
    /// Elements in all arrays of the metadata together.
    static let elementLimit = 1 << 24
    /// Arrays inside arrays.
    static let depthLimit = 4

    private let bytes: UnsafeRawBufferPointer
    private(set) var offset: Int
    private var elementCount = 0

    init(_ bytes: UnsafeRawBufferPointer, offset: Int) {
        unsafe self.bytes = unsafe bytes
        self.offset = offset
    }

    /// Bytes of the file.
    var byteCount: Int { unsafe bytes.count }
    /// Bytes that are left.
    var rest: Int { byteCount - offset }

    /// The next fixed-size value, little endian.
    mutating func read<Value: FixedWidthInteger>(
        _: Value.Type, _ what: @autoclosure () -> String
    ) throws(ModelFilesError) -> Value {
        let size = MemoryLayout<Value>.size
        guard size <= rest else { throw .gguf("ends in the middle of \(what())") }
        let value = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Value.self)
        offset += size
        return Value(littleEndian: value)
    }

    /// A count of things that take at least `least` bytes each.
    mutating func count(
        of least: Int, _ what: @autoclosure () -> String
    ) throws(ModelFilesError) -> Int {
        let value = try read(UInt64.self, what())
        guard value <= UInt64(rest / least) else {
            throw .gguf("says \(value) for \(what()), more than it has bytes for")
        }
        return Int(value)
    }

    /// A string: its length, its bytes.
    mutating func string(
        limit: Int = .max, _ what: @autoclosure () -> String
    ) throws(ModelFilesError) -> [UInt8] {
        let length = try count(of: 1, "the length of \(what())")
        guard length <= limit else { throw .gguf("has \(length) bytes for \(what())") }
        let start = offset
        offset += length
        return unsafe Array(bytes[start..<offset])
    }

    /// A key or a tensor's name: UTF-8 of limited length.
    mutating func name(_ what: @autoclosure () -> String) throws(ModelFilesError) -> String {
        let bytes = try string(limit: Self.nameLimit, what())
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw .gguf("has \(what()) that is not UTF-8")
        }
        return name
    }

    /// The kind of a value.
    mutating func type(_ key: String) throws(ModelFilesError) -> GGUFType {
        let number = try read(UInt32.self, "the type of \(key)")
        guard let type = GGUFType(rawValue: number) else {
            throw .gguf("gives \(key) the unknown type \(number)")
        }
        return type
    }

    /// A value of the kind `type`.
    mutating func value(
        _ type: GGUFType, _ key: String, depth: Int = 0
    ) throws(ModelFilesError) -> GGUFValue {
        switch type {
        case .uint8: return .integer(Int(try read(UInt8.self, key)), type)
        case .int8: return .integer(Int(try read(Int8.self, key)), type)
        case .uint16: return .integer(Int(try read(UInt16.self, key)), type)
        case .int16: return .integer(Int(try read(Int16.self, key)), type)
        case .uint32: return .integer(Int(try read(UInt32.self, key)), type)
        case .int32: return .integer(Int(try read(Int32.self, key)), type)
        case .int64: return .integer(Int(try read(Int64.self, key)), type)
        case .uint64:
            let value = try read(UInt64.self, key)
            return Int(exactly: value).map { .integer($0, type) } ?? .large(value)
        case .float32: return .float32(Float(bitPattern: try read(UInt32.self, key)))
        case .float64: return .float64(Double(bitPattern: try read(UInt64.self, key)))
        case .bool:
            let value = try read(UInt8.self, key)
            guard value <= 1 else { throw .gguf("gives \(key) the truth value \(value)") }
            return .bool(value == 1)
        case .string: return .string(try string(key))
        case .array: return try array(key, depth: depth + 1)
        }
    }

    private mutating func array(
        _ key: String, depth: Int
    ) throws(ModelFilesError) -> GGUFValue {
        guard depth <= Self.depthLimit else { throw .gguf("nests arrays too deeply in \(key)") }
        let element = try type(key)
        let count = try count(of: element.leastByteCount, "the length of \(key)")
        elementCount += count
        guard elementCount <= Self.elementLimit else {
            throw .gguf("has more than \(Self.elementLimit) elements in the arrays up to \(key)")
        }
        var values: [GGUFValue] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try value(element, key, depth: depth)) }
        return .array(values, of: element)
    }
}

extension ModelFilesError {
    /// A GGUF file that does not have the form it should have.
    static func gguf(_ what: String) -> ModelFilesError {
        ModelFilesError(
            .malformed, "the GGUF file \(what)",
            hint: "It may be cut short or altered: fetch it again and compare its SHA-256.")
    }
}
