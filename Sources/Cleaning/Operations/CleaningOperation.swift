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

/// One step of a recipe. All are pure but those from `duplicates` on, which look at the whole
/// dataset.
public enum CleaningOperation: Sendable, Hashable {
    /// Unicode Normalisation Form C.
    case unicode(FieldSelection)
    /// Control and zero-width characters removed.
    case controls(FieldSelection)
    /// White space collapsed and trimmed.
    case whitespace(FieldSelection, keepsLines: Bool)
    /// HTML character references undone.
    case entities(FieldSelection)
    /// UTF-8 that was read in a wrong set repaired.
    case mojibake(FieldSelection)
    /// Leftover HTML removed.
    case html(FieldSelection)
    /// Lines that many records share removed.
    case boilerplate(BoilerplateRule)
    /// The language noted.
    case language(LanguageRule)
    /// Quality signals noted.
    case quality(QualityRule)
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
    /// Near duplicates dropped or flagged.
    case nearDuplicates(NearDuplicateRule)
    /// Train, validation and test parts.
    case split(SplitRule)
    /// Evaluation text that is in train.
    case contamination(ContaminationRule)
    /// Records far from the others.
    case outliers(OutlierRule)
    /// Classes counted, large ones made smaller.
    case balance(BalanceRule)
    /// Labels that seem wrong.
    case labelNoise(LabelNoiseRule)

    /// The name in recipes and counts.
    public var name: String {
        switch self {
        case .unicode: "unicode"
        case .controls: "controls"
        case .whitespace: "whitespace"
        case .entities: "entities"
        case .mojibake: "mojibake"
        case .html: "html"
        case .boilerplate: "boilerplate"
        case .language: "language"
        case .quality: "quality"
        case .missing: "missing"
        case .length: "length"
        case .labels: "labels"
        case .remove: "remove"
        case .duplicates: "duplicates"
        case .nearDuplicates: "near_duplicates"
        case .split: "split"
        case .contamination: "contamination"
        case .outliers: "outliers"
        case .balance: "balance"
        case .labelNoise: "label_noise"
        }
    }

    /// Every name there is.
    public static let names =
        [
            "mojibake", "unicode", "controls", "whitespace", "entities", "html", "boilerplate",
            "language", "quality", "missing", "length", "labels", "remove",
        ] + globalNames

    /// Those that look at the whole dataset, in the order in which they work; each can be in a
    /// recipe once.
    static let globalNames = [
        "duplicates", "near_duplicates", "split", "contamination", "outliers", "balance",
        "label_noise",
    ]
}
