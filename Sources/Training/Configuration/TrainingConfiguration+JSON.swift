public import Records

extension TrainingConfiguration {
    /// Reads settings by the names that ``json`` writes; what is not named keeps its default.
    ///
    ///     try TrainingConfiguration(json: ["method": "lora", "r": 16, "learning_rate": 1e-3])
    ///
    /// - Throws: `TrainingError.configuration` for an unknown name (with the likeliest one), a value
    ///   of another type, or a value out of range.
    public init(json: JSONValue) throws(TrainingError) {
        self.init()
        guard case .object(let members) = json else {
            throw Self.wrong("the training settings are not an object", "Write {\"epochs\": 3}.")
        }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) where !value.isNull {
            guard let field = Self.fields[name] else { throw Self.unknown(name) }
            guard field.set(&self, value) else {
                throw Self.wrong(
                    "\(name) cannot be \(Self.text(value))", "It must be \(field.form).")
            }
        }
        if let greater = members["greater_is_better"]?.boolValue, let metric,
            greater == metric.isBetterSmaller
        {
            throw Self.wrong(
                "greater_is_better contradicts metric_for_best_model \(metric.rawValue)",
                "Leave greater_is_better out: it follows from the metric.")
        }
        if members["max_steps"]?.intValue ?? 0 > 0, members["num_train_epochs"] == nil {
            epochs = .infinity
        }
    }

    /// Every setting with its effective value, as ``init(json:)`` reads it.
    public var json: JSONValue {
        .object(Self.fields.mapValues { $0.get(self) }.filter { !$0.value.isNull })
    }

    static func wrong(_ message: String, _ hint: String) -> TrainingError {
        TrainingError(.configuration, message, hint: hint)
    }

    private static func text(_ value: JSONValue) -> String {
        String(decoding: CanonicalJSON.encode(value).prefix(60), as: UTF8.self)
    }

    private static func unknown(_ name: String) -> TrainingError {
        guard let nearest = Suggestion.nearest(to: name, in: fields.keys.sorted()) else {
            let known = fields.keys.sorted().joined(separator: ", ")
            return wrong("unknown training setting \(name)", "Known are: \(known).")
        }
        return wrong("unknown training setting \(name)", "Did you mean \(nearest)?")
    }
}
