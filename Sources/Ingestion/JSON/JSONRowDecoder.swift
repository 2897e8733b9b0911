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
    ) throws(JSONFault) -> (fields: [String: JSONValue], types: [String: Schema.ColumnType]) {
        switch unsafe try json.parse(text) {
        case .object(let members): return (members, json.lastTypes)
        case .array(let elements) where !elements.isEmpty:
            var fields: [String: JSONValue] = [:]
            for (index, element) in elements.enumerated() {
                fields["column\(index + 1)"] = element
            }
            return (fields, fields.mapValues(Schema.type(of:)))
        case .string(let value) where unsafe text.first == UInt8(ascii: "\""):
            return (["column1": .string(value)], ["column1": .string])
        default:
            throw JSONFault(.jsonNotARecord, "neither an object nor an array of columns")
        }
    }
}
