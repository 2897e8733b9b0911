/// What takes the place of a finding.
public enum RedactionOperator: String, Sendable, Hashable, CaseIterable {
    /// Letters and digits become `*`, punctuation stays, optionally the last characters too.
    case mask
    /// The finding is removed.
    case redact
    /// A typed placeholder, numbered per record: `[PERSON_1]`; equal values share a number.
    case replace
    /// A keyed digest: `[PERSON:1f2e…]`, equal for equal values under one key.
    case hash
    /// A made-up value of the same shape, equal for equal values under one key.
    case pseudonym
    /// A random code from the dataset's sealed table: `[PERSON:7QK2M9XA4T]`, equal for equal
    /// values, and derived from nothing.
    case token
    /// The value itself, sealed: `[PERSON:enc:…]`; `reveal` gives it back byte for byte.
    case encrypt
    /// A date moved by the person's own number of days, so that intervals stay.
    case dateShift = "date-shift"
    /// A coarser value: a date's year, an age group, the first three digits of a ZIP code.
    case generalize
    /// The finding is reported and stays.
    case keep

    /// Whether the result is computed from the person's data with a key: 45 CFR 164.514(c)(1)
    /// forbids such codes in de-identified data.
    public var isDerivedCode: Bool {
        switch self {
        case .hash, .pseudonym, .encrypt, .dateShift: true
        case .mask, .redact, .replace, .token, .generalize, .keep: false
        }
    }

    /// Which of the caller's secrets it works with.
    public var need: RedactionNeed? {
        switch self {
        case .hash, .pseudonym, .dateShift: .pseudonymKey
        case .encrypt: .encryptionKey
        case .token: .tokens
        case .mask, .redact, .replace, .generalize, .keep: nil
        }
    }

    /// Whether a person with the right lease can turn the result back.
    public var isReversible: Bool { self == .token || self == .encrypt }
}

/// A secret that operators work with, handed in by the caller in ``RedactionKeys``.
public enum RedactionNeed: String, Sendable, Hashable, CaseIterable {
    /// The dataset's key for `hash`, `pseudonym` and `date-shift`.
    case pseudonymKey = "pseudonym key"
    /// The dataset's key for `encrypt`.
    case encryptionKey = "encryption key"
    /// The dataset's table for `token`.
    case tokens = "token table"
}
