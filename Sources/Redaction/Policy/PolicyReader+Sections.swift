import Records
import Yams

/// The sections of a policy file; `schemas/policy.schema.json` says the same.
extension PolicyReader {
    static let topKeys = [
        "name", "description", "basis", "derived-codes", "oldest-year", "default", "types", "allow",
        "fields", "document-pass", "recognisers", "shift-days", "date-order", "special-categories",
        "release",
    ]
    static let releaseKeys = ["max-leak", "k", "quasi-identifiers", "sensitive"]
    static let ruleKeys = ["operator", "threshold", "keep-last"]
    static let fieldKeys = ["by-name", "types", "keep"]
    static let recogniserKeys = ["name", "type", "words", "pattern", "score", "ignore-case"]

    mutating func read(_ yaml: [UInt8]) throws(RedactionError) -> Policy {
        let root = try parse(yaml)
        var nodes: [String: Node] = [:]
        for member in members(root, "the policy", allowed: PolicyReader.topKeys) {
            nodes[member.name] = member.value
        }
        var name = ""
        if let node = nodes["name"] {
            name = string(node, "`name`") ?? ""
        } else if problems.isEmpty {
            problem("the policy has no `name`", at: root)
        }
        let codes = nodes["derived-codes"].flatMap {
            word($0, "`derived-codes`", of: ["allowed", "forbidden"])
        }
        let derived = codes.flatMap(Policy.DerivedCodes.init) ?? .allowed
        let oldest = nodes["oldest-year"].flatMap { integer($0, "`oldest-year`", in: 1000...2199) }
        let base = Policy.TypeRule(operator: .replace, threshold: 0.5)
        let fallback = nodes["default"].map { rule($0, "`default`", base, derived) } ?? base
        let rules = nodes["types"].map { types($0, fallback, derived) } ?? [:]
        let fields = nodes["fields"].map { fieldRules($0) }
        let words = nodes["allow"].map { strings($0, "`allow`") } ?? []
        let recognisers = nodes["recognisers"].map { userRecognisers($0) } ?? []
        let pass = nodes["document-pass"].map { documentPass($0) } ?? .record
        let shift = nodes["shift-days"].flatMap { integer($0, "`shift-days`", in: 1...3650) }
        let order = nodes["date-order"].flatMap {
            word($0, "`date-order`", of: ["month-first", "day-first"])
        }
        let special = nodes["special-categories"].flatMap {
            word(
                $0, "`special-categories`", of: SpecialCategoryRule.allCases.map(\.rawValue))
        }
        let release = nodes["release"].map { releaseRule($0) }
        let description = nodes["description"].flatMap { string($0, "`description`") } ?? ""
        let basis = nodes["basis"].flatMap { string($0, "`basis`") } ?? ""
        guard problems.isEmpty else {
            throw RedactionError(
                .policy, problems.joined(separator: "\n"), hint: "see schemas/policy.schema.json")
        }
        return Policy(
            name: name, description: description, basis: basis, derivedCodes: derived,
            oldestYear: oldest, shiftDays: shift ?? 365, isDayFirst: order == "day-first",
            specialCategories: special.flatMap(SpecialCategoryRule.init) ?? .ignore,
            releaseRule: release, defaultRule: fallback, rules: rules,
            allowedWords: Set(words.map { $0.lowercased() }),
            fieldsByName: fields?.byName ?? true, fieldTypes: fields?.types ?? [:],
            keepFields: fields?.keep ?? [], documentPass: pass, recognisers: recognisers,
            canonical: PolicyReader.json(root))
    }

    /// A rule: an operator's name, or a mapping.
    private mutating func rule(
        _ node: Node, _ what: String, _ base: Policy.TypeRule, _ derived: Policy.DerivedCodes
    ) -> Policy.TypeRule {
        var result = base
        result.keepLast = 0
        let names = RedactionOperator.allCases.map(\.rawValue)
        var place = node
        if case .scalar = node {
            if let value = word(node, "the operator of \(what)", of: names) {
                result.operator = RedactionOperator(rawValue: value) ?? base.operator
            }
        } else {
            for member in members(node, what, allowed: PolicyReader.ruleKeys) {
                switch member.name {
                case "operator":
                    place = member.value
                    if let value = word(member.value, "the operator of \(what)", of: names) {
                        result.operator = RedactionOperator(rawValue: value) ?? base.operator
                    }
                case "threshold":
                    if let value = number(member.value, "the threshold of \(what)", in: 0...1) {
                        result.threshold = Float(value)
                    }
                default:
                    result.keepLast =
                        integer(member.value, "`keep-last` of \(what)", in: 0...16) ?? 0
                }
            }
        }
        if derived == .forbidden, result.operator.isDerivedCode {
            problem(
                "\(what) may not use ‘\(result.operator.rawValue)’: under `derived-codes: forbidden` a "
                    + "code must not be derived from information about the person "
                    + "(45 CFR 164.514(c)(1)); use replace, token, mask, redact or generalize",
                at: place)
        }
        return result
    }

    private mutating func types(
        _ node: Node, _ base: Policy.TypeRule, _ derived: Policy.DerivedCodes
    ) -> [EntityType: Policy.TypeRule] {
        var result: [EntityType: Policy.TypeRule] = [:]
        let known = EntityType.known.map(\.rawValue)
        for member in members(node, "`types`") {
            guard let type = type(member.key, "the type") else { continue }
            // Types of one's own are allowed, so only a slip of two letters counts as one.
            if !known.contains(member.name),
                let near = Suggestion.nearest(to: member.name, in: known, limit: 2)
            {
                problem("no type ‘\(member.name)’; did you mean ‘\(near)’?", at: member.key)
                continue
            }
            result[type] = rule(member.value, "`\(member.name)`", base, derived)
        }
        return result
    }

    private mutating func fieldRules(_ node: Node) -> (
        byName: Bool, types: [String: EntityType], keep: Set<String>
    ) {
        var byName = true
        var types: [String: EntityType] = [:]
        var keep: Set<String> = []
        for member in members(node, "`fields`", allowed: PolicyReader.fieldKeys) {
            switch member.name {
            case "by-name": byName = bool(member.value, "`by-name`") ?? true
            case "types":
                for entry in members(member.value, "`fields.types`") {
                    types[FieldNames.folded(entry.name)] = type(entry.value, "the type")
                }
            default: keep = Set(strings(member.value, "`keep`"))
            }
        }
        return (byName, types, keep)
    }

    /// `true` is the record, as ever; `subject` reaches over a person's records.
    private mutating func documentPass(_ node: Node) -> DocumentPassReach {
        switch word(node, "`document-pass`", of: ["true", "false", "record", "subject"]) {
        case "false": .off
        case "subject": .subject
        default: .record
        }
    }

    private mutating func releaseRule(_ node: Node) -> ReleaseRule {
        var rule = ReleaseRule()
        for member in members(node, "`release`", allowed: PolicyReader.releaseKeys) {
            switch member.name {
            case "max-leak": rule.maximumLeak = number(member.value, "`max-leak`", in: 0...1)
            case "k": rule.k = integer(member.value, "`k`", in: 2...1000)
            case "quasi-identifiers":
                rule.quasiIdentifiers = strings(member.value, "`quasi-identifiers`")
            default: rule.sensitive = string(member.value, "`sensitive`")
            }
        }
        if rule.k != nil, rule.quasiIdentifiers.isEmpty {
            problem("`k` needs `quasi-identifiers`: the fields that it is counted over", at: node)
        }
        return rule
    }

    private mutating func userRecognisers(_ node: Node) -> [UserRecogniser] {
        guard case .sequence(let list) = node else {
            problem("`recognisers` must be a list", at: node)
            return []
        }
        return list.compactMap { userRecogniser($0) }
    }

    private mutating func userRecogniser(_ node: Node) -> UserRecogniser? {
        var name = "policy"
        var kind: EntityType?
        var words: [String] = []
        var pattern: (text: String, node: Node)?
        var score: Float = 0.9
        var ignoreCase = false
        for member in members(node, "a recogniser", allowed: PolicyReader.recogniserKeys) {
            switch member.name {
            case "name": name = string(member.value, "`name`") ?? name
            case "type": kind = type(member.value, "the type")
            case "words": words = strings(member.value, "`words`")
            case "pattern":
                pattern = string(member.value, "`pattern`").map { ($0, member.value) }
            case "score":
                score = number(member.value, "`score`", in: 0...1).map { Float($0) } ?? score
            default: ignoreCase = bool(member.value, "`ignore-case`") ?? false
            }
        }
        guard let kind else {
            problem("a recogniser needs a `type`", at: node)
            return nil
        }
        if let pattern {
            guard words.isEmpty else {
                problem("a recogniser has `words` or a `pattern`, not both", at: node)
                return nil
            }
            do {
                let compiled = try Pattern(pattern.text, ignoreCase: ignoreCase)
                return UserRecogniser(
                    name: name, type: kind, score: score, matcher: .pattern(compiled))
            } catch {
                problem("`pattern`: \(error.message)", at: pattern.node)
                return nil
            }
        }
        guard !words.isEmpty else {
            problem("a recogniser needs `words` or a `pattern`", at: node)
            return nil
        }
        let list = WordList(words, ignoreCase: ignoreCase)
        return UserRecogniser(name: name, type: kind, score: score, matcher: .words(list))
    }
}
