import EngineProtocol
import Records

/// The parameters that a search varies, each with its values.
struct SearchSpace: Sendable, Hashable {
    /// Ranges by the parameter's name.
    private(set) var ranges: [String: SearchRange] = [:]

    /// Declares a parameter; a later word about the same name counts.
    ///
    /// - Throws: what the parameter itself would throw: an unknown name, with a suggestion, or a
    ///   value that it does not take.
    mutating func add(_ name: String, _ range: SearchRange) throws {
        var range = range
        var parameters = HyperParameters()
        switch range.spread {
        case .choices(let choices):
            for choice in choices { try parameters.set(name, RunSettings.text(of: choice)) }
        case .linear(let lower, let upper), .log(let lower, let upper):
            for end in [lower, upper] {
                let whole = end.magnitude < 1e15 ? Int(exactly: end) : nil
                try parameters.set(name, whole.map { .integer($0) } ?? .double(end))
            }
            // What takes only whole numbers is searched over whole numbers.
            let takesFractions = (try? parameters.set(name, .double(0.5))) != nil
            if !takesFractions, !range.isWhole {
                range = try SearchRange(
                    min: lower, max: upper,
                    isLog: range.spread == .log(lower, upper), isWhole: true, of: name)
            }
        }
        ranges[name] = range
    }

    /// How many different trials there are; nil: more than anyone tries.
    var count: Int? {
        var count = 1
        for range in ranges.values {
            guard let own = range.count else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: own)
            if overflow { return nil }
            count = product
        }
        return count
    }

    /// The parameters of trials 1, 2, …, each different from all before it.
    ///
    /// A trial follows from the seed and its number: more trials leave the first ones as they are.
    /// A space that has fewer points gives fewer trials.
    func trials(_ wanted: Int, seed: UInt64) -> [SearchPoint] {
        var points: [SearchPoint] = []
        var seen: Set<[String: JSONValue]> = []
        let names = ranges.keys.sorted()
        while points.count < min(wanted, count ?? wanted) {
            let number = points.count + 1
            var attempt = 0
            while true {
                var values: [String: JSONValue] = [:]
                for name in names {
                    var random = SeededRandom(
                        key: BigEndian.bytes(seed), tag: "search:\(number):\(attempt):\(name)")
                    values[name] = ranges[name]?.draw(&random)
                }
                if seen.insert(values).inserted {
                    points.append(SearchPoint(number: number, values: values))
                    break
                }
                attempt += 1
                // What is left of a small space is found by going through it.
                if attempt == 200, let rest = firstUnseen(seen, names) {
                    seen.insert(rest)
                    points.append(SearchPoint(number: number, values: rest))
                    break
                }
                if attempt == 10_000 { return points }
            }
        }
        return points
    }

    private func firstUnseen(
        _ seen: Set<[String: JSONValue]>, _ names: [String]
    ) -> [String: JSONValue]? {
        guard let count, count <= 1_000_000 else { return nil }
        for index in 0..<count {
            var (values, rest) = ([String: JSONValue](), index)
            for name in names {
                guard let range = ranges[name], let own = range.count else { return nil }
                values[name] = range.value(at: rest % own)
                rest /= own
            }
            if !seen.contains(values) { return values }
        }
        return nil
    }

    /// The space as a file has it.
    var json: JSONValue { .object(ranges.mapValues(\.json)) }
}

/// One trial's parameters.
struct SearchPoint: Sendable, Hashable {
    /// From 1.
    var number: Int
    /// What was drawn.
    var values: [String: JSONValue]

    /// The parameters as `--set` takes them, by name.
    var settings: [(String, String)] {
        values.sorted { $0.key < $1.key }.map { ($0.key, RunSettings.settingText(of: $0.value)) }
    }
}

extension SearchRange {
    /// The value at a place of a list or of whole numbers.
    func value(at index: Int) -> JSONValue? {
        switch spread {
        case .choices(let choices): choices.indices.contains(index) ? choices[index] : nil
        case .linear(let lower, _), .log(let lower, _):
            isWhole ? .integer(Int(lower) + index) : nil
        }
    }
}

extension RunSettings {
    /// A value exactly, as `--set` takes it.
    static func settingText(of value: JSONValue) -> String {
        switch value {
        case .number(let literal):
            // Short where that is the same number.
            Double(text(of: value)) == Double(literal) ? text(of: value) : literal
        case .array(let values): values.map(settingText).joined(separator: ",")
        default: text(of: value)
        }
    }
}
