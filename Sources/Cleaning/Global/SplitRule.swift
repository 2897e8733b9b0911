internal import Records

/// How much of the data each part gets, in millionths, so that no rounding depends on a machine.
public struct SplitFractions: Sendable, Hashable {
    /// 80, 10 and 10 per cent.
    public static let standard = SplitFractions(800_000, 100_000, 100_000)

    /// Millionths of the groups to learn from.
    public let train: UInt64
    /// Millionths of the groups to choose between models on.
    public let validation: UInt64
    /// Millionths of the groups to judge the result on.
    public let test: UInt64

    private init(_ train: UInt64, _ validation: UInt64, _ test: UInt64) {
        self.train = train
        self.validation = validation
        self.test = test
    }

    /// Fractions from 0 to 1 that make 1 together, to a millionth.
    public init(train: Double, validation: Double, test: Double) throws(CleaningError) {
        let parts = [train, validation, test]
        guard parts.allSatisfy({ (0...1).contains($0) }), abs(parts.reduce(0, +) - 1) < 1e-6 else {
            throw CleaningError(
                .badParameter, "the fractions of a split have to be from 0 to 1 and make 1",
                hint: "for example train 0.8, validation 0.1, test 0.1")
        }
        let trained = UInt64((train * 1e6).rounded())
        let validated = UInt64((validation * 1e6).rounded())
        self.init(trained, validated, 1_000_000 - min(1_000_000, trained + validated))
    }

    /// The millionths of a part.
    func millionths(of split: Split) -> UInt64 {
        switch split {
        case .train: train
        case .validation: validation
        case .test: test
        }
    }

    /// The part of a point of 64 evenly spread bits.
    func split(of point: UInt64) -> Split {
        let place = point.multipliedFullWidth(by: 1_000_000).high
        if place < train { return .train }
        return place < train + validation ? .validation : .test
    }
}

/// What a split keeps together.
public enum SplitGroup: Sendable, Hashable {
    /// All records about one person; records about nobody by a field, if one is named.
    case subject(orField: String?)
    /// All records with the same value of a field.
    case field(String)
    /// Nothing: each record for itself.
    case record
}

/// Into which parts the data goes, and what stays together.
public struct SplitRule: Sendable, Hashable {
    /// How much each part gets.
    public let fractions: SplitFractions
    /// What stays together.
    public let group: SplitGroup
    /// A field whose values each part gets in the same shares; nil: parts are drawn by group alone.
    public let stratify: String?

    /// Makes a rule.
    public init(
        fractions: SplitFractions = .standard, group: SplitGroup = .subject(orField: nil),
        stratify: String? = nil
    ) {
        self.fractions = fractions
        self.group = group
        self.stratify = stratify
    }

    /// The parameters as a recipe writes them.
    var json: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "train": .double(Double(fractions.train) / 1e6),
            "validation": .double(Double(fractions.validation) / 1e6),
            "test": .double(Double(fractions.test) / 1e6),
        ]
        switch group {
        case .subject(let field):
            members["by"] = "subject"
            if let field { members["field"] = .string(field) }
        case .field(let field):
            members["by"] = "field"
            members["field"] = .string(field)
        case .record: members["by"] = "record"
        }
        if let stratify { members["stratify"] = .string(stratify) }
        return members
    }
}
