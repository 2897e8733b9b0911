internal import Records

extension BoilerplateRule {
    /// Reads the parameters of `boilerplate`.
    init(_ read: inout ParameterReader) throws(CleaningError) {
        let share = try read.double("share") ?? 0.05
        guard (0...1).contains(share) else { throw read.bad("share", "a number from 0 to 1") }
        self.init(
            fields: try read.strings("fields"), source: try read.string("source"),
            minimumRecords: try read.integer("min_records") ?? 20, share: share,
            minimumWords: try read.integer("min_words") ?? 3,
            removesNotices: try read.bool("notices") ?? true)
    }

    /// The parameters as a recipe writes them.
    var json: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "min_records": .integer(minimumRecords), "share": .double(share),
            "min_words": .integer(minimumWords), "notices": .bool(removesNotices),
        ]
        if let fields { members["fields"] = .array(fields.map { .string($0) }) }
        if let source { members["source"] = .string(source) }
        return members
    }
}

extension LanguageRule {
    /// Reads the parameters of `language`.
    init(_ read: inout ParameterReader) throws(CleaningError) {
        let confidence = try read.double("min_confidence") ?? 0.6
        guard (0...1).contains(confidence) else {
            throw read.bad("min_confidence", "a number from 0 to 1")
        }
        let kept = try read.strings("keep")
        self.init(
            fields: try read.strings("fields"), into: try read.string("into") ?? "language",
            kept: kept.map { Set($0.map { $0.lowercased() }) }, minimumConfidence: confidence)
    }

    /// The parameters as a recipe writes them.
    var json: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "into": .string(into), "min_confidence": .double(minimumConfidence),
        ]
        if let fields { members["fields"] = .array(fields.map { .string($0) }) }
        if let kept { members["keep"] = .array(kept.sorted().map { .string($0) }) }
        return members
    }
}

extension QualityRule {
    private enum RuleSet: String, CaseIterable { case gopher, c4 }

    /// Reads the parameters of `quality`: `drop` names sets of limits or signals of them, `limits`
    /// has limits of one's own, which win.
    init(_ read: inout ParameterReader) throws(CleaningError) {
        var limits: [QualitySignal: QualityLimit] = [:]
        let known = QualitySignal.gopher.merging(QualitySignal.c4) { first, _ in first }
        let names = known.keys.map(\.rawValue).sorted().joined(separator: ", ")
        let dropped = try read.strings("drop") ?? []
        for name in dropped {
            switch RuleSet(rawValue: name) {
            case .gopher: limits.merge(QualitySignal.gopher) { first, _ in first }
            case .c4: limits.merge(QualitySignal.c4) { first, _ in first }
            case nil:
                guard let signal = QualitySignal(rawValue: name), let limit = known[signal] else {
                    throw read.bad("drop", "gopher, c4, or of \(names)")
                }
                limits[signal] = limit
            }
        }
        let own = try read.object("limits") ?? [:]
        for (name, value) in own {
            guard let signal = QualitySignal(rawValue: name), let members = value.objectValue,
                Set(members.keys).isSubset(of: ["min", "max"]), !members.isEmpty,
                members.values.allSatisfy({ $0.doubleValue != nil })
            else { throw read.bad("limits", "{SIGNAL: {min: NUMBER, max: NUMBER}, …}") }
            limits[signal] = QualityLimit(
                minimum: members["min"]?.doubleValue, maximum: members["max"]?.doubleValue)
        }
        let badWords = try read.strings("bad_words") ?? []
        self.init(
            fields: try read.strings("fields"), into: try read.string("into") ?? "quality",
            limits: limits, badWords: Set(badWords.map { $0.lowercased() }))
    }

    /// The parameters as a recipe writes them, every limit written out.
    var json: [String: JSONValue] {
        var members: [String: JSONValue] = ["into": .string(into)]
        if let fields { members["fields"] = .array(fields.map { .string($0) }) }
        if !badWords.isEmpty {
            members["bad_words"] = .array(badWords.sorted().map { .string($0) })
        }
        if !limits.isEmpty {
            var list: [String: JSONValue] = [:]
            for (signal, limit) in limits {
                var ends: [String: JSONValue] = [:]
                if let minimum = limit.minimum { ends["min"] = .double(minimum) }
                if let maximum = limit.maximum { ends["max"] = .double(maximum) }
                list[signal.rawValue] = .object(ends)
            }
            members["limits"] = .object(list)
        }
        return members
    }
}
