internal import Records

/// What makes records near duplicates, which one of them stays, and what is done about the others.
public struct NearDuplicateRule: Sendable, Hashable {
    /// What is done about a record that repeats another.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// It is dropped.
        case drop
        /// It gets the field `near_duplicate_of` with the rid of the one that stays.
        case flag
    }

    /// Which of several stays, after the part of the split and the quality.
    public enum Keep: String, Sendable, Hashable, CaseIterable {
        /// The one of the most words, then the one of the smallest rid.
        case longest
        /// The one of the smallest rid.
        case first
    }

    /// How many bands of ``rows`` places a sketch has: 42 × 6 finds a pair of similarity J with a
    /// probability of 1 − (1 − J⁶)⁴².
    static let bands = 42
    /// Places a band has.
    static let rows = 6

    /// The fields compared; nil: the standard fields of the kind but the label.
    public let fields: [String]?
    /// The least Jaccard similarity of the sets of word runs, from 0.6 to 1.
    public let threshold: Double
    /// Words in a run.
    public let shingle: Int
    /// Which of several stays.
    public let keep: Keep
    /// A field whose number is the quality of a record: the highest stays. A dotted name reaches
    /// into objects.
    public let quality: String?
    /// What is done about the others.
    public let action: Action
    /// For how many records the exact neighbours are computed, to measure recall and precision.
    public let sample: Int

    /// Makes a rule.
    public init(
        fields: [String]? = nil, threshold: Double = 0.7, shingle: Int = 5, keep: Keep = .longest,
        quality: String? = nil, action: Action = .drop, sample: Int = 200
    ) {
        self.fields = fields
        self.threshold = threshold
        self.shingle = shingle
        self.keep = keep
        self.quality = quality
        self.action = action
        self.sample = sample
    }

    /// The probability that two records of similarity `similarity` are compared at all.
    public static func expectedRecall(at similarity: Double) -> Double {
        var row = 1.0
        for _ in 0..<rows { row *= similarity }
        var miss = 1.0
        for _ in 0..<bands { miss *= 1 - row }
        return 1 - miss
    }

    /// The quality that the record's field says; the lowest there is without one.
    func quality(of record: Record) -> Double {
        guard let quality else { return 0 }
        var value = record.fields[quality]
        if value == nil {
            let path = quality.split(separator: ".").map(String.init)
            value = path.dropFirst().reduce(path.first.flatMap { record.fields[$0] }) { $0?[$1] }
        }
        let number = value?.doubleValue ?? value?.stringValue.flatMap { Double($0) }
        return number.flatMap { $0.isNaN ? nil : $0 } ?? -.infinity
    }

    /// The parameters as a recipe writes them.
    var json: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "threshold": .double(threshold), "words": .integer(shingle),
            "keep": .string(keep.rawValue), "action": .string(action.rawValue),
            "sample": .integer(sample),
        ]
        if let fields { members["fields"] = .array(fields.sorted().map { .string($0) }) }
        if let quality { members["quality"] = .string(quality) }
        return members
    }
}

/// How much a record is wanted among near duplicates; the smallest stays.
///
/// First what the split protects (test, then validation, then train and records without a part),
/// then quality, then length, then the rid.
struct KeepRank: Sendable, Comparable {
    let part: UInt8
    let quality: Double
    let words: UInt32
    let rid: RecordID

    init(_ record: Record, words: Int, rule: NearDuplicateRule) {
        part = record.split.keepOrder
        quality = rule.quality(of: record)
        self.words = rule.keep == .longest ? UInt32(clamping: words) : 0
        rid = record.rid
    }

    static func < (left: KeepRank, right: KeepRank) -> Bool {
        if left.part != right.part { return left.part < right.part }
        if left.quality != right.quality { return left.quality > right.quality }
        if left.words != right.words { return left.words > right.words }
        return left.rid < right.rid
    }
}

extension Split? {
    /// What stays when records of several parts repeat each other: the frozen evaluation records
    /// stay, since the train ones are what would leak them.
    var keepOrder: UInt8 {
        switch self {
        case .test: 0
        case .validation: 1
        case .train, nil: 2
        }
    }
}
