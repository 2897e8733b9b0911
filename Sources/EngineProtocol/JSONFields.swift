import Records

/// Typed reading of the members of one JSON object, with errors that name the member.
struct JSONFields {
    let what: String
    let members: [String: JSONValue]

    init(_ value: JSONValue?, _ what: String) throws(EngineProtocolError) {
        guard let members = value?.objectValue else {
            throw EngineProtocolError(
                .malformed, "\(what) is no JSON object", hint: "see docs/engine-protocol.md")
        }
        self.what = what
        self.members = members
    }

    /// Parses one JSON object.
    init(bytes: [UInt8], _ what: String) throws(EngineProtocolError) {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            throw EngineProtocolError(
                .malformed, "\(what) is no JSON: \(error.code.rawValue)",
                hint: "see docs/engine-protocol.md")
        }
        try self.init(value, what)
    }

    private func wrong(_ name: String, _ type: String) -> EngineProtocolError {
        EngineProtocolError(
            .malformed, "\(what): member '\(name)' is missing or no \(type)",
            hint: "see docs/engine-protocol.md")
    }

    func text(_ name: String) throws(EngineProtocolError) -> String {
        guard let value = members[name]?.stringValue else { throw wrong(name, "string") }
        return value
    }

    func text(_ name: String, or other: String) throws(EngineProtocolError) -> String {
        isAbsent(name) ? other : try text(name)
    }

    func integer(_ name: String) throws(EngineProtocolError) -> Int {
        guard let value = members[name]?.intValue else { throw wrong(name, "whole number") }
        return value
    }

    func number(_ name: String) throws(EngineProtocolError) -> Double {
        guard let value = members[name]?.doubleValue else { throw wrong(name, "number") }
        return value
    }

    func optionalNumber(_ name: String) throws(EngineProtocolError) -> Double? {
        isAbsent(name) ? nil : try number(name)
    }

    func optionalText(_ name: String) throws(EngineProtocolError) -> String? {
        isAbsent(name) ? nil : try text(name)
    }

    func texts(_ name: String) throws(EngineProtocolError) -> [String] {
        guard let value = members[name]?.stringArray else { throw wrong(name, "array of strings") }
        return value
    }

    func array(_ name: String) throws(EngineProtocolError) -> [JSONValue] {
        guard let value = members[name]?.arrayValue else { throw wrong(name, "array") }
        return value
    }

    func value(_ name: String) -> JSONValue { members[name] ?? .null }

    func isAbsent(_ name: String) -> Bool { members[name]?.isNull ?? true }

    /// A member that names a case.
    func choice<Choice: RawRepresentable<String>>(
        _ name: String, of type: Choice.Type
    ) throws(EngineProtocolError) -> Choice {
        guard let value = Choice(rawValue: try text(name)) else {
            throw wrong(name, "known \(Choice.self)")
        }
        return value
    }
}
