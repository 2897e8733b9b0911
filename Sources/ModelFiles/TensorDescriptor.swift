import CBlocks

/// How the numbers of a tensor are stored (safetensors' names).
public enum NumberFormat: String, Sendable, CaseIterable {
    /// IEEE 754 double.
    case f64 = "F64"
    /// IEEE 754 single.
    case f32 = "F32"
    /// IEEE 754 half.
    case f16 = "F16"
    /// The upper half of a single.
    case bf16 = "BF16"
    /// Signed, 8 bytes.
    case i64 = "I64"
    /// Signed, 4 bytes.
    case i32 = "I32"
    /// Signed, 2 bytes.
    case i16 = "I16"
    /// Signed, 1 byte.
    case i8 = "I8"
    /// Unsigned, 1 byte.
    case u8 = "U8"
    /// One byte, 0 or 1.
    case bool = "BOOL"

    /// Bytes of one number.
    public var byteCount: Int {
        switch self {
        case .f64, .i64: 8
        case .f32, .i32: 4
        case .f16, .bf16, .i16: 2
        case .i8, .u8, .bool: 1
        }
    }

    /// Writes `target.count` numbers, decoded; false for a form that no weight has.
    func decode(
        _ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>
    ) -> Bool {
        guard let start = bytes.baseAddress, let out = target.baseAddress else { return true }
        func plain(_ format: Int32) {
            unsafe cb_decode(
                format, start.assumingMemoryBound(to: UInt8.self), out, target.count)
        }
        func each<Stored>(_: Stored.Type, _ convert: (Stored) -> Float) {
            for index in 0..<target.count {
                unsafe target[index] = convert(
                    start.loadUnaligned(
                        fromByteOffset: index * MemoryLayout<Stored>.stride, as: Stored.self))
            }
        }
        switch self {
        case .f32: plain(Int32(cb_f32))
        case .f16: plain(Int32(cb_f16))
        case .bf16: plain(Int32(cb_bf16))
        case .f64: each(UInt64.self) { Float(Double(bitPattern: $0)) }
        case .i64: each(Int64.self) { Float($0) }
        case .i32: each(Int32.self) { Float($0) }
        case .i16, .i8, .u8, .bool: return false
        }
        return true
    }
}

/// What a file says of one tensor.
public struct TensorDescriptor: Sendable, Hashable {
    /// How its numbers are stored.
    public let format: NumberFormat
    /// Its dimensions, outermost first; empty for a single number.
    public let shape: [Int]
    /// Where its bytes lie in the file.
    let range: Range<Int>

    /// Numbers in the tensor.
    public var elementCount: Int { shape.reduce(1, *) }
    /// Bytes in the file.
    public var byteCount: Int { range.count }
}

/// A tensor to be written: name and dimensions.
public struct TensorOutline: Sendable, Hashable {
    /// The name in the model.
    public let name: String
    /// Dimensions, outermost first.
    public let shape: [Int]

    /// A tensor that will be written.
    public init(name: String, shape: [Int]) {
        self.name = name
        self.shape = shape
    }

    /// Numbers in the tensor.
    public var elementCount: Int { shape.reduce(1, *) }
}

/// A tensor to be written: name, dimensions, numbers in row-major order.
public struct NamedTensor: Sendable, Hashable {
    /// The name in the file.
    public let name: String
    /// Dimensions, outermost first.
    public let shape: [Int]
    /// As many numbers as the dimensions multiply to.
    public let values: [Float]

    /// A tensor; the count of values must fit the shape.
    public init(name: String, shape: [Int], values: [Float]) {
        precondition(shape.reduce(1, *) == values.count, "\(name): values do not fill the shape")
        self.name = name
        self.shape = shape
        self.values = values
    }

    /// Name and dimensions alone.
    public var outline: TensorOutline { TensorOutline(name: name, shape: shape) }
}
