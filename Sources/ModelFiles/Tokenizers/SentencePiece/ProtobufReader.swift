/// Reads the fields of a Protocol Buffers message one after the other
/// (https://protobuf.dev/programming-guides/encoding/). Lengths are checked before they are used;
/// groups, which are long out of use, are refused.
struct ProtobufReader {
    struct Field {
        let number: Int
        fileprivate let value: Value

        /// The value of a whole number, a flag or an enumeration.
        func integer() throws(TokenizerError) -> Int {
            guard case .integer(let value) = value, let number = Int(exactly: value) else {
                throw ProtobufReader.damaged("field \(number)")
            }
            return number
        }

        func float() throws(TokenizerError) -> Float {
            guard case .word(let bits) = value else {
                throw ProtobufReader.damaged("field \(number)")
            }
            return Float(bitPattern: bits)
        }

        /// The bytes of a string or an embedded message.
        func message() throws(TokenizerError) -> ArraySlice<UInt8> {
            guard case .bytes(let bytes) = value else {
                throw ProtobufReader.damaged("field \(number)")
            }
            return bytes
        }
    }

    fileprivate enum Value {
        case integer(UInt64)
        case word(UInt32)
        case double(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    static func damaged(_ what: String) -> TokenizerError {
        TokenizerError(
            .malformed, "tokenizer.model: \(what) is not what it must be",
            hint: "fetch the file again; it is damaged or no SentencePiece model")
    }

    /// The next field, nil at the end.
    mutating func next() throws(TokenizerError) -> Field? {
        guard position < bytes.endIndex else { return nil }
        let tag = try varint()
        guard let number = Int(exactly: tag >> 3), number > 0 else {
            throw Self.damaged("a field's number")
        }
        let value: Value
        switch tag & 7 {
        case 0: value = .integer(try varint())
        case 1: value = .double(try fixed(8))
        case 2:
            let length = try varint()
            guard length <= UInt64(bytes.endIndex - position) else {
                throw Self.damaged("a field's length")
            }
            let end = position + Int(length)
            value = .bytes(bytes[position..<end])
            position = end
        case 5: value = .word(UInt32(try fixed(4)))
        default: throw Self.damaged("a field's wire type")
        }
        return Field(number: number, value: value)
    }

    /// Seven bits a byte, the lowest first, at most ten bytes.
    private mutating func varint() throws(TokenizerError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            guard position < bytes.endIndex else { throw Self.damaged("its end") }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        throw Self.damaged("a whole number")
    }

    private mutating func fixed(_ count: Int) throws(TokenizerError) -> UInt64 {
        guard bytes.endIndex - position >= count else { throw Self.damaged("its end") }
        defer { position += count }
        return (0..<count).reduce(0) { $0 | UInt64(bytes[position + $1]) << UInt64(8 * $1) }
    }
}
