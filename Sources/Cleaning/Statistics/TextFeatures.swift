internal import Glibc
internal import Records

/// What a record is told by: hashes of its words, of its pairs of words, and of the runs of four
/// characters in them. Of a long text, the features of the smallest hashes: the same ones everywhere.
struct TextFeatures: Sendable {
    private var hashes = WordHashes()

    /// At most `limit` features, ascending, each once.
    mutating func features(of record: Record, fields: [String]?, limit: Int) -> [UInt32] {
        hashes.read(record, fields: fields)
        var found: [UInt32] = []
        for (index, word) in hashes.words.enumerated() {
            found.append(UInt32(truncatingIfNeeded: word))
            if index > 0 {
                let pair = WordHashes.mix(hashes.words[index - 1] &* 31 &+ word)
                found.append(UInt32(truncatingIfNeeded: pair))
            }
        }
        let rule = OutlierRule(fields: fields)
        var run: UInt64 = 0x20
        for byte in rule.text(of: record) {
            let isLetter = byte >= 0x80 || byte | 0x20 &- 0x61 < 26
            let next: UInt64 = isLetter ? UInt64(byte >= 0x80 ? byte : byte | 0x20) : 0x20
            if next == 0x20 && run & 0xFF == 0x20 { continue }
            run = (run << 8 | next) & 0xFFFF_FFFF
            if run >> 24 != 0 {
                found.append(UInt32(truncatingIfNeeded: WordHashes.mix(run ^ 0x5DEE_CE66_D000)))
            }
        }
        found.sort()
        var unique: [UInt32] = []
        for feature in found where unique.last != feature {
            if unique.count == limit { break }
            unique.append(feature)
        }
        return unique
    }
}

/// Records as sparse rows: numbered features, each with the weight (1 + no count) · log(n / df),
/// rows of length one. Features of a single record are left out: they tell nothing of others.
struct SparseRows: Sendable {
    /// Where each row begins in ``columns`` and ``values``, and the end of the last.
    private(set) var starts: [Int] = [0]
    private(set) var columns: [UInt32] = []
    private(set) var values: [Float] = []
    /// How many different features there are.
    let columnCount: Int

    /// Numbers the features of records.
    init(_ rows: [[UInt32]]) {
        var frequency: [UInt32: Int] = [:]
        for row in rows { for feature in row { frequency[feature, default: 0] += 1 } }
        var number: [UInt32: UInt32] = [:]
        for feature in frequency.filter({ $0.value > 1 }).keys.sorted() {
            number[feature] = UInt32(number.count)
        }
        columnCount = number.count
        for row in rows {
            let begin = columns.count
            var square: Float = 0
            for feature in row {
                guard let column = number[feature], let times = frequency[feature] else { continue }
                let weight = Float(log(Double(rows.count) / Double(times)) + 1)
                columns.append(column)
                values.append(weight)
                square += weight * weight
            }
            let scale = square > 0 ? 1 / square.squareRoot() : 0
            for index in begin..<columns.count { values[index] *= scale }
            starts.append(columns.count)
        }
    }

    /// How many rows there are.
    var count: Int { starts.count - 1 }
}
