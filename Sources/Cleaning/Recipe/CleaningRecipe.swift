internal import Cryptography
public import Records

/// An ordered list of operations with their parameters; `schemas/recipe.schema.json` has its form.
///
/// ```yaml
/// operations:
///   - op: unicode
///   - {op: missing, fields: [text], action: drop}
///   - {op: split, train: 0.8, validation: 0.1, test: 0.1, by: subject}
/// ```
public struct CleaningRecipe: Sendable, Hashable {
    /// The operations in order.
    public let operations: [CleaningOperation]

    /// Makes a recipe of operations.
    public init(operations: [CleaningOperation]) { self.operations = operations }

    /// Reads `{"operations": […]}` or the bare list. Throws for an operation or a parameter that
    /// does not exist, naming the nearest that does.
    public init(_ json: JSONValue) throws(CleaningError) {
        var list = json.arrayValue
        if let members = json.objectValue {
            for name in members.keys.sorted() where !["operations", "version"].contains(name) {
                throw CleaningError(
                    .badRecipe, "a recipe has no member '\(name)'",
                    hint: Suggestion.hint(for: name, in: ["operations"], called: "members"))
            }
            list = members["operations"]?.arrayValue
        }
        guard let list else {
            throw CleaningError(
                .badRecipe, "the recipe has no list of operations",
                hint: "write: operations: [{op: unicode}, …]")
        }
        var operations: [CleaningOperation] = []
        for element in list { operations.append(try CleaningOperation(json: element)) }
        for name in CleaningOperation.globalNames
        where operations.filter({ $0.name == name }).count > 1 {
            throw CleaningError(
                .badRecipe, "the recipe has '\(name)' twice", hint: "keep one of them")
        }
        self.operations = operations
        try checkFills()
    }

    /// A split that depends on what is filled from the train part would depend on itself.
    private func checkFills() throws(CleaningError) {
        for case .missing(let rule) in operations where split?.stratify != nil {
            guard case .statistic = rule.action else { continue }
            throw CleaningError(
                .badRecipe,
                "'missing' fills with a statistic of the train part, which a stratified split"
                    + " decides only after",
                hint: "split in a run of its own first, or fill with a constant")
        }
        guard case .field(let field) = split?.group else { return }
        for case .missing(let rule) in operations {
            guard case .statistic = rule.action, rule.fields?.contains(field) == true else {
                continue
            }
            throw CleaningError(
                .badRecipe,
                "the split is by '\(field)', which 'missing' fills with a statistic of the train part",
                hint: "fill '\(field)' with a constant, or split by something else")
        }
    }

    /// Unicode, controls, white space, missing values and exact duplicates dropped, split 80/10/10
    /// by subject.
    public static let standard = CleaningRecipe(operations: [
        .unicode(.all), .controls(.all), .whitespace(.all, keepsLines: true),
        .missing(MissingRule()), .duplicates(DuplicateRule()), .split(SplitRule()),
    ])

    /// The recipe with every default written out.
    public var json: JSONValue { ["operations": .array(operations.map(\.json))] }

    /// SHA-256 of the canonical JSON: equal recipes have equal digests.
    public var digest: [UInt8] { SHA256.hash(CanonicalJSON.encode(json)) }

    /// The rule for exact duplicates, if the recipe has one.
    public var duplicates: DuplicateRule? {
        for case .duplicates(let rule) in operations { return rule }
        return nil
    }

    /// The rule for the split, if the recipe has one.
    public var split: SplitRule? {
        for case .split(let rule) in operations { return rule }
        return nil
    }

    /// The rule for near duplicates, if the recipe has one.
    public var nearDuplicates: NearDuplicateRule? {
        for case .nearDuplicates(let rule) in operations { return rule }
        return nil
    }

    /// The rule for contamination, if the recipe has one.
    public var contamination: ContaminationRule? {
        for case .contamination(let rule) in operations { return rule }
        return nil
    }

    /// The rule for outliers, if the recipe has one.
    public var outliers: OutlierRule? {
        for case .outliers(let rule) in operations { return rule }
        return nil
    }

    /// The rule for the balance of classes, if the recipe has one.
    public var balance: BalanceRule? {
        for case .balance(let rule) in operations { return rule }
        return nil
    }

    /// The rule for labels that seem wrong, if the recipe has one.
    public var labelNoise: LabelNoiseRule? {
        for case .labelNoise(let rule) in operations { return rule }
        return nil
    }
}
