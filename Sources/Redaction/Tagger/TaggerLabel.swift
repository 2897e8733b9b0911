/// What a token can be: outside, or the first or a later token of one of seven kinds of entity.
///
/// The raw value is the lane of the token's score in a row of weights (16 lanes, 15 used).
package enum TaggerLabel {
    /// The number of labels: O, then B and I of each kind.
    package static let count = 15
    /// The lanes of a row of weights: a power of two, so that one SIMD value holds a row.
    package static let lanes = 16
    /// The label of a token that belongs to no entity.
    package static let outside = 0

    /// The first token of an entity of `kind`.
    package static func begin(_ kind: TaggerKind) -> Int { 1 + 2 * Int(kind.rawValue) }
    /// A later token of an entity of `kind`.
    package static func inside(_ kind: TaggerKind) -> Int { 2 + 2 * Int(kind.rawValue) }
    /// The kind that `label` belongs to; nil for `outside`.
    package static func kind(_ label: Int) -> TaggerKind? {
        label == outside ? nil : TaggerKind(rawValue: UInt8((label - 1) / 2))
    }
    /// Whether `label` starts an entity.
    package static func isBegin(_ label: Int) -> Bool { label != outside && label % 2 == 1 }
    /// Whether `next` may follow `label`: an inside label needs its own kind before it.
    package static func mayFollow(_ label: Int, _ next: Int) -> Bool {
        if next == outside || next % 2 == 1 { return true }
        return label == next || label == next - 1
    }
}

/// The kinds of entity that are learned rather than scanned for.
package enum TaggerKind: UInt8, CaseIterable, Sendable {
    case person, location, address, organization, group, age, date

    /// The entity type that findings carry.
    package var entityType: EntityType {
        switch self {
        case .person: .person
        case .location: .location
        case .address: .streetAddress
        case .organization: .organization
        case .group: .nrp
        case .age: .age
        case .date: .dateTime
        }
    }

    /// The short name in training data and reports.
    package var code: String {
        switch self {
        case .person: "PER"
        case .location: "LOC"
        case .address: "ADR"
        case .organization: "ORG"
        case .group: "NRP"
        case .age: "AGE"
        case .date: "DATE"
        }
    }
}
