import Glibc
import Records

/// The values that a search may give one parameter.
struct SearchRange: Sendable, Hashable {
    /// How values are spread.
    enum Spread: Sendable, Hashable {
        /// Evenly between two numbers, both included.
        case linear(Double, Double)
        /// Evenly on a logarithmic scale: a rate of 1e-5 is as far from 1e-4 as that from 1e-3.
        case log(Double, Double)
        /// One of a list, each as likely.
        case choices([JSONValue])
    }

    /// How values are spread.
    var spread: Spread
    /// Whether only whole numbers are drawn.
    var isWhole: Bool

    /// Numbers are rounded to this many significant digits: a rate of 0.00037418… says no more
    /// than 0.0003742, and can be typed again.
    private static let digits = 4

    /// Draws a value.
    func draw(_ random: inout SeededRandom) -> JSONValue {
        let share = random.unit()
        switch spread {
        case .choices(let choices):
            return choices[min(choices.count - 1, Int(share * Double(choices.count)))]
        case .linear(let lower, let upper):
            if isWhole { return whole(floor(lower + share * (upper - lower + 1)), lower, upper) }
            return number(lower + share * (upper - lower), lower, upper)
        case .log(let lower, let upper):
            if isWhole {
                // Every whole number gets the part of the scale up to the next one.
                let drawn = lower * pow((upper + 1) / lower, share)
                return whole(floor(drawn), lower, upper)
            }
            return number(lower * pow(upper / lower, share), lower, upper)
        }
    }

    private func whole(_ value: Double, _ lower: Double, _ upper: Double) -> JSONValue {
        .integer(Int(min(upper, max(lower, value))))
    }

    private func number(_ value: Double, _ lower: Double, _ upper: Double) -> JSONValue {
        // Read back out of its text, so that who types it gets the same number.
        let rounded = Double(NumberText.short(value, digits: Self.digits)) ?? value
        return .double(min(upper, max(lower, rounded)))
    }

    /// How many values there are; nil: more than anyone tries.
    var count: Int? {
        switch spread {
        case .choices(let choices): choices.count
        case .linear(let lower, let upper), .log(let lower, let upper):
            isWhole ? Int(upper - lower) + 1 : nil
        }
    }

    /// The range as a file has it.
    var json: JSONValue {
        switch spread {
        case .choices(let choices): return ["choices": .array(choices)]
        case .linear(let lower, let upper), .log(let lower, let upper):
            let isLog = if case .log = spread { true } else { false }
            return [
                "min": .double(lower), "max": .double(upper),
                "scale": isLog ? "log" : "linear", "whole": .bool(isWhole),
            ]
        }
    }
}

extension SearchRange {
    /// Reads what `--set-range` takes after the name:
    ///
    ///     1e-5..1e-3:log     0..0.2     2..64:log,whole     4|8|16     query,value|all-linear
    init(text: String, of name: String) throws {
        guard let dots = text.firstRange(of: "..") else {
            let words = text.split(separator: "|", omittingEmptySubsequences: false).map(
                String.init)
            guard words.count > 1, !words.contains("") else {
                throw Self.wrong(name, "`\(text)` is neither a range nor a list of choices")
            }
            try self.init(choices: words.map { .string($0) }, of: name)
            return
        }
        let end = text[dots.upperBound...].split(separator: ":", maxSplits: 1)
        guard let last = end.first, let lower = Double(text[..<dots.lowerBound]),
            let upper = Double(last)
        else { throw Self.wrong(name, "`\(text)` has no two numbers around `..`") }
        let words = end.count > 1 ? end[1].split(separator: ",").map(String.init) : []
        for word in words where !["log", "linear", "whole"].contains(word) {
            throw Self.wrong(name, "a range is `log`, `linear` or `whole`, not `\(word)`")
        }
        try self.init(
            min: lower, max: upper, isLog: words.contains("log"),
            isWhole: words.contains("whole"), of: name)
    }

    /// A range of numbers.
    init(min lower: Double, max upper: Double, isLog: Bool, isWhole: Bool, of name: String) throws {
        guard lower.isFinite, upper.isFinite, lower < upper else {
            throw Self.wrong(name, "a range goes from a number to a larger one")
        }
        guard !isLog || lower > 0 else {
            throw Self.wrong(name, "a logarithmic range begins above 0")
        }
        guard !isWhole || lower == lower.rounded() && upper == upper.rounded() else {
            throw Self.wrong(name, "a range of whole numbers has whole ends")
        }
        guard !isWhole || upper.magnitude < 1e15 && lower.magnitude < 1e15 else {
            throw Self.wrong(name, "a range of whole numbers ends below 1e15")
        }
        self.init(spread: isLog ? .log(lower, upper) : .linear(lower, upper), isWhole: isWhole)
    }

    /// A list.
    init(choices: [JSONValue], of name: String) throws {
        guard Set(choices).count == choices.count, !choices.isEmpty else {
            throw Self.wrong(name, "choices are different from each other")
        }
        self.init(spread: .choices(choices), isWhole: false)
    }

    static func wrong(_ name: String, _ what: String) -> WorkspaceError {
        WorkspaceError(
            .usage, "search over \(name): \(what)",
            hint: "as in learning_rate=1e-5..1e-3:log, num_train_epochs=1..4:whole or r=4|8|16")
    }
}
