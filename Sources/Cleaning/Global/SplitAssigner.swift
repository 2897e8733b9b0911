public import Cryptography
public import Records

/// Assigns records to train, validation and test: a pure function of a key and of what the record
/// belongs to, so that a record that comes later joins its group, and no shard has to ask another.
///
/// point = first 64 bits of HMAC-SHA256(key, "split" ‖ 0x00 ‖ group id).
public struct SplitAssigner: Sendable {
    /// What goes where.
    public let rule: SplitRule
    private let key: SymmetricKey
    /// Parts of groups that were decided for the whole dataset, by their points.
    var assigned: [UInt64: Split] = [:]

    /// Makes an assigner; `key` is the dataset's seed.
    public init(rule: SplitRule, key: SymmetricKey) {
        self.rule = rule
        self.key = key
    }

    /// What the record belongs to: the representative of its subjects, else the declared field,
    /// else its rid; each in a name space of its own.
    public func groupID(of record: Record, groups: SubjectGroups? = nil) -> [UInt8] {
        switch rule.group {
        case .subject(let field):
            if let first = record.subjects.first {
                let subject = groups?.representative(of: first) ?? first
                return Array("subject\0".utf8) + subject.bytes
            }
            return field.flatMap { fieldID($0, record) } ?? Self.recordID(record)
        case .field(let field): return fieldID(field, record) ?? Self.recordID(record)
        case .record: return Self.recordID(record)
        }
    }

    /// The record's part. One that has a part already keeps it: a split is frozen.
    public func split(of record: Record, groups: SubjectGroups? = nil) -> Split {
        if let frozen = record.split { return frozen }
        let point = point(of: groupID(of: record, groups: groups))
        return assigned[point] ?? rule.fractions.split(of: point)
    }

    /// 64 evenly spread bits of a group.
    func point(of groupID: [UInt8]) -> UInt64 {
        let tag = HMACSHA256.authenticate(Array("split\0".utf8) + groupID, key: key)
        return tag[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func fieldID(_ field: String, _ record: Record) -> [UInt8]? {
        guard let value = record.fields[field], !MissingRule.isMissing(value) else { return nil }
        return Array("field\0\(field)\0".utf8) + CanonicalJSON.encode(value)
    }

    private static func recordID(_ record: Record) -> [UInt8] {
        Array("record\0".utf8) + record.rid.bytes
    }
}
