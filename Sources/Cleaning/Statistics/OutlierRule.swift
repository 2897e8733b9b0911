internal import Records

/// Which records are far from the others, by length and by how likely their characters are.
public struct OutlierRule: Sendable, Hashable {
    /// What is done about one.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// It gets the field `outlier`: `length`, `unlikely`, or both.
        case flag
        /// It is dropped, unless it is of validation or test and has been since before.
        case drop
    }

    /// The fields looked at; nil: the standard fields of the kind but the label.
    public let fields: [String]?
    /// How many robust standard deviations from the median of the logarithms a length may be.
    public let length: Double
    /// How many robust standard deviations above the median the bits per character may be.
    public let unlikely: Double
    /// What is done about one.
    public let action: Action

    /// Makes a rule.
    public init(
        fields: [String]? = nil, length: Double = 5, unlikely: Double = 5, action: Action = .flag
    ) {
        self.fields = fields
        self.length = length
        self.unlikely = unlikely
        self.action = action
    }

    /// The parameters as a recipe writes them.
    var json: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "length": .double(length), "unlikely": .double(unlikely),
            "action": .string(action.rawValue),
        ]
        if let fields { members["fields"] = .array(fields.sorted().map { .string($0) }) }
        return members
    }

    /// The bytes looked at.
    func text(of record: Record) -> [UInt8] {
        var bytes: [UInt8] = []
        for name in fields ?? record.kind.standardFields where fields != nil || name != "label" {
            guard let value = record.fields[name] else { continue }
            RecordText.append(value, to: &bytes)
            bytes.append(0x0A)
        }
        if !bytes.isEmpty { bytes.removeLast() }
        return bytes
    }
}

/// The strings of a value at any depth, other than the roles of chat turns, parted by line ends.
enum RecordText {
    static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
        switch value {
        case .string(let text): bytes.append(contentsOf: text.utf8)
        case .array(let elements):
            for element in elements {
                append(element, to: &bytes)
                bytes.append(0x0A)
            }
        case .object(let members):
            for name in members.keys.sorted() where name != "role" {
                guard let member = members[name] else { continue }
                append(member, to: &bytes)
                bytes.append(0x0A)
            }
        case .null, .bool, .number: break
        }
    }
}
