internal import Records

/// Reads the operations that look at the whole dataset.
extension CleaningOperation {
    static func nearDuplicates(
        _ read: inout ParameterReader
    ) throws(CleaningError) -> NearDuplicateRule {
        NearDuplicateRule(
            fields: try read.strings("fields"),
            threshold: try number(&read, "threshold", 0.6...1) ?? 0.7,
            shingle: try whole(&read, "words", 1...32) ?? 5,
            keep: try read.word("keep") ?? .longest, quality: try read.string("quality"),
            action: try read.word("action") ?? .drop,
            sample: try whole(&read, "sample", 0...10_000) ?? 200)
    }

    static func contamination(
        _ read: inout ParameterReader
    ) throws(CleaningError) -> ContaminationRule {
        let overlap = try number(&read, "overlap", 0...1) ?? 0.5
        guard overlap > 0 else { throw read.bad("overlap", "a number above 0 and up to 1") }
        return ContaminationRule(
            fields: try read.strings("fields"), words: try whole(&read, "words", 6...64) ?? 12,
            overlap: overlap, common: try whole(&read, "common", 1...1_000_000_000) ?? 10,
            limit: try number(&read, "limit", 0...1) ?? 0,
            action: try read.word("action") ?? .flag)
    }

    static func outliers(_ read: inout ParameterReader) throws(CleaningError) -> OutlierRule {
        OutlierRule(
            fields: try read.strings("fields"),
            length: try number(&read, "length", 1...1000) ?? 5,
            unlikely: try number(&read, "unlikely", 1...1000) ?? 5,
            action: try read.word("action") ?? .flag)
    }

    static func balance(_ read: inout ParameterReader) throws(CleaningError) -> BalanceRule {
        BalanceRule(
            field: try read.string("field") ?? "label",
            action: try read.word("action") ?? .report,
            ratio: try number(&read, "ratio", 1...1_000_000) ?? 3)
    }

    static func labelNoise(_ read: inout ParameterReader) throws(CleaningError) -> LabelNoiseRule {
        LabelNoiseRule(
            fields: try read.strings("fields"), label: try read.string("field") ?? "label",
            folds: try whole(&read, "folds", 2...20) ?? 5,
            epochs: try whole(&read, "epochs", 1...100) ?? 10,
            action: try read.word("action") ?? .report)
    }

    private static func number(
        _ read: inout ParameterReader, _ name: String, _ range: ClosedRange<Double>
    ) throws(CleaningError) -> Double? {
        guard let value = try read.double(name) else { return nil }
        guard range.contains(value) else {
            throw read.bad(name, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private static func whole(
        _ read: inout ParameterReader, _ name: String, _ range: ClosedRange<Int>
    ) throws(CleaningError) -> Int? {
        guard let value = try read.integer(name) else { return nil }
        guard range.contains(value) else {
            throw read.bad(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
