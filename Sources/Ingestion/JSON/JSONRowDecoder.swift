internal import Records

/// Turns the text of one JSON value into the columns of a row.
struct JSONRowDecoder {
    private let json: StructuralJSON

    init(maximumDepth: Int) throws(IngestionError) {
        json = try StructuralJSON(maximumDepth: maximumDepth)
    }

    /// An object gives its members; an array its elements as `column1`, `column2`, …; a string
    /// stands alone as `column1`.
    func row(
        _ text: UnsafeBufferPointer<UInt8>
    ) throws(JSONFault) -> (fields: [String: JSONValue], members: [TypedMember]) {
        switch unsafe try json.parse(text) {
        case .object(let members): return (members, json.lastMembers)
        case .array(let elements) where !elements.isEmpty:
            let members = elements.enumerated().map { index, element in
                TypedMember(
                    name: "column\(index + 1)", value: element, type: Schema.type(of: element))
            }
            let fields = members.map { ($0.name, $0.value) }
            return (Dictionary(fields) { first, _ in first }, members)
        case .string(let value) where unsafe text.first == UInt8(ascii: "\""):
            let member = TypedMember(name: "column1", value: .string(value), type: .string)
            return (["column1": .string(value)], [member])
        default:
            throw JSONFault(.jsonNotARecord, "neither an object nor an array of columns")
        }
    }
}
