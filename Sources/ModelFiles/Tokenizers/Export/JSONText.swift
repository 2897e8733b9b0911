import Records

/// JSON written member by member: vocabularies must not go through `Dictionary<String, …>`, to which
/// canonically equivalent names are one.
enum JSONText {
    static func quoted(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        CanonicalJSON.append(String(decoding: text, as: UTF8.self), to: &result)
        return result
    }

    static func quoted(_ text: String) -> [UInt8] { quoted(Array(text.utf8)) }

    /// `{"name":value,…}`, the values JSON already.
    static func object(_ members: [(name: [UInt8], value: [UInt8])]) -> [UInt8] {
        list(members.map { quoted($0.name) + [UInt8(ascii: ":")] + $0.value }, "{", "}")
    }

    /// The same with names that are known.
    static func object(_ members: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
        object(members.map { (Array($0.key.utf8), $0.value) })
    }

    static func array(_ elements: [[UInt8]]) -> [UInt8] { list(elements, "[", "]") }

    static func number(_ value: some BinaryInteger) -> [UInt8] { Array(String(value).utf8) }

    static func truth(_ value: Bool) -> [UInt8] { Array((value ? "true" : "false").utf8) }

    static let null = Array("null".utf8)

    private static func list(
        _ elements: [[UInt8]], _ open: Unicode.Scalar, _ close: Unicode.Scalar
    ) -> [UInt8] {
        var result = [UInt8(ascii: open)]
        result.reserveCapacity(elements.reduce(2) { $0 + $1.count + 1 })
        for (index, element) in elements.enumerated() {
            if index > 0 { result.append(UInt8(ascii: ",")) }
            result.append(contentsOf: element)
        }
        result.append(UInt8(ascii: close))
        return result
    }
}
