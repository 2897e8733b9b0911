/// The fields that a change of text applies to.
public enum FieldSelection: Sendable, Hashable {
    /// Every string at any depth of every field.
    case all
    /// Every string at any depth of these fields.
    case named([String])

    func contains(_ field: String) -> Bool {
        switch self {
        case .all: true
        case .named(let names): names.contains(field)
        }
    }
}

/// One step of a recipe. All are pure but the last two, which look at the whole dataset.
public enum CleaningOperation: Sendable, Hashable {
    /// Unicode Normalisation Form C.
    case unicode(FieldSelection)
    /// Control and zero-width characters removed.
    case controls(FieldSelection)
    /// White space collapsed and trimmed.
    case whitespace(FieldSelection, keepsLines: Bool)
    /// HTML character references undone.
    case entities(FieldSelection)
    /// Missing values dropped, filled or flagged.
    case missing(MissingRule)
    /// Length limits.
    case length(LengthRule)
    /// Labels in one spelling.
    case labels(LabelRule)
    /// Fields left out.
    case remove([String])
    /// Exact duplicates dropped.
    case duplicates(DuplicateRule)
    /// Train, validation and test parts.
    case split(SplitRule)

    /// The name in recipes and counts.
    public var name: String {
        switch self {
        case .unicode: "unicode"
        case .controls: "controls"
        case .whitespace: "whitespace"
        case .entities: "entities"
        case .missing: "missing"
        case .length: "length"
        case .labels: "labels"
        case .remove: "remove"
        case .duplicates: "duplicates"
        case .split: "split"
        }
    }

    /// Every name there is.
    public static let names = [
        "unicode", "controls", "whitespace", "entities", "missing", "length", "labels", "remove",
        "duplicates", "split",
    ]
}
