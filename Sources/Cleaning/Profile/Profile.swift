public import Records

/// What a dataset looks like: counts, missing values, lengths, labels, duplicates, splits,
/// languages and quality signals.
///
/// Mergeable: profiles of parts make the profile of the whole, in any order. It holds labels and
/// field names, but no other content.
public struct Profile: Sendable {
    /// The most labels that are listed; the rest is counted together.
    public static let labelLimit = 1000

    /// Records seen.
    public private(set) var recordCount: UInt64 = 0
    /// Records by kind.
    public private(set) var kinds: [String: UInt64] = [:]
    /// Records by label, at most ``labelLimit`` of them.
    public private(set) var labels: [String: UInt64] = [:]
    /// Records by part; `none` for those without one.
    public private(set) var splits: [String: UInt64] = [:]
    /// Records with labels beyond the limit.
    public private(set) var otherLabels: UInt64 = 0
    /// Records about at least one person.
    public private(set) var withSubject: UInt64 = 0
    /// Words in the standard fields (runs of what is not white space).
    public private(set) var words: UInt64 = 0
    /// Records by label and part, for the labels that are listed.
    private(set) var labelSplits: [String: [String: UInt64]] = [:]
    private(set) var signals = SampledSignals()
    private(set) var lengths = LengthHistogram()
    private(set) var fields: [String: FieldProfile] = [:]
    private(set) var contents = DistinctCounter(exactLimit: 1 << 20)
    private(set) var subjects = DistinctCounter(exactLimit: 1 << 16)

    /// Nothing seen.
    public init() {}

    /// Records whose content another record has too, beyond the first of each.
    public var exactDuplicates: UInt64 {
        recordCount - min(recordCount, UInt64(contents.count))
    }

    /// Whether ``exactDuplicates`` is exact (up to about a million different records).
    public var duplicatesAreExact: Bool { contents.isExact }

    /// How many different people the records are about.
    public var subjectCount: Int { subjects.count }

    /// Notes one record.
    public mutating func add(_ record: Record) {
        recordCount += 1
        kinds[record.kind.rawValue, default: 0] += 1
        splits[record.split?.rawValue ?? "none", default: 0] += 1
        if case .string(let label) = record.fields["label"], record.kind == .labelled {
            count(label, [record.split?.rawValue ?? "none": 1])
        }
        if !record.subjects.isEmpty { withSubject += 1 }
        for subject in record.subjects {
            subjects.add(hash: DistinctCounter.hash(subject.bytes))
        }
        var length = 0
        for name in record.kind.standardFields where name != "label" {
            if let value = record.fields[name] { measure(value, &length) }
        }
        lengths.add(length)
        for (name, value) in record.fields { fields[name, default: FieldProfile()].add(value) }
        contents.add(hash: DuplicateRule().digest(of: record).word)
        signals.add(record)
    }

    /// Adds the profile of another part of the data.
    public mutating func merge(_ other: Profile) {
        recordCount += other.recordCount
        kinds.merge(other.kinds, uniquingKeysWith: +)
        splits.merge(other.splits, uniquingKeysWith: +)
        for (label, numbers) in other.labelSplits.sorted(by: { $0.key < $1.key }) {
            count(label, numbers)
        }
        otherLabels += other.otherLabels
        withSubject += other.withSubject
        words += other.words
        lengths.merge(other.lengths)
        for (name, field) in other.fields { fields[name, default: FieldProfile()].merge(field) }
        contents.merge(other.contents)
        subjects.merge(other.subjects)
        signals.merge(other.signals)
    }

    private mutating func count(_ label: String, _ numbers: [String: UInt64]) {
        let number = numbers.values.reduce(0, +)
        if labels[label] != nil || labels.count < Self.labelLimit {
            labels[label, default: 0] += number
            labelSplits[label, default: [:]].merge(numbers, uniquingKeysWith: +)
        } else {
            otherLabels += number
        }
    }

    private mutating func measure(_ value: JSONValue, _ length: inout Int) {
        switch value {
        case .string(let text):
            let counts = ScalarBytes.counts(text.utf8)
            length += counts.scalars
            words += UInt64(counts.words)
        case .array(let elements): for element in elements { measure(element, &length) }
        case .object(let members): if let content = members["content"] { measure(content, &length) }
        case .null, .bool, .number: break
        }
    }
}
