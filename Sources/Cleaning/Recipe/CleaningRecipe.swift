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
        for name in ["duplicates", "split"]
        where operations.filter({ $0.name == name }).count > 1 {
            throw CleaningError(
                .badRecipe, "the recipe has '\(name)' twice", hint: "keep one of them")
        }
        self.operations = operations
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
}
