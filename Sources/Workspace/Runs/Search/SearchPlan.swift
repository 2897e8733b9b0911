import EngineProtocol
import Records

/// What a search tries, and how it judges: the form of `schemas/search.schema.json`.
struct SearchPlan: Sendable, Hashable {
    /// How trials are chosen.
    enum Strategy: String, Sendable, CaseIterable {
        /// Each trial runs in full (Bergstra and Bengio 2012).
        case random
        /// Many trials run a little, the best go on (``HalvingSchedule``).
        case halving
    }

    /// What successive halving spends.
    struct Halving: Sendable, Hashable {
        /// One in how many goes on.
        var factor = 3
        /// What the last round gives; nil: what the run's parameters say.
        var most: Double?
        /// What no round is below; nil: a 27th of the most.
        var least: Double?
    }

    var space = SearchSpace()
    var strategy = Strategy.random
    var trials = 12
    /// The score that trials are judged by; nil: the usual one of the task.
    var metric: SearchMetric?
    /// What the draws follow from.
    var seed: UInt64 = 42
    var halving = Halving()

    /// The most trials of a search.
    static let trialLimit = 500

    /// Reads a search file; what it does not say keeps its default.
    mutating func take(_ file: JSONValue, named path: String) throws {
        let reader = try PlanReader(
            file, path,
            known: [
                "version", "strategy", "trials", "metric", "seed", "parameters", "halving",
            ])
        _ = try reader.whole("version", 1...1)
        if let word = try reader.text("strategy") { try set(strategy: word) }
        if let count = try reader.whole("trials", 1...Self.trialLimit) { trials = count }
        if let name = try reader.text("metric") { try set(metric: name) }
        if let value = try reader.whole("seed", 0...Int.max) { seed = UInt64(value) }
        if let parameters = try reader.object("parameters") {
            for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
                try space.add(name, try Self.range(value, name, path))
            }
        }
        if let members = try reader.object("halving") {
            let inner = try PlanReader(
                .object(members), "\(path): halving", known: ["factor", "most", "least"])
            if let factor = try inner.whole("factor", 2...100) { halving.factor = factor }
            halving.most = try inner.positive("most") ?? halving.most
            halving.least = try inner.positive("least") ?? halving.least
        }
    }

    private static func range(
        _ value: JSONValue, _ name: String, _ path: String
    ) throws -> SearchRange {
        if let text = value.stringValue { return try SearchRange(text: text, of: name) }
        if let choices = value.arrayValue { return try SearchRange(choices: choices, of: name) }
        let reader = try PlanReader(
            value, "\(path): \(name)", known: ["min", "max", "scale", "whole", "choices"])
        if let choices = value["choices"]?.arrayValue {
            return try SearchRange(choices: choices, of: name)
        }
        let scale = try reader.text("scale") ?? "linear"
        guard ["linear", "log"].contains(scale) else {
            throw SearchRange.wrong(name, "`scale` is linear or log")
        }
        guard let lower = try reader.number("min"), let upper = try reader.number("max") else {
            throw SearchRange.wrong(name, "it needs `min` and `max`, or `choices`")
        }
        return try SearchRange(
            min: lower, max: upper, isLog: scale == "log",
            isWhole: value["whole"]?.boolValue ?? false, of: name)
    }

    /// Takes a strategy by its word.
    mutating func set(strategy word: String) throws {
        guard let known = Strategy(rawValue: word) else {
            throw WorkspaceError(
                .usage, "there is no strategy `\(word)`",
                hint: Suggestion.hint(
                    for: word, in: Strategy.allCases.map(\.rawValue), called: "strategies"))
        }
        strategy = known
    }

    /// Takes a score by its name.
    mutating func set(metric name: String) throws {
        guard SearchMetric.names.contains(name) else {
            throw WorkspaceError(
                .usage, "no run is judged by `\(name)`",
                hint: Suggestion.hint(for: name, in: SearchMetric.names, called: "metrics"))
        }
        metric = SearchMetric(name: name)
    }

    /// Whether there is something to search over.
    func check() throws {
        guard !space.ranges.isEmpty else {
            throw WorkspaceError(
                .usage, "there is nothing to search over",
                hint: "--set-range learning_rate=1e-5..1e-3:log, or a file with --search")
        }
        guard (1...Self.trialLimit).contains(trials) else {
            throw WorkspaceError(.usage, "a search has 1 to \(Self.trialLimit) trials")
        }
    }
}

/// Typed reading of one object of a search file; unknown members are errors with a suggestion.
private struct PlanReader {
    let members: [String: JSONValue]
    let what: String

    init(_ value: JSONValue, _ what: String, known: [String]) throws {
        guard let members = value.objectValue else {
            throw WorkspaceError(
                .usage, "\(what) holds no members", hint: "see schemas/search.schema.json")
        }
        for name in members.keys.sorted() where !known.contains(name) {
            throw WorkspaceError(
                .usage, "\(what): there is no member `\(name)`",
                hint: Suggestion.hint(for: name, in: known, called: "members"))
        }
        self.members = members
        self.what = what
    }

    private func wrong(_ name: String, _ form: String) -> WorkspaceError {
        WorkspaceError(
            .usage, "\(what): `\(name)` is \(form)", hint: "see schemas/search.schema.json")
    }

    func text(_ name: String) throws -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.stringValue else { throw wrong(name, "a word") }
        return text
    }

    func whole(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
        guard let value = members[name] else { return nil }
        guard let number = value.intValue, range.contains(number) else {
            throw wrong(name, "a whole number, \(range.lowerBound) … \(range.upperBound)")
        }
        return number
    }

    func number(_ name: String) throws -> Double? {
        guard let value = members[name] else { return nil }
        // YAML reads 1e-5 as text: its numbers have a point.
        guard let number = value.doubleValue ?? value.stringValue.flatMap(Double.init) else {
            throw wrong(name, "a number")
        }
        return number
    }

    func positive(_ name: String) throws -> Double? {
        guard let value = try number(name) else { return nil }
        guard value > 0, value.isFinite else { throw wrong(name, "a number above 0") }
        return value
    }

    func object(_ name: String) throws -> [String: JSONValue]? {
        guard let value = members[name] else { return nil }
        guard let object = value.objectValue else { throw wrong(name, "an object") }
        return object
    }
}
