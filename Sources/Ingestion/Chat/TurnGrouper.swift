internal import Records

/// Gathers turns that stand in rows of their own to conversations.
///
/// Turns of several conversations may alternate. What is open is limited in weight: past the limit
/// the conversations that were touched longest ago are taken for complete, and a turn that comes
/// for one of them later is refused.
final class TurnGrouper {
    /// A conversation with all its turns.
    struct Conversation {
        var fields: [String: JSONValue]
        var turns: [JSONValue]
        var subjects: [String]
        var key: String?
        var span: SourceSpan
    }

    /// A row of a conversation.
    struct Row {
        var fields: [String: JSONValue]
        var subjects: [String]
        var key: String?
        var span: SourceSpan
    }

    private struct Open {
        var rows: [Row]
        var weight: UInt64
        var lastTouch: UInt64
    }

    private let mapping: ChatMapping
    private let limit: UInt64
    private var open: [String: Open] = [:]
    private var order: [String] = []
    private var weight: UInt64 = 0
    private var touch: UInt64 = 0
    /// Hashes of the ids of complete conversations.
    private var complete: Set<UInt64> = []

    init(_ mapping: ChatMapping, limit: UInt64 = 64 << 20) {
        self.mapping = mapping
        self.limit = limit
    }

    /// Takes one row; gives the conversations that had to be taken for complete.
    func add(_ row: Row) throws(JSONFault) -> [Conversation] {
        guard let column = mapping.columns["conversation"],
            let id = row.fields[column]?.stringValue, !id.isEmpty
        else { throw JSONFault(.missingField, "the conversation's id is absent or blank") }
        for part in ["role", "text"] {
            guard let column = mapping.columns[part], row.fields[column]?.stringValue != nil else {
                throw JSONFault(.missingField, "the turn's \(part) is absent")
            }
        }
        guard !complete.contains(Self.hash(id)) else {
            throw JSONFault(.chatScattered, "the conversation it belongs to was complete before")
        }
        // A row in memory weighs more than its text.
        let size = row.span.length + 256
        touch += 1
        weight += size
        if open[id] == nil {
            order.append(id)
            open[id] = Open(rows: [], weight: 0, lastTouch: 0)
        }
        open[id]?.rows.append(row)
        open[id]?.weight += size
        open[id]?.lastTouch = touch
        return weight > limit ? shrink() : []
    }

    /// What is open, in the order of the first turns.
    func close() -> [Conversation] {
        let all = order.compactMap { open[$0] }.map { conversation($0.rows) }
        (open, order, weight) = ([:], [], 0)
        return all
    }

    private func shrink() -> [Conversation] {
        let oldest = order.sorted { (open[$0]?.lastTouch ?? 0) < (open[$1]?.lastTouch ?? 0) }
        var gone: Set<String> = []
        for id in oldest where weight > limit / 2 && gone.count + 1 < oldest.count {
            weight -= open[id]?.weight ?? 0
            gone.insert(id)
            complete.insert(Self.hash(id))
        }
        let done = order.filter(gone.contains).compactMap { open[$0] }.map { conversation($0.rows) }
        order.removeAll(where: gone.contains)
        for id in gone { open[id] = nil }
        return done
    }

    private func conversation(_ rows: [Row]) -> Conversation {
        let sorted = inOrder(rows)
        let own = Set(["role", "text"].compactMap { mapping.columns[$0] })
        var fields: [String: JSONValue] = [:]
        for name in Set(sorted.flatMap(\.fields.keys)).subtracting(own) {
            let values = sorted.map { $0.fields[name] ?? .null }
            // A column that is the same for all turns is the conversation's.
            fields[name] = Set(values).count == 1 ? values[0] : .array(values)
        }
        let turns = sorted.map { row -> JSONValue in
            [
                "role": mapping.columns["role"].flatMap { row.fields[$0] } ?? .null,
                "content": mapping.columns["text"].flatMap { row.fields[$0] } ?? .null,
            ]
        }
        let start = rows.map(\.span.offset).min() ?? 0
        let end = rows.map { $0.span.offset + $0.span.length }.max() ?? 0
        var subjects: [String] = []
        for subject in rows.flatMap(\.subjects) where !subjects.contains(subject) {
            subjects.append(subject)
        }
        return Conversation(
            fields: fields, turns: turns, subjects: subjects, key: rows.first?.key,
            span: SourceSpan(offset: start, length: end - start))
    }

    /// By the order column where all its values are numbers, or texts of one length (times);
    /// else as they came.
    private func inOrder(_ rows: [Row]) -> [Row] {
        guard let column = mapping.columns["order"] else { return rows }
        let texts = rows.compactMap { $0.fields[column]?.stringValue }
        guard texts.count == rows.count else { return rows }
        let numbers = texts.compactMap { Double($0) }
        let places: [Int]
        if numbers.count == texts.count {
            places = rows.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
        } else if Set(texts.map(\.utf8.count)).count == 1, texts.allSatisfy(Self.isTime) {
            places = rows.indices.sorted { (texts[$0], $0) < (texts[$1], $1) }
        } else {
            return rows
        }
        return places.map { rows[$0] }
    }

    /// Whether it begins like `2024-05-01` (ISO 8601): only such times sort as texts do.
    private static func isTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8.prefix(10))
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return false }
        return [0, 1, 2, 3, 5, 6, 8, 9].allSatisfy { (0x30...0x39).contains(bytes[$0]) }
    }

    /// FNV-1a, 64 bits (draft-eastlake-fnv).
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
