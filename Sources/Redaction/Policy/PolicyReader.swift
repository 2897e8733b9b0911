import Records
import Yams

/// Reads YAML nodes into values and collects every problem with its place.
struct PolicyReader {
    let file: String
    private(set) var problems: [String] = []

    init(file: String) { self.file = file }

    mutating func problem(_ text: String, at node: Node?) {
        let place = node?.mark.map { ":\($0.line):\($0.column)" } ?? ""
        problems.append("\(file)\(place): \(text)")
    }

    /// Parses a whole file into its root node.
    func parse(_ yaml: [UInt8]) throws(RedactionError) -> Node {
        guard yaml.count <= 1 << 20 else {
            throw RedactionError(
                .policy, "\(file): the policy is larger than 1 MiB",
                hint: "move word lists into recognisers of a second policy")
        }
        guard let text = String(validating: yaml, as: UTF8.self) else {
            throw RedactionError(
                .policy, "\(file): the policy is not UTF-8", hint: "save it as UTF-8")
        }
        do {
            guard let root = try Yams.compose(yaml: text) else {
                throw RedactionError(
                    .policy, "\(file): the policy is empty", hint: "it needs at least `name`")
            }
            return root
        } catch let error as RedactionError {
            throw error
        } catch let error as YamlError {
            throw RedactionError(.policy, PolicyReader.text(of: error, file: file))
        } catch {
            throw RedactionError(.policy, "\(file): not readable as YAML")
        }
    }

    private static func text(of error: YamlError, file: String) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return "\(file):\(mark.line):\(mark.column): \(problem)"
        case .duplicatedKeysInMapping(let names, let context):
            return "\(file):\(context.mark.line):\(context.mark.column): "
                + "the key ‘\(names.first ?? "")’ stands twice"
        default:
            return "\(file): not readable as YAML"
        }
    }

    /// The members of a mapping; unknown names are problems with a suggestion.
    mutating func members(_ node: Node, _ what: String, allowed: [String]? = nil) -> [(
        name: String, key: Node, value: Node
    )] {
        guard case .mapping(let mapping) = node else {
            problem("\(what) must be a mapping of names to values", at: node)
            return []
        }
        var result: [(name: String, key: Node, value: Node)] = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                problem("a name in \(what) must be a plain word", at: key)
                continue
            }
            if let allowed, !allowed.contains(scalar.string) {
                var text = "\(what) has no key ‘\(scalar.string)’"
                if let near = Suggestion.nearest(to: scalar.string, in: allowed) {
                    text += "; did you mean ‘\(near)’?"
                } else {
                    text += "; it knows \(allowed.joined(separator: ", "))"
                }
                problem(text, at: key)
                continue
            }
            result.append((scalar.string, key, value))
        }
        return result
    }

    mutating func string(_ node: Node, _ what: String) -> String? {
        if case .scalar(let scalar) = node, !scalar.string.isEmpty { return scalar.string }
        problem("\(what) must be a text", at: node)
        return nil
    }

    mutating func strings(_ node: Node, _ what: String) -> [String] {
        guard case .sequence(let sequence) = node else {
            problem("\(what) must be a list", at: node)
            return []
        }
        return sequence.compactMap { string($0, "an entry of \(what)") }
    }

    mutating func bool(_ node: Node, _ what: String) -> Bool? {
        if case .scalar(let scalar) = node {
            if scalar.string == "true" { return true }
            if scalar.string == "false" { return false }
        }
        problem("\(what) must be true or false", at: node)
        return nil
    }

    mutating func number(_ node: Node, _ what: String, in range: ClosedRange<Double>) -> Double? {
        if case .scalar(let scalar) = node, let value = Double(scalar.string), range.contains(value)
        {
            return value
        }
        problem(
            "\(what) must be a number from \(range.lowerBound) to \(range.upperBound)", at: node)
        return nil
    }

    mutating func integer(_ node: Node, _ what: String, in range: ClosedRange<Int>) -> Int? {
        if case .scalar(let scalar) = node, let value = Int(scalar.string), range.contains(value) {
            return value
        }
        problem(
            "\(what) must be a whole number from \(range.lowerBound) to \(range.upperBound)",
            at: node)
        return nil
    }

    /// One of `names`.
    mutating func word(_ node: Node, _ what: String, of names: [String]) -> String? {
        guard let value = string(node, what) else { return nil }
        if names.contains(value) { return value }
        var text = "\(what) cannot be ‘\(value)’"
        if let near = Suggestion.nearest(to: value, in: names) {
            text += "; did you mean ‘\(near)’?"
        } else {
            text += "; it is one of \(names.joined(separator: ", "))"
        }
        problem(text, at: node)
        return nil
    }

    mutating func type(_ node: Node, _ what: String) -> EntityType? {
        guard let value = string(node, what) else { return nil }
        let type = EntityType(rawValue: value)
        if type.isWellFormed { return type }
        problem("\(what) ‘\(value)’ must be upper-case letters, digits and _", at: node)
        return nil
    }

    /// The file as JSON: plain scalars by the YAML 1.2 core schema, quoted ones as strings.
    static func json(_ node: Node) -> JSONValue {
        switch node {
        case .scalar(let scalar):
            guard scalar.style == .plain || scalar.style == .any else {
                return .string(scalar.string)
            }
            switch scalar.string {
            case "true": return true
            case "false": return false
            case "", "null", "~": return .null
            default:
                if let whole = Int(scalar.string) { return .integer(whole) }
                let first = scalar.string.utf8.first ?? 0
                if first.isDigit || first == 0x2D || first == 0x2E,
                    let value = Double(scalar.string)
                {
                    return .double(value)
                }
                return .string(scalar.string)
            }
        case .sequence(let sequence): return .array(sequence.map(json))
        case .mapping(let mapping):
            var object: [String: JSONValue] = [:]
            for (key, value) in mapping { object[key.string ?? ""] = json(value) }
            return .object(object)
        case .alias: return .null
        }
    }
}
