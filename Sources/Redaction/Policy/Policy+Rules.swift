internal import Records

/// How far a name that was found once is looked for again.
public enum DocumentPassReach: String, Sendable, Hashable, CaseIterable {
    /// Nowhere.
    case off
    /// In all fields of the record.
    case record
    /// In all records of the dataset that are about the same person, too.
    case subject
}

/// What becomes of words of the special categories of Art. 9 GDPR.
public enum SpecialCategoryRule: String, Sendable, Hashable, CaseIterable {
    /// They are not looked for.
    case ignore
    /// They are counted by category and stay.
    case flag
    /// They are replaced like other findings.
    case replace
}

/// What a version must show before it may be released for training: attestations on the version,
/// each signed by a person.
public struct ReleaseRule: Sendable, Hashable {
    /// The highest upper bound of the estimated residual leak, a share 0…1 of the sampled texts that
    /// still hold personal data; nil where no review is asked for.
    public var maximumLeak: Double?
    /// The fewest records that share their quasi-identifiers; nil where no report is asked for.
    public var k: Int?
    /// The fields that together may single a person out.
    public var quasiIdentifiers: [String] = []
    /// The field whose values should differ within a group; nil: none.
    public var sensitive: String?

    /// A rule that asks for nothing yet.
    public init() {}
}
