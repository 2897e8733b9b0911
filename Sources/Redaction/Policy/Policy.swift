internal import Cryptography
public import Records

/// What to find and what to do with it: one YAML pack, checked.
///
/// ```yaml
/// name: support-chat
/// default: {operator: replace, threshold: 0.4}
/// types:
///   PHONE_NUMBER: {operator: mask, keep-last: 2}
///   DATE_TIME: keep
/// fields:
///   keep: [label]
/// ```
public struct Policy: Sendable {
    /// Whether codes computed from a person's data may stand in the result.
    public enum DerivedCodes: String, Sendable, Hashable {
        /// `hash`, `pseudonym`, `encrypt` and `date-shift` may be used.
        case allowed
        /// They may not: 45 CFR 164.514(c)(1).
        case forbidden
    }

    /// What happens to one type.
    public struct TypeRule: Sendable, Hashable {
        /// What replaces a finding.
        public var `operator`: RedactionOperator
        /// Findings with a lower score are dropped, 0…1.
        public var threshold: Float
        /// For `mask`: how many letters and digits at the end stay.
        public var keepLast: Int = 0

        /// Makes a rule.
        public init(operator: RedactionOperator, threshold: Float, keepLast: Int = 0) {
            self.operator = `operator`
            self.threshold = threshold
            self.keepLast = keepLast
        }
    }

    /// The pack's name.
    public let name: String
    /// What it is for.
    public let description: String
    /// The law or rule that it follows; may be empty.
    public let basis: String
    /// Whether codes may be derived from the data.
    public let derivedCodes: DerivedCodes
    /// The first year that `generalize` leaves of a date, 1000–2199; nil where every year may stay.
    /// A number of the policy and not the clock's year less 89, so that a run can be repeated.
    public let oldestYear: Int?
    /// How far `date-shift` may move a date, in days, 1–3650.
    public let shiftDays: Int
    /// Whether `date-shift` reads 03/04/2024 as the third of April.
    public let isDayFirst: Bool
    /// What becomes of words of the special categories of Art. 9 GDPR.
    public let specialCategories: SpecialCategoryRule
    /// What a version must show before it may be released; nil: nothing.
    public let releaseRule: ReleaseRule?
    /// The rule of every type that has none of its own.
    public let defaultRule: TypeRule
    /// Rules by type.
    public let rules: [EntityType: TypeRule]
    /// Words that are never redacted, lower case.
    public let allowedWords: Set<String>
    /// Whether fields called `email`, `phone`, `name`… are personal data as a whole.
    public let fieldsByName: Bool
    /// Field names of this policy whose whole values are of a type, by folded name.
    public let fieldTypes: [String: EntityType]
    /// Fields that are not looked at, such as `label`.
    public let keepFields: Set<String>
    /// How far a name that was found once is looked for again.
    public let documentPass: DocumentPassReach
    /// The policy's own recognisers.
    let recognisers: [UserRecogniser]
    /// The parsed file as JSON.
    public let canonical: JSONValue

    /// SHA-256 of the RFC 8785 form of the parsed file, 32 bytes.
    public var digest: [UInt8] { SHA256.hash(CanonicalJSON.encode(canonical)) }

    /// The rule of a type.
    public func rule(for type: EntityType) -> TypeRule {
        if let rule = rules[type] { return rule }
        guard type.isSpecialCategory else { return defaultRule }
        return TypeRule(
            operator: specialCategories == .replace ? .replace : .keep, threshold: 0)
    }

    /// The keys and tables that its operators work with, each once.
    public var needs: [RedactionNeed] {
        let used = Set(([defaultRule] + rules.values).compactMap(\.operator.need))
        return RedactionNeed.allCases.filter(used.contains)
    }

    /// The type of a whole field's values, or nil.
    func fieldType(_ context: FieldContext) -> EntityType? {
        for name in [context.column, context.field].compactMap({ $0 }) {
            if let type = fieldTypes[FieldNames.folded(name)] { return type }
        }
        guard fieldsByName else { return nil }
        if let form = context.form {
            // The form says what stands there; the names of other tables do not.
            switch ClinicalFields.value(at: context.path, form) {
            case .personal(let type)?: return type
            case .coded?: return nil
            case nil: break
            }
        }
        for name in [context.column, context.field].compactMap({ $0 }) {
            if let type = FieldNames.type(of: name) { return type }
        }
        return nil
    }

    /// Whether a text is a code of a clinical form, in which only checksums tell personal data.
    func isCoded(_ context: FieldContext) -> Bool {
        guard fieldsByName, let form = context.form else { return false }
        return ClinicalFields.value(at: context.path, form) == .coded
    }

    /// Reads and checks a policy.
    ///
    /// - Parameters:
    ///   - yaml: the file's bytes, at most 1 MiB.
    ///   - named: the file's name for error texts.
    /// - Throws: one error that names every problem with line and column.
    public static func load(yaml: [UInt8], named: String) throws(RedactionError) -> Policy {
        var reader = PolicyReader(file: named)
        return try reader.read(yaml)
    }
}
