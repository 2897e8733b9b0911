import Records

/// The members of a model's `config.json`, read with errors that name the member.
struct ConfigMembers {
    let values: [String: JSONValue]

    init(_ values: [String: JSONValue]) { self.values = values }

    init(bytes: [UInt8]) throws(ModelFilesError) {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            throw ModelFilesError(
                .malformed, "config.json is not JSON: \(error)", hint: "Fetch the model again.")
        }
        try self.init(json: value)
    }

    init(json: JSONValue) throws(ModelFilesError) {
        guard case .object(let members) = json else {
            throw ModelFilesError(
                .malformed, "config.json is not an object", hint: "Fetch the model again.")
        }
        values = members
    }

    /// The member `name`; nil where it is absent or null.
    subscript(name: String) -> JSONValue? {
        guard let value = values[name], !value.isNull else { return nil }
        return value
    }

    /// `model_type`; files that are older than it describe a BERT.
    var modelType: String { self["model_type"]?.stringValue ?? "bert" }

    /// A whole number above 0 that sizes something.
    func count(_ name: String, default standard: Int? = nil) throws(ModelFilesError) -> Int {
        let value = self[name].map(\.intValue) ?? standard
        guard let value, value > 0, value <= 1 << 24 else {
            throw ModelFilesError(
                .malformed, "config.json has no usable \(name)",
                hint: "It must be a whole number above 0.")
        }
        return value
    }

    /// A finite number above 0.
    func number(_ name: String, default standard: Double) throws(ModelFilesError) -> Double {
        guard let member = self[name] else { return standard }
        guard let value = member.doubleValue, value.isFinite, value > 0 else {
            throw ModelFilesError(
                .malformed, "config.json has no usable \(name)",
                hint: "It must be a number above 0.")
        }
        return value
    }

    func flag(_ name: String, default standard: Bool = false) -> Bool {
        self[name]?.boolValue ?? standard
    }

    /// A token's id, or the first of several; nil if there is none.
    func token(_ name: String) throws(ModelFilesError) -> Int32? { try tokens(name).first }

    /// A token's id, or several.
    func tokens(_ name: String) throws(ModelFilesError) -> [Int32] {
        guard let member = self[name] else { return [] }
        var ids: [Int32] = []
        for value in member.arrayValue ?? [member] {
            guard let id = value.intValue.flatMap(Int32.init(exactly:)) else {
                throw ModelFilesError(
                    .malformed, "config.json has no usable \(name)",
                    hint: "It must be a token's id, or a list of them.")
            }
            // Some files say -1 for none.
            if id >= 0 { ids.append(id) }
        }
        return ids
    }

    /// Refuses another value of a member that changes the arithmetic.
    func require(
        _ name: String, oneOf wanted: [String], default standard: String? = nil
    ) throws(ModelFilesError) {
        guard let found = self[name]?.stringValue ?? standard, !wanted.contains(found) else {
            return
        }
        throw ModelFilesError(
            .unsupported, "the model has \(name) \(found)",
            hint: "Only \(wanted.joined(separator: " and ")) is built in.")
    }

    /// Refuses a switch of the arithmetic that is not as it must be.
    func require(_ name: String, is wanted: Bool) throws(ModelFilesError) {
        guard flag(name, default: wanted) != wanted else { return }
        throw ModelFilesError(
            .unsupported, "the model has \(name) \(!wanted)", hint: "Only \(wanted) is built in.")
    }

    /// Refuses weights that a method of quantisation, which the file names, has packed.
    func requirePlainWeights() throws(ModelFilesError) {
        guard let quantization = self["quantization_config"] else { return }
        throw ModelFilesError(
            .unsupported,
            "the model's weights are packed by "
                + (quantization["quant_method"]?.stringValue ?? "a quantisation method"),
            hint: "Use the original model, or a GGUF file of it.")
    }
}
