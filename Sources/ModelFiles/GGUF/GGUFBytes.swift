/// The fields in front of a GGUF file's numbers, little endian.
struct GGUFBytes {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// A string: its length, its bytes.
    mutating func append(_ string: [UInt8]) {
        append(UInt64(string.count))
        bytes += string
    }

    /// A value without its type.
    mutating func append(_ value: GGUFValue) {
        switch value {
        case .integer(let number, let type):
            switch type.leastByteCount {
            case 1: append(UInt8(truncatingIfNeeded: number))
            case 2: append(UInt16(truncatingIfNeeded: number))
            case 4: append(UInt32(truncatingIfNeeded: number))
            default: append(UInt64(truncatingIfNeeded: number))
            }
        case .large(let number): append(number)
        case .float32(let number): append(number.bitPattern)
        case .float64(let number): append(number.bitPattern)
        case .bool(let truth): append(UInt8(truth ? 1 : 0))
        case .string(let string): append(string)
        case .array(let values, let type):
            append(type.rawValue)
            append(UInt64(values.count))
            for value in values { append(value) }
        }
    }

    mutating func pad(to alignment: Int) {
        while bytes.count % alignment != 0 { bytes.append(0) }
    }
}
