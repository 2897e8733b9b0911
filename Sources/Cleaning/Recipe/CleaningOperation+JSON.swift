public import Records

extension CleaningOperation {
    private enum MissingAction: String, CaseIterable {
        case drop, constant, flag, mode, mean, median
    }
    private enum Lines: String, CaseIterable { case keep, space }
    private enum LabelCase: String, CaseIterable { case keep, lower }
    private enum GroupBy: String, CaseIterable { case subject, field, record }

    /// Reads `{"op": NAME, …}`, or the bare name for an operation without parameters.
    public init(json: JSONValue) throws(CleaningError) {
        guard let name = json.stringValue ?? json["op"]?.stringValue else {
            throw CleaningError(
                .badRecipe, "an operation has no name", hint: "write {op: NAME, …}")
        }
        var read = ParameterReader(operation: name, members: json.objectValue ?? [:])
        switch name {
        case "unicode": self = .unicode(try Self.selection(&read))
        case "controls": self = .controls(try Self.selection(&read))
        case "whitespace":
            let lines: Lines = try read.word("lines") ?? .keep
            self = .whitespace(try Self.selection(&read), keepsLines: lines == .keep)
        case "entities": self = .entities(try Self.selection(&read))
        case "mojibake": self = .mojibake(try Self.selection(&read))
        case "html": self = .html(try Self.selection(&read))
        case "boilerplate": self = .boilerplate(try BoilerplateRule(&read))
        case "language": self = .language(try LanguageRule(&read))
        case "quality": self = .quality(try QualityRule(&read))
        case "missing": self = .missing(try Self.missing(&read))
        case "length":
            self = .length(
                LengthRule(
                    fields: try read.strings("fields"), unit: try read.word("unit") ?? .characters,
                    minimum: try read.integer("min") ?? 0, maximum: try read.integer("max"),
                    action: try read.word("action") ?? .drop))
        case "labels":
            let form: LabelCase = try read.word("case") ?? .keep
            self = .labels(
                LabelRule(
                    field: try read.string("field") ?? "label", lowercases: form == .lower,
                    map: try read.map("map") ?? [:],
                    allowed: try read.strings("allow").map { Set($0) }))
        case "remove": self = .remove(try read.strings("fields") ?? [])
        case "duplicates":
            self = .duplicates(
                DuplicateRule(
                    fields: try read.strings("fields"),
                    foldCase: try read.bool("fold_case") ?? false))
        case "split": self = .split(try Self.split(&read))
        case "near_duplicates": self = .nearDuplicates(try Self.nearDuplicates(&read))
        case "contamination": self = .contamination(try Self.contamination(&read))
        case "outliers": self = .outliers(try Self.outliers(&read))
        case "balance": self = .balance(try Self.balance(&read))
        case "label_noise": self = .labelNoise(try Self.labelNoise(&read))
        default:
            throw CleaningError(
                .unknownOperation, "there is no operation '\(name)'",
                hint: Suggestion.hint(for: name, in: Self.names, called: "operations"))
        }
        try read.finish()
    }

    private static func selection(
        _ read: inout ParameterReader
    ) throws(CleaningError) -> FieldSelection {
        try read.strings("fields").map { .named($0) } ?? .all
    }

    private static func missing(_ read: inout ParameterReader) throws(CleaningError) -> MissingRule
    {
        let word: MissingAction = try read.word("action") ?? .drop
        let value = try read.string("value")
        let action: MissingRule.Action
        switch word {
        case .drop: action = .drop
        case .flag: action = .flag
        case .constant:
            guard let value else { throw read.bad("value", "the text to fill in") }
            action = .constant(value)
        case .mode: action = .statistic(.mode)
        case .mean: action = .statistic(.mean)
        case .median: action = .statistic(.median)
        }
        let flags = try read.bool("flag") ?? false
        if flags && (word == .drop || word == .flag) {
            throw read.bad("flag", "nothing, unless action fills something in")
        }
        if value != nil && word != .constant {
            throw read.bad("value", "nothing, unless action is 'constant'")
        }
        let spellings = try read.strings("spellings").map { Set($0.map { $0.lowercased() }) }
        return MissingRule(
            fields: try read.strings("fields"), action: action,
            spellings: spellings ?? MissingRule.defaultSpellings, flagsFilled: flags)
    }

    private static func split(_ read: inout ParameterReader) throws(CleaningError) -> SplitRule {
        let parts = [
            try read.double("train"), try read.double("validation"), try read.double("test"),
        ]
        var fractions = SplitFractions.standard
        if parts.contains(where: { $0 != nil }) {
            fractions = try SplitFractions(
                train: parts[0] ?? 0, validation: parts[1] ?? 0, test: parts[2] ?? 0)
        }
        let by: GroupBy = try read.word("by") ?? .subject
        let field = try read.string("field")
        let stratify = try read.string("stratify")
        switch by {
        case .subject:
            return SplitRule(
                fractions: fractions, group: .subject(orField: field), stratify: stratify)
        case .record: return SplitRule(fractions: fractions, group: .record, stratify: stratify)
        case .field:
            guard let field else { throw read.bad("field", "the field to group by") }
            return SplitRule(fractions: fractions, group: .field(field), stratify: stratify)
        }
    }

    /// The operation with every default written out.
    public var json: JSONValue {
        var members: [String: JSONValue] = ["op": .string(name)]
        func list(_ names: some Sequence<String>) -> JSONValue {
            .array(names.sorted().map { .string($0) })
        }
        switch self {
        case .unicode(let fields), .controls(let fields), .entities(let fields),
            .mojibake(let fields), .html(let fields), .whitespace(let fields, _):
            if case .named(let names) = fields { members["fields"] = list(names) }
            if case .whitespace(_, let keepsLines) = self {
                members["lines"] = keepsLines ? "keep" : "space"
            }
        case .missing(let rule):
            if let fields = rule.fields { members["fields"] = list(fields) }
            members["spellings"] = list(rule.spellings)
            switch rule.action {
            case .drop: members["action"] = "drop"
            case .flag: members["action"] = "flag"
            case .constant(let text):
                members["action"] = "constant"
                members["value"] = .string(text)
            case .statistic(let statistic): members["action"] = .string(statistic.rawValue)
            }
            if rule.flagsFilled { members["flag"] = true }
        case .boilerplate(let rule): members.merge(rule.json) { first, _ in first }
        case .language(let rule): members.merge(rule.json) { first, _ in first }
        case .quality(let rule): members.merge(rule.json) { first, _ in first }
        case .length(let rule):
            if let fields = rule.fields { members["fields"] = list(fields) }
            members["unit"] = .string(rule.unit.rawValue)
            members["min"] = .integer(rule.minimum)
            if let maximum = rule.maximum { members["max"] = .integer(maximum) }
            members["action"] = .string(rule.action.rawValue)
        case .labels(let rule):
            members["field"] = .string(rule.field)
            members["case"] = rule.lowercases ? "lower" : "keep"
            members["map"] = .object(rule.map.mapValues { .string($0) })
            if let allowed = rule.allowed { members["allow"] = list(allowed) }
        case .remove(let fields): members["fields"] = list(fields)
        case .duplicates(let rule):
            if let fields = rule.fields { members["fields"] = list(fields) }
            members["fold_case"] = .bool(rule.foldCase)
        case .split(let rule): members.merge(rule.json) { first, _ in first }
        case .nearDuplicates(let rule): members.merge(rule.json) { first, _ in first }
        case .contamination(let rule): members.merge(rule.json) { first, _ in first }
        case .outliers(let rule): members.merge(rule.json) { first, _ in first }
        case .balance(let rule): members.merge(rule.json) { first, _ in first }
        case .labelNoise(let rule): members.merge(rule.json) { first, _ in first }
        }
        return .object(members)
    }
}
