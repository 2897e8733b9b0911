/// What stands behind a finding besides its shape.
public enum Validation: String, Sendable, Hashable, CaseIterable {
    /// Nothing but the shape or a model's score.
    case none
    /// A checksum of the identifier's standard holds.
    case checksumValid = "checksum-valid"
    /// The shape and the context say so, but the checksum fails (often a typing mistake).
    case checksumInvalid = "checksum-invalid"
    /// A word near by, the field's name or the same value elsewhere in the record says so.
    case context
    /// A recogniser or word list of the policy says so.
    case policy
}

/// A detected span of personal data in one text.
public struct Finding: Sendable, Hashable {
    /// What it is.
    public var type: EntityType
    /// Where it is, in UTF-8 bytes of the text, on code-point boundaries, never empty.
    public var range: Range<Int>
    /// How sure the detector is, 0…1.
    public var score: Float
    /// Who found it, such as `scanners` or `tagger`.
    public var detector: String
    /// What stands behind it.
    public var validation: Validation

    /// Makes a finding; `range` is in UTF-8 bytes.
    public init(
        type: EntityType, range: Range<Int>, score: Float, detector: String,
        validation: Validation = .none
    ) {
        self.type = type
        self.range = range
        self.score = score
        self.detector = detector
        self.validation = validation
    }
}
