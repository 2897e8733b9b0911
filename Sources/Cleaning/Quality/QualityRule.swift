internal import Records

/// Measures quality signals, and drops records beyond limits if it has any.
public struct QualityRule: Sendable, Hashable {
    /// The fields looked at, as one text; nil: the standard fields of the kind, without labels.
    public let fields: [String]?
    /// The field that the signals go to.
    public let into: String
    /// Limits; a record beyond one is dropped as `quality-SIGNAL`. Empty: none is.
    public let limits: [QualitySignal: QualityLimit]
    /// Words to count as bad, in lower case.
    public let badWords: Set<String>

    /// Makes a rule.
    public init(
        fields: [String]? = nil, into: String = "quality",
        limits: [QualitySignal: QualityLimit] = [:], badWords: Set<String> = []
    ) {
        self.fields = fields
        self.into = into
        self.limits = limits
        self.badWords = badWords
    }

    /// Applies the rule. Returns why the record is dropped, or nil.
    ///
    /// A record that has something else than signals where they should go keeps it; the signals
    /// then go to `NAME.signals`.
    func apply(_ record: inout Record, changed: inout Bool) -> String? {
        let signals = QualitySignals(of: record, fields: fields, badWords: badWords)
        for signal in QualitySignal.allCases {
            guard let limit = limits[signal], let value = signals[signal] else { continue }
            // English stop words say nothing about other languages.
            if signal == .stopWords, let language = record.text("language"), language != "en" {
                continue
            }
            if !limit.allows(value) {
                let name = signal.rawValue.map { $0 == "_" ? "-" : $0 }
                return "quality-\(String(name))"
            }
        }
        let isFree = record.fields[into].map { $0.objectValue != nil || $0.isNull } ?? true
        let name = isFree ? into : "\(into).signals"
        let json = signals.json
        if record.fields[name] != json {
            record.fields[name] = json
            changed = true
        }
        return nil
    }
}
