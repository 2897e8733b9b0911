/// Writes many records of one shape as canonical bytes, and keeps their schema on the way.
///
/// What ``Record/canonicalBytes()`` and ``Schema/observe(_:)`` give, without sorting the names of
/// the columns for every record: the order of the last record's columns is remembered, and holds
/// for the next one as long as it has the same columns. One thread at a time.
public struct RecordEncoder: Sendable {
    /// The types of all columns that were seen.
    public var schema: Schema {
        var schema = past
        for (index, name) in names.enumerated() {
            guard let type = types[index] else { continue }
            schema.columns[name] = schema.columns[name]?.united(with: type) ?? type
        }
        return schema
    }

    /// The columns of the shape at hand, in canonical order.
    private var names: [String] = []
    /// `"name":` of each.
    private var heads: [[UInt8]] = []
    private var types: [Schema.ColumnType?] = []
    /// Where each column stands when the dictionary is walked; a copy of a dictionary keeps this.
    private var walk: [(name: String, place: Int)] = []
    private var values: [JSONValue] = []
    private var isASCII = true
    private var past = Schema()
    private var lastByteCount = 256

    /// Nothing seen.
    public init() {}

    /// JCS of `{fields, kind, split, subjects}`.
    public mutating func encode(_ record: Record) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(lastByteCount + lastByteCount / 4)
        out.append(contentsOf: "{\"fields\":".utf8)
        append(record.fields, to: &out)
        out.append(contentsOf: ",\"kind\":\"".utf8)
        out.append(contentsOf: record.kind.rawValue.utf8)
        out.append(contentsOf: "\",\"split\":".utf8)
        if let split = record.split {
            CanonicalJSON.append(split.rawValue, to: &out)
        } else {
            out.append(contentsOf: "null".utf8)
        }
        out.append(contentsOf: ",\"subjects\":[".utf8)
        for (index, subject) in record.subjects.enumerated() {
            out.append(contentsOf: (index > 0 ? ",\"" : "\"").utf8)
            Hex.append(subject.bytes, to: &out)
            out.append(UInt8(ascii: "\""))
        }
        out.append(contentsOf: "]}".utf8)
        lastByteCount = min(out.count, 1 << 16)
        return out
    }

    private mutating func append(_ fields: [String: JSONValue], to out: inout [UInt8]) {
        if !arrange(fields) { learn(fields) }
        for (index, value) in values.enumerated() {
            out.append(UInt8(ascii: index == 0 ? "{" : ","))
            out.append(contentsOf: heads[index])
            CanonicalJSON.append(value, to: &out)
            let type = Schema.type(of: value)
            if types[index] != type { types[index] = types[index]?.united(with: type) ?? type }
        }
        out.append(contentsOf: (values.isEmpty ? "{}" : "}").utf8)
    }

    /// Puts the values in order; false if the columns are others.
    private mutating func arrange(_ fields: [String: JSONValue]) -> Bool {
        guard fields.count == names.count else { return false }
        var step = 0
        for (name, value) in fields {
            guard isSame(walk[step].name, name) else { break }
            values[walk[step].place] = value
            step += 1
        }
        if step == names.count { return true }
        // The same columns in another dictionary's order.
        for (index, name) in names.enumerated() {
            guard let place = fields.index(forKey: name), isSame(name, fields[place].key) else {
                return false
            }
            values[index] = fields[place].value
        }
        return true
    }

    /// Whether two names have the same bytes. `==` takes canonically equivalent ones for equal; of
    /// these, one that is all ASCII is the shortest.
    private func isSame(_ known: String, _ name: String) -> Bool {
        known == name && known.utf8.count == name.utf8.count
            && (isASCII || known.utf8.elementsEqual(name.utf8))
    }

    private mutating func learn(_ fields: [String: JSONValue]) {
        past = schema
        names = fields.keys.sorted(by: CanonicalJSON.precedes)
        isASCII = names.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
        heads = names.map { name in
            var head: [UInt8] = []
            CanonicalJSON.append(name, to: &head)
            return head + [UInt8(ascii: ":")]
        }
        types = [Schema.ColumnType?](repeating: nil, count: names.count)
        let places = Dictionary(
            names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        walk = fields.keys.map { ($0, places[$0] ?? 0) }
        values = names.map { fields[$0] ?? .null }
    }
}
