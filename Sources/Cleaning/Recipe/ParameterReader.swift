internal import Records

/// Reads the parameters of one operation, and refuses those it does not have.
struct ParameterReader {
    private let operation: String
    private let members: [String: JSONValue]
    private var known: [String] = ["op"]

    init(operation: String, members: [String: JSONValue]) {
        self.operation = operation
        self.members = members
    }

    /// Throws if a parameter was given that nobody asked for.
    func finish() throws(CleaningError) {
        for name in members.keys.sorted() where !known.contains(name) {
            throw CleaningError(
                .unknownParameter, "the operation '\(operation)' has no parameter '\(name)'",
                hint: Suggestion.hint(
                    for: name, in: known.filter { $0 != "op" }, called: "parameters"))
        }
    }

    mutating func strings(_ name: String) throws(CleaningError) -> [String]? {
        guard let value = value(name) else { return nil }
        if let one = value.stringValue { return [one] }
        guard let strings = value.stringArray else { throw bad(name, "a list of strings") }
        return strings
    }

    mutating func string(_ name: String) throws(CleaningError) -> String? {
        guard let value = value(name) else { return nil }
        guard let string = value.stringValue else { throw bad(name, "a string") }
        return string
    }

    mutating func bool(_ name: String) throws(CleaningError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let bool = value.boolValue else { throw bad(name, "true or false") }
        return bool
    }

    mutating func integer(_ name: String) throws(CleaningError) -> Int? {
        guard let value = value(name) else { return nil }
        guard let integer = value.intValue, integer >= 0 else {
            throw bad(name, "a whole number from 0")
        }
        return integer
    }

    mutating func double(_ name: String) throws(CleaningError) -> Double? {
        guard let value = value(name) else { return nil }
        guard let number = value.doubleValue else { throw bad(name, "a number") }
        return number
    }

    mutating func object(_ name: String) throws(CleaningError) -> [String: JSONValue]? {
        guard let value = value(name) else { return nil }
        guard let members = value.objectValue else { throw bad(name, "an object") }
        return members
    }

    mutating func map(_ name: String) throws(CleaningError) -> [String: String]? {
        guard let value = value(name) else { return nil }
        guard let members = value.objectValue else { throw bad(name, "an object of strings") }
        var result: [String: String] = [:]
        for (key, member) in members {
            guard let text = member.stringValue ?? member.intValue.map(String.init) else {
                throw bad(name, "an object of strings")
            }
            result[key] = text
        }
        return result
    }

    /// One of a few words.
    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(CleaningError) -> Word? where Word.RawValue == String {
        guard let text = try string(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw bad(name, Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    /// The error for a parameter with a value that it does not take.
    func bad(_ name: String, _ expected: String) -> CleaningError {
        CleaningError(
            .badParameter, "the parameter '\(name)' of '\(operation)' has a wrong value",
            hint: "expected: \(expected)")
    }

    private mutating func value(_ name: String) -> JSONValue? {
        known.append(name)
        guard let value = members[name], !value.isNull else { return nil }
        return value
    }
}
