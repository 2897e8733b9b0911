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
        case missing(MissingRule)
        case length(LengthRule)
        case labels(LabelRule)
        case remove([String])
    }

    private let stages: [Stage]
    private let tokenCount: (@Sendable (String) -> Int)?

    /// Makes a cleaner. `tokenCount` counts tokens for length limits in tokens.
    public init(recipe: CleaningRecipe, tokenCount: (@Sendable (String) -> Int)? = nil) {
        self.tokenCount = tokenCount
        var stages: [Stage] = []
        for operation in recipe.operations {
            switch operation {
            case .unicode(let fields): Self.add(.unicode, fields, to: &stages)
            case .controls(let fields): Self.add(.controls, fields, to: &stages)
            case .whitespace(let fields, let keepsLines):
                Self.add(.whitespace(keepsLines: keepsLines), fields, to: &stages)
            case .entities(let fields): Self.add(.entities, fields, to: &stages)
            case .missing(let rule): stages.append(.missing(rule))
            case .length(let rule): stages.append(.length(rule))
            case .labels(let rule): stages.append(.labels(rule))
            case .remove(let fields): stages.append(.remove(fields))
            case .duplicates, .split: break
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
            case .missing(let rule):
                (reason, name) = (rule.apply(&record, changed: &changed), "missing")
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
        var changed = [Bool](repeating: false, count: steps.count)
        for (field, value) in record.fields {
            let active = steps.indices.filter { steps[$0].fields.contains(field) }
            if let new = Self.changed(value, steps, active, &changed) {
                record.fields[field] = new
            }
        }
        for index in steps.indices where changed[index] {
            counts.changed[steps[index].step.name, default: 0] += 1
        }
    }

    /// The value after the active steps; nil if it stays as it is.
    private static func changed(
        _ value: JSONValue, _ steps: [(step: TextStep, fields: FieldSelection)],
        _ active: [Int], _ flags: inout [Bool]
    ) -> JSONValue? {
        switch value {
        case .string(let text):
            var bytes = Array(text.utf8)
            var isChanged = false
            for index in active {
                guard let new = steps[index].step.apply(bytes) else { continue }
                bytes = new
                flags[index] = true
                isChanged = true
            }
            return isChanged ? .string(String(decoding: bytes, as: UTF8.self)) : nil
        case .array(var elements):
            var isChanged = false
            for (index, element) in elements.enumerated() {
                guard let new = changed(element, steps, active, &flags) else { continue }
                elements[index] = new
                isChanged = true
            }
            return isChanged ? .array(elements) : nil
        case .object(var members):
            var isChanged = false
            for (name, member) in members {
                guard let new = changed(member, steps, active, &flags) else { continue }
                members[name] = new
                isChanged = true
            }
            return isChanged ? .object(members) : nil
        case .null, .bool, .number: return nil
        }
    }
}
