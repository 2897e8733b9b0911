internal import Glibc
public import Records

/// Finds records far from the others: first the records make a model of the dataset's characters,
/// then each is measured by it, then the measures say what is far.
///
/// Show every record to ``fit(_:)``, then again to ``collect(_:)``, then ``resolve()``. The model is
/// made of train records and those without a part; all are measured. Memory: 6 MB, and 32 bytes a
/// record.
public struct Outliers: Sendable {
    /// The fewest records of which any can be far from the others.
    static let leastRecords = 30
    /// Shorter texts say too little for their characters to be unlikely.
    static let leastBytes = 20

    /// What is far.
    public let rule: OutlierRule
    private var model = CharacterModel()
    private var measures: [(rid: RecordID, length: Double, bits: Double?)] = []

    /// Nothing collected.
    public init(rule: OutlierRule = OutlierRule()) { self.rule = rule }

    /// Lets one record speak for what is usual.
    public mutating func fit(_ record: Record) {
        guard Self.isFitted(record) else { return }
        model.add(rule.text(of: record))
    }

    /// Adds what another part of the data made of the model.
    public mutating func mergeFit(_ other: Outliers) { model.merge(other.model) }

    /// Measures one record, once all have been fitted.
    public mutating func collect(_ record: Record) {
        let text = rule.text(of: record)
        guard !text.isEmpty else { return }
        let bits =
            text.count < Self.leastBytes
            ? nil : model.bits(of: text, isOwn: Self.isFitted(record))
        measures.append((record.rid, log(Double(ScalarBytes.count(text))), bits))
    }

    /// Adds the measures of another part of the data, made with the same model.
    public mutating func merge(_ other: Outliers) { measures += other.measures }

    /// What is far from the others.
    public func resolve() -> OutlierVerdict {
        let length = Spread(measures.map(\.length), least: 0.1)
        let bits = Spread(measures.compactMap(\.bits), least: 0.05)
        var found: [RecordID: String] = [:]
        for measure in measures where measures.count >= Self.leastRecords {
            var reasons: [String] = []
            if abs(length.deviations(measure.length)) > rule.length { reasons.append("length") }
            if let value = measure.bits, bits.deviations(value) > rule.unlikely {
                reasons.append("unlikely")
            }
            if !reasons.isEmpty { found[measure.rid] = reasons.joined(separator: ",") }
        }
        return OutlierVerdict(
            rule: rule, examined: measures.count, found: found,
            medianLength: measures.isEmpty ? 0 : exp(length.median), medianBits: bits.median)
    }

    private static func isFitted(_ record: Record) -> Bool {
        record.split == .train || record.split == nil
    }
}

/// The median, and the median distance from it scaled to a standard deviation (1.4826 · MAD: for a
/// normal distribution they are the same).
struct Spread: Sendable {
    let median: Double
    let deviation: Double

    /// `least` is the smallest deviation taken for one, so that nearly equal values have no far ones.
    init(_ values: [Double], least: Double) {
        median = Self.median(values)
        let center = median
        deviation = max(least, 1.4826 * Self.median(values.map { abs($0 - center) }))
    }

    /// How many deviations a value is above the median.
    func deviations(_ value: Double) -> Double { (value - median) / deviation }

    private static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// Which records are far from the others.
public struct OutlierVerdict: Sendable {
    /// What is far.
    public let rule: OutlierRule
    /// Records measured.
    public let examined: Int
    private let found: [RecordID: String]
    private let medianLength: Double
    private let medianBits: Double

    init(
        rule: OutlierRule, examined: Int, found: [RecordID: String], medianLength: Double,
        medianBits: Double
    ) {
        self.rule = rule
        self.examined = examined
        self.found = found
        self.medianLength = medianLength
        self.medianBits = medianBits
    }

    /// Why a record is far: `length`, `unlikely` or `length,unlikely`; nil for one that is not.
    public func reason(for rid: RecordID) -> String? { found[rid] }

    /// Records by reason.
    public var counts: [String: Int] {
        found.values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// Numbers for manifests and reports.
    public var json: JSONValue {
        [
            "examined": .integer(examined), "found": .integer(found.count),
            "reasons": .object(counts.mapValues { .integer($0) }),
            "medianCharacters": .integer(Int(medianLength.rounded())),
            "medianBitsPerByte": .double((medianBits * 1000).rounded() / 1000),
        ]
    }

    /// Lines for people.
    public var lines: [String] {
        let reasons = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return [
            "outliers: \(found.count) of \(examined)"
                + (reasons.isEmpty ? "" : " (\(reasons.joined(separator: "; ")))")
                + "; the usual one has \(Int(medianLength.rounded())) characters"
        ]
    }
}
