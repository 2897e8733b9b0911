internal import Records

/// Languages and quality signals of a sample, since they take longer than counting.
///
/// Rules: a record's level is how many zeros its id's hash ends in. As soon as more than
/// the limit are in, the lowest level goes, and so on. What is left depends on the records
/// alone, not on their order or shards, and all are in it while there are few.
struct SampledSignals: Sendable {
    /// The most records in the sample.
    private let limit: Int

    init(limit: Int = 5_000) { self.limit = limit }

    private struct Level: Sendable {
        var count: UInt64 = 0
        var languages: [String: UInt64] = [:]
        var beyond: [QualitySignal: UInt64] = [:]

        mutating func merge(_ other: Level) {
            count += other.count
            languages.merge(other.languages, uniquingKeysWith: +)
            beyond.merge(other.beyond, uniquingKeysWith: +)
        }
    }

    private var levels = [Level](repeating: Level(), count: 33)
    private var lowest = 0

    /// Records in the sample.
    var count: UInt64 { levels[lowest...].reduce(0) { $0 + $1.count } }

    /// Records of the sample by language.
    var languages: [String: UInt64] { whole.languages }

    /// Records of the sample by signal of Gopher or C4 that is beyond its limit.
    var beyond: [QualitySignal: UInt64] { whole.beyond }

    /// The signals looked at, with their limits.
    static let limits = QualitySignal.gopher.merging(QualitySignal.c4) { first, _ in first }

    private var whole: Level {
        levels[lowest...].reduce(into: Level()) { $0.merge($1) }
    }

    /// Notes a record, if it is in the sample.
    mutating func add(_ record: Record) {
        let level = min(32, DistinctCounter.hash(record.rid.bytes).trailingZeroBitCount)
        guard level >= lowest else { return }
        levels[level].count += 1
        let language = language(of: record)
        levels[level].languages[language, default: 0] += 1
        let annotated = record.fields["quality"]
        let isAnnotated = annotated?[QualitySignal.words.rawValue] != nil
        let signals = isAnnotated ? nil : QualitySignals(of: record, fields: nil)
        for (signal, limit) in Self.limits {
            guard let value = signals?[signal] ?? annotated?[signal.rawValue]?.doubleValue,
                !limit.allows(value),
                // English stop words say nothing about other languages.
                signal != .stopWords || language == "en"
            else { continue }
            levels[level].beyond[signal, default: 0] += 1
        }
        thin()
    }

    private func language(of record: Record) -> String {
        // An annotation, or a declared code: a short word in ASCII letters. Never other text.
        if let known = record.text("language"), (2...3).contains(known.utf8.count),
            known.utf8.allSatisfy({ (0x61...0x7A).contains($0) })
        {
            return known
        }
        let names = record.kind.standardFields.filter { $0 != "label" }
        return LanguageIdentifier.shared.language(of: record, fields: names, minimumConfidence: 0.6)
    }

    /// Adds another part of the data.
    mutating func merge(_ other: SampledSignals) {
        lowest = max(lowest, other.lowest)
        for index in lowest..<levels.count { levels[index].merge(other.levels[index]) }
        thin()
    }

    private mutating func thin() {
        while count > limit, lowest < levels.count - 1 { lowest += 1 }
    }
}
