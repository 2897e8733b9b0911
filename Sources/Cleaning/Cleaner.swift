public import Records

/// Applies the pure operations of a recipe, record by record; any number may work in parallel.
///
/// ```swift
/// var counts = CleaningCounts()
/// let cleaned = cleaner.clean(record, counts: &counts)   // nil: dropped, with a counted reason
/// ```
public struct Cleaner: Sendable {
    /// Operations as they are applied: changes of text that follow each other go together, so that
    /// a string is turned into bytes once.
    private enum Stage: Sendable {
        case text([(step: TextStep, fields: FieldSelection)])
        case boilerplate(BoilerplateRule, BoilerplateCounts?)
        case language(LanguageRule)
        case quality(QualityRule)
        case missing(MissingRule, fitted: [String: JSONValue])
        case length(LengthRule)
        case labels(LabelRule)
        case remove([String])
    }

    private let stages: [Stage]
    private let tokenCount: (@Sendable (String) -> Int)?

    /// Makes a cleaner. `tokenCount` counts tokens for length limits in tokens.
    ///
    /// What an operation would have to learn from the dataset first is left out.
    public init(recipe: CleaningRecipe, tokenCount: (@Sendable (String) -> Int)? = nil) {
        self.init(recipe: recipe, fitted: FittedOperations(), tokenCount: tokenCount)
    }

    /// Makes a cleaner of a recipe and what was learned for it.
    public init(
        recipe: CleaningRecipe, fit: CleaningFit, tokenCount: (@Sendable (String) -> Int)? = nil
    ) {
        self.init(recipe: recipe, fitted: fit.fitted, tokenCount: tokenCount)
    }

    init(
        recipe: CleaningRecipe, fitted: FittedOperations, tokenCount: (@Sendable (String) -> Int)?
    ) {
        self.tokenCount = tokenCount
        var stages: [Stage] = []
        for (index, operation) in recipe.operations.enumerated() {
            switch operation {
            case .unicode(let fields): Self.add(.unicode, fields, to: &stages)
            case .controls(let fields): Self.add(.controls, fields, to: &stages)
            case .whitespace(let fields, let keepsLines):
                Self.add(.whitespace(keepsLines: keepsLines), fields, to: &stages)
            case .entities(let fields): Self.add(.entities, fields, to: &stages)
            case .mojibake(let fields): Self.add(.mojibake, fields, to: &stages)
            case .html(let fields): Self.add(.html, fields, to: &stages)
            case .boilerplate(let rule):
                stages.append(.boilerplate(rule, fitted.lines[index]))
            case .language(let rule): stages.append(.language(rule))
            case .quality(let rule): stages.append(.quality(rule))
            case .missing(let rule):
                stages.append(.missing(rule, fitted: fitted.values[index] ?? [:]))
            case .length(let rule): stages.append(.length(rule))
            case .labels(let rule): stages.append(.labels(rule))
            case .remove(let fields): stages.append(.remove(fields))
            case .duplicates, .nearDuplicates, .split, .contamination, .outliers, .balance,
                .labelNoise:
                break
            }
        }
        self.stages = stages
    }

    private static func add(_ step: TextStep, _ fields: FieldSelection, to stages: inout [Stage]) {
        if case .text(let steps) = stages.last {
            stages[stages.count - 1] = .text(steps + [(step, fields)])
        } else {
            stages.append(.text([(step, fields)]))
        }
    }

    /// The record as the recipe leaves it; nil if it is dropped. Rid, kind, subjects and split stay.
    public func clean(_ record: Record, counts: inout CleaningCounts) -> Record? {
        counts.examined += 1
        var record = record
        for stage in stages {
            var changed = false
            let reason: String?
            let name: String
            switch stage {
            case .text(let steps):
                Self.apply(steps, to: &record, counts: &counts)
                continue
            case .boilerplate(let rule, let lines):
                changed = rule.apply(&record, counts: lines, reasons: &counts.places)
                (reason, name) = (nil, "boilerplate")
            case .language(let rule):
                (reason, name) = (rule.apply(&record, changed: &changed), "language")
            case .quality(let rule):
                (reason, name) = (rule.apply(&record, changed: &changed), "quality")
            case .missing(let rule, let fitted):
                (reason, name) = (
                    rule.apply(
                        &record, fitted: fitted, changed: &changed, reasons: &counts.places),
                    "missing"
                )
            case .length(let rule):
                (reason, name) = (
                    rule.apply(&record, tokenCount: tokenCount, changed: &changed), "length"
                )
            case .labels(let rule):
                (reason, name) = (rule.apply(&record, changed: &changed), "labels")
            case .remove(let fields):
                for field in fields where record.fields.removeValue(forKey: field) != nil {
                    changed = true
                }
                (reason, name) = (nil, "remove")
            }
            if let reason {
                counts.dropped[reason, default: 0] += 1
                return nil
            }
            if changed { counts.changed[name, default: 0] += 1 }
        }
        counts.kept += 1
        return record
    }

    private static func apply(
        _ steps: [(step: TextStep, fields: FieldSelection)], to record: inout Record,
        counts: inout CleaningCounts
    ) {
        var flags = [Bool](repeating: false, count: steps.count)
        for (field, value) in record.fields {
            let active = steps.indices.filter { steps[$0].fields.contains(field) }
            if let new = changed(value, steps, active, &flags, &counts.places) {
                record.fields[field] = new
            }
        }
        for index in steps.indices where flags[index] {
            counts.changed[steps[index].step.name, default: 0] += 1
        }
    }

    /// The value after the active steps; nil if it stays as it is.
    private static func changed(
        _ value: JSONValue, _ steps: [(step: TextStep, fields: FieldSelection)],
        _ active: [Int], _ flags: inout [Bool], _ reasons: inout ReasonCounts
    ) -> JSONValue? {
        switch value {
        case .string(let text):
            return changed(text, steps, active, &flags, &reasons).map { .string($0) }
        case .array(var elements):
            var isChanged = false
            for (index, element) in elements.enumerated() {
                guard let new = changed(element, steps, active, &flags, &reasons) else { continue }
                elements[index] = new
                isChanged = true
            }
            return isChanged ? .array(elements) : nil
        case .object(var members):
            var isChanged = false
            for (name, member) in members {
                guard let new = changed(member, steps, active, &flags, &reasons) else { continue }
                members[name] = new
                isChanged = true
            }
            return isChanged ? .object(members) : nil
        case .null, .bool, .number: return nil
        }
    }

    private static func changed(
        _ text: String, _ steps: [(step: TextStep, fields: FieldSelection)],
        _ active: [Int], _ flags: inout [Bool], _ reasons: inout ReasonCounts
    ) -> String? {
        var traits = TextTraits(text)
        // Most text needs no step at all, and no copy.
        var bytes: [UInt8]?
        var isChanged = false
        for index in active where steps[index].step.concerns(traits) {
            let current = bytes ?? Array(text.utf8)
            guard let new = steps[index].step.apply(current, reasons: &reasons) else {
                bytes = current
                continue
            }
            bytes = new
            traits = TextTraits(new)
            flags[index] = true
            isChanged = true
        }
        return isChanged ? bytes.map { String(decoding: $0, as: UTF8.self) } : nil
    }
}
