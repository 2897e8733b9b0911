/// The kinds of value in a GGUF file's metadata, with the numbers that the file has for them.
public enum GGUFType: UInt32, Sendable, CaseIterable {
    /// Unsigned, 1 byte.
    case uint8 = 0
    /// Signed, 1 byte.
    case int8
    /// Unsigned, 2 bytes.
    case uint16
    /// Signed, 2 bytes.
    case int16
    /// Unsigned, 4 bytes.
    case uint32
    /// Signed, 4 bytes.
    case int32
    /// IEEE 754 single.
    case float32
    /// One byte, 0 or 1.
    case bool
    /// Bytes, by convention UTF-8.
    case string
    /// Values of one kind.
    case array
    /// Unsigned, 8 bytes.
    case uint64
    /// Signed, 8 bytes.
    case int64
    /// IEEE 754 double.
    case float64

    /// The fewest bytes that a value takes in the file.
    var leastByteCount: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64, .string: 8
        case .array: 12
        }
    }
}

/// One value of a GGUF file's metadata.
public enum GGUFValue: Sendable, Hashable {
    /// A whole number of one of the eight integer kinds.
    case integer(Int, GGUFType)
    /// A `uint64` that is too large for `Int`.
    case large(UInt64)
    /// A single.
    case float32(Float)
    /// A double.
    case float64(Double)
    /// True or false.
    case bool(Bool)
    /// Bytes, by convention UTF-8. Texts of tokens need not be whole characters.
    case string([UInt8])
    /// Values of one kind.
    case array([GGUFValue], of: GGUFType)

    /// The usual kind for counts and ids.
    public static func uint32(_ value: UInt32) -> GGUFValue { .integer(Int(value), .uint32) }

    /// A text.
    public static func text(_ value: String) -> GGUFValue { .string(Array(value.utf8)) }

    /// A list of byte strings, e.g. `tokenizer.ggml.tokens`.
    public static func strings(_ values: [[UInt8]]) -> GGUFValue {
        .array(values.map { .string($0) }, of: .string)
    }

    /// A list of `int32`, e.g. `tokenizer.ggml.token_type`.
    public static func int32s(_ values: [Int32]) -> GGUFValue {
        .array(values.map { .integer(Int($0), .int32) }, of: .int32)
    }

    /// A list of singles, e.g. `tokenizer.ggml.scores`.
    public static func float32s(_ values: [Float]) -> GGUFValue {
        .array(values.map { .float32($0) }, of: .float32)
    }

    /// The kind of value.
    public var type: GGUFType {
        switch self {
        case .integer(_, let type): type
        case .large: .uint64
        case .float32: .float32
        case .float64: .float64
        case .bool: .bool
        case .string: .string
        case .array: .array
        }
    }

    /// A whole number of any kind that fits.
    public var intValue: Int? { if case .integer(let value, _) = self { value } else { nil } }

    /// A number of any kind, rounded to the nearest double.
    public var doubleValue: Double? {
        switch self {
        case .integer(let value, _): Double(value)
        case .large(let value): Double(value)
        case .float32(let value): Double(value)
        case .float64(let value): value
        case .bool, .string, .array: nil
        }
    }

    /// True or false.
    public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The bytes of a string.
    public var bytes: [UInt8]? { if case .string(let value) = self { value } else { nil } }

    /// A string that is UTF-8.
    public var stringValue: String? { bytes.flatMap { String(validating: $0, as: UTF8.self) } }

    /// The elements of an array.
    public var elements: [GGUFValue]? {
        if case .array(let values, _) = self { values } else { nil }
    }

    /// The strings of an array that holds nothing else.
    public var strings: [[UInt8]]? { all(\.bytes) }

    /// The whole numbers of an array that holds nothing else.
    public var integers: [Int]? { all(\.intValue) }

    /// The numbers of an array that holds nothing else.
    public var doubles: [Double]? { all(\.doubleValue) }

    /// A whole number; or the one that an array with a number for each layer repeats.
    var uniformInteger: Int? {
        guard let integers else { return intValue }
        return Set(integers).count == 1 ? integers[0] : nil
    }

    private func all<Element>(_ read: (GGUFValue) -> Element?) -> [Element]? {
        guard let elements else { return nil }
        var found: [Element] = []
        found.reserveCapacity(elements.count)
        for element in elements {
            guard let value = read(element) else { return nil }
            found.append(value)
        }
        return found
    }
}
