public import Records

/// Cuts the texts of records into passages that a person reads at one glance: the units that a
/// review samples.
public enum Passages {
    /// The longest passage in bytes; the next one begins at the white space before.
    public static let limit = 480

    /// One passage of a record.
    public struct Passage: Sendable, Hashable {
        /// The text's path in the record: `text`, `messages[0].content`.
        public var path: String
        /// The passage's bytes in that text.
        public var range: Range<Int>
    }

    /// All passages of a record in the order of their paths; blank ones are left out.
    public static func cut(
        _ record: Record, keeping keepFields: Set<String> = []
    ) -> [(passage: Passage, text: [UInt8])] {
        texts(of: record, keeping: keepFields).flatMap { path, text in
            cut(text).map { (Passage(path: path, range: $0), text) }
        }
    }

    /// All texts of a record with their paths, in the order of the paths' names.
    public static func texts(
        of record: Record, keeping keepFields: Set<String> = []
    ) -> [(path: String, text: [UInt8])] {
        var result: [(String, [UInt8])] = []
        func walk(_ value: JSONValue, _ path: String) {
            switch value {
            case .string(let text), .number(let text): result.append((path, Array(text.utf8)))
            case .array(let elements):
                for (index, element) in elements.enumerated() { walk(element, "\(path)[\(index)]") }
            case .object(let members):
                for name in members.keys.sorted() {
                    walk(members[name] ?? .null, "\(path).\(name)")
                }
            case .null, .bool: break
            }
        }
        for name in record.fields.keys.sorted() where !keepFields.contains(name) {
            walk(record.fields[name] ?? .null, name)
        }
        return result
    }

    /// The passages of one text.
    ///
    /// - Complexity: O(n).
    static func cut(_ text: [UInt8]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start = 0
        while start < text.count {
            var end = min(text.count, start + limit)
            if end < text.count {
                let floor = start + limit / 2
                if let space = text[floor..<end].lastIndex(where: \.isSpace) {
                    end = space + 1
                } else {
                    while end > start, text[end] & 0xC0 == 0x80 { end -= 1 }
                }
            }
            if text[start..<end].contains(where: { !$0.isSpace }) { result.append(start..<end) }
            start = end
        }
        return result
    }
}
