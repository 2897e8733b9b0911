internal import CSimdjson
internal import Records

/// RFC 8259 JSON through simdjson: strict, duplicate members refused, depth limited.
///
/// A number becomes a string with its source text; ``lastMembers`` says what the members of the last
/// object were.
@safe final class StructuralJSON {
    private let parser: OpaquePointer
    /// The members of the object that was parsed last, in its order.
    private(set) var lastMembers: [TypedMember] = []

    /// A parser for JSON nested at most `maximumDepth` deep.
    init(maximumDepth: Int) throws(IngestionError) {
        guard let parser = unsafe tnd_json_create(max(1, maximumDepth)) else {
            throw IngestionError(
                .badOption, "no memory for a JSON parser", hint: "close other programs")
        }
        unsafe self.parser = parser
    }

    deinit { unsafe tnd_json_destroy(parser) }

    /// The value that `text` holds.
    func parse(_ text: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> JSONValue {
        var nodes: UnsafePointer<tnd_json_node>?
        var count = 0
        var errorOffset = 0
        guard let base = text.baseAddress else { throw JSONFault(.jsonSyntax, "no value") }
        let result = unsafe tnd_json_parse(
            parser, base, text.count, &nodes, &count, &errorOffset)
        guard result == TND_JSON_OK, let nodes = unsafe nodes else {
            throw Self.fault(result, at: errorOffset, length: text.count)
        }
        lastMembers.removeAll(keepingCapacity: true)
        var walk = unsafe NodeWalk(
            nodes: UnsafeBufferPointer(start: nodes, count: count), text: text)
        if unsafe nodes[0].kind == UInt8(TND_JSON_OBJECT.rawValue) {
            return .object(try unsafe walk.members(listing: &lastMembers))
        }
        return try unsafe walk.value()
    }

    private static func fault(
        _ result: tnd_json_result, at offset: Int, length: Int
    ) -> JSONFault {
        let place = "byte \(offset) of the record"
        return switch result {
        case TND_JSON_TOO_DEEP: JSONFault(.jsonDepth, "nested deeper than the limit at \(place)")
        case TND_JSON_BAD_UTF8: JSONFault(.encodingInvalid, "bytes that are not UTF-8")
        case TND_JSON_UNCLOSED_STRING: JSONFault(.jsonTruncated, "a string is not closed")
        case TND_JSON_CONTROL_CHARACTER:
            JSONFault(.jsonSyntax, "a control character inside a string")
        case TND_JSON_EMPTY: JSONFault(.jsonSyntax, "no value")
        case TND_JSON_TOO_LONG: JSONFault(.tooLong, "longer than 2 GiB")
        case TND_JSON_NO_MEMORY: JSONFault(.tooLong, "no memory to parse it")
        default:
            offset >= length
                ? JSONFault(.jsonTruncated, "the value ends too early")
                : JSONFault(.jsonSyntax, "not JSON at \(place)")
        }
    }
}

/// A value of a row, under its name, with the type that its source gives it.
struct TypedMember {
    var name: String
    var value: JSONValue
    var type: Schema.ColumnType
}

/// Builds values out of the node list of one document.
@unsafe private struct NodeWalk {
    let nodes: UnsafeBufferPointer<tnd_json_node>
    let text: UnsafeBufferPointer<UInt8>
    var next = 0

    mutating func value() throws(JSONFault) -> JSONValue {
        let node = unsafe nodes[next]
        switch UInt32(node.kind) {
        case TND_JSON_NULL.rawValue:
            unsafe next += 1
            return .null
        case TND_JSON_FALSE.rawValue:
            unsafe next += 1
            return .bool(false)
        case TND_JSON_TRUE.rawValue:
            unsafe next += 1
            return .bool(true)
        case TND_JSON_ARRAY.rawValue:
            unsafe next += 1
            var elements: [JSONValue] = []
            elements.reserveCapacity(Int(node.count))
            for _ in 0..<node.count { elements.append(try unsafe value()) }
            return .array(elements)
        case TND_JSON_OBJECT.rawValue:
            return .object(try unsafe members())
        default:
            return .string(try unsafe string())
        }
    }

    mutating func members(
        listing list: inout [TypedMember]
    ) throws(JSONFault) -> [String: JSONValue] {
        let count = Int(unsafe nodes[next].count)
        unsafe next += 1
        var members = [String: JSONValue](minimumCapacity: count)
        for _ in 0..<count {
            let name = try unsafe string()
            let node = unsafe nodes[next]
            let value = try unsafe value()
            guard members.updateValue(value, forKey: name) == nil else {
                throw unsafe Self.repeated
            }
            list.append(TypedMember(name: name, value: value, type: unsafe type(of: node)))
        }
        return members
    }

    private mutating func members() throws(JSONFault) -> [String: JSONValue] {
        let count = Int(unsafe nodes[next].count)
        unsafe next += 1
        var members = [String: JSONValue](minimumCapacity: count)
        for _ in 0..<count {
            let name = try unsafe string()
            guard members.updateValue(try unsafe value(), forKey: name) == nil else {
                throw unsafe Self.repeated
            }
        }
        return members
    }

    private static var repeated: JSONFault {
        JSONFault(.jsonDuplicateMember, "an object names a member twice")
    }

    private func type(of node: tnd_json_node) -> Schema.ColumnType {
        switch UInt32(node.kind) {
        case TND_JSON_NULL.rawValue: return .null
        case TND_JSON_FALSE.rawValue, TND_JSON_TRUE.rawValue: return .boolean
        case TND_JSON_ARRAY.rawValue: return .array
        case TND_JSON_OBJECT.rawValue: return .object
        case TND_JSON_STRING.rawValue: return .string
        default:
            let literal = unsafe UnsafeBufferPointer(
                rebasing: text[Int(node.start)..<Int(node.start + node.length)])
            let isWhole = unsafe literal.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) }
            return isWhole && literal.count <= 18 ? .integer : .number
        }
    }

    /// The text of a string or a number.
    private mutating func string() throws(JSONFault) -> String {
        let node = unsafe nodes[next]
        unsafe next += 1
        let bytes = unsafe UnsafeBufferPointer(
            rebasing: text[Int(node.start)..<Int(node.start) + Int(node.length)])
        guard node.escaped == 1 else { return unsafe String(decoding: bytes, as: UTF8.self) }
        return try unsafe JSONEscapes.decode(bytes)
    }
}
