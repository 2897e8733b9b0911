public import Cryptography

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
    /// A coarser value: a date's year, an age group, the first three digits of a ZIP code.
    case generalize
    /// The finding is reported and stays.
    case keep

    /// Whether the result is computed from the person's data with a key: 45 CFR 164.514(c)(1)
    /// forbids such codes in de-identified data.
    public var isDerivedCode: Bool { self == .hash || self == .pseudonym }
}

/// The keys that operators need, handed in by the caller.
public struct RedactionKeys: Sendable {
    /// The dataset's key for `hash` and `pseudonym`; nil where neither is used.
    public let pseudonymKey: SymmetricKey?

    /// Makes keys.
    public init(pseudonymKey: SymmetricKey?) { self.pseudonymKey = pseudonymKey }

    /// Makes keys from the bytes of a pseudonym key, 32 random ones as a rule.
    public init(pseudonymKey bytes: [UInt8]) { pseudonymKey = SymmetricKey(bytes: bytes) }

    /// No keys at all: enough for every operator but `hash` and `pseudonym`.
    public static let none = RedactionKeys(pseudonymKey: nil)
}
