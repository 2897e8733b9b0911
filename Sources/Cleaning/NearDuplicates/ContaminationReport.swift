public import Records

/// How much of the evaluation is in train, by part; what decides about a hand-off.
public struct ContaminationReport: Sendable, Hashable {
    /// Evaluation records judged, by part.
    public internal(set) var examined: [String: Int] = [:]
    /// Of those, contaminated ones.
    public internal(set) var contaminated: [String: Int] = [:]
    /// Evaluation records of too few words to be judged.
    public internal(set) var short = 0
    /// Evaluation records that consist of boilerplate.
    public internal(set) var boilerplate = 0
    /// The share above which a version must not be handed off.
    public let limit: Double
    /// Whether the train records that contaminate were dropped.
    public internal(set) var isMended = false

    init(rule: ContaminationRule, short: Int) {
        limit = rule.limit
        self.short = short
    }

    /// Reads what ``json`` wrote; nil for anything else.
    public init?(json: JSONValue) {
        guard let limit = json["limit"]?.doubleValue, let parts = json["parts"]?.objectValue,
            let isMended = json["mended"]?.boolValue
        else { return nil }
        self.limit = limit
        self.isMended = isMended
        short = json["short"]?.intValue ?? 0
        boilerplate = json["boilerplate"]?.intValue ?? 0
        for (part, counts) in parts {
            examined[part] = counts["examined"]?.intValue
            contaminated[part] = counts["contaminated"]?.intValue
        }
    }

    /// Contaminated records of all that were judged, from 0 to 1: the larger one of the parts'
    /// shares; 0 once the records that contaminate are dropped.
    public var share: Double {
        guard !isMended else { return 0 }
        return contaminated.map { part, count in
            Double(count) / Double(max(1, examined[part] ?? 0))
        }.max() ?? 0
    }

    /// Whether the version must not be handed off.
    public var exceedsLimit: Bool { share > limit }

    /// `{"limit", "share", "exceedsLimit", "mended", "short", "boilerplate", "parts": {…}}`
    public var json: JSONValue {
        [
            "limit": .double(limit), "share": .double((share * 1e6).rounded() / 1e6),
            "exceedsLimit": .bool(exceedsLimit), "mended": .bool(isMended),
            "short": .integer(short), "boilerplate": .integer(boilerplate),
            "parts": .object(
                examined.reduce(into: [:]) { parts, part in
                    parts[part.key] = [
                        "examined": .integer(part.value),
                        "contaminated": .integer(contaminated[part.key] ?? 0),
                    ]
                }),
        ]
    }

    /// Lines for people.
    public var lines: [String] {
        var lines: [String] = []
        for (part, count) in examined.sorted(by: { $0.key < $1.key }) {
            let dirty = contaminated[part] ?? 0
            lines.append(
                "contamination: \(dirty) of \(count) records of \(part)"
                    + " (\(Ratio.percent(dirty, count))) have text that is in train"
                    + (isMended && dirty > 0 ? "; the train records are dropped" : ""))
        }
        if lines.isEmpty { lines.append("contamination: there are no evaluation records to judge") }
        if exceedsLimit {
            lines.append(
                "contamination: above the limit of \(limit): the version cannot be handed off")
        }
        return lines
    }
}
