/// A value that was found in one record of a person, to be looked for in the others.
public struct KnownName: Sendable, Hashable {
    /// What it is.
    public let type: EntityType
    /// As it was written, UTF-8.
    public let value: [UInt8]
    let score: Float
    let detector: String
    let validation: Validation

    init(_ finding: Finding, in text: [UInt8]) {
        type = finding.type
        value = Array(text[finding.range])
        score = finding.score
        detector = finding.detector
        validation = finding.validation
    }

    /// A fixed order, so that a record's result does not depend on how a set was filled.
    static func precedes(_ a: KnownName, _ b: KnownName) -> Bool {
        if a.value != b.value { return a.value.lexicographicallyPrecedes(b.value) }
        if a.type != b.type { return a.type < b.type }
        if a.score != b.score { return a.score > b.score }
        if a.detector != b.detector { return a.detector < b.detector }
        return a.validation.rawValue < b.validation.rawValue
    }
}

extension DocumentPass {
    /// Adds what another record of the same person taught, by the rules for a finding.
    mutating func add(_ name: KnownName) {
        add(
            Finding(
                type: name.type, range: name.value.indices, score: name.score,
                detector: name.detector, validation: name.validation), in: name.value)
    }
}
