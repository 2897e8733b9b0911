/// Counts n-grams of words by their hashes: open addressing, kept from one n to the next.
struct GramTable {
    private var keys: [UInt64] = []
    private var counts: [UInt32] = []
    private var mask = 0

    /// Bytes in the n-gram that takes the most of them: its length times how often it stands there.
    /// One that stands there once does not count.
    mutating func top(_ text: QualityText, _ n: Int) -> Int {
        guard text.words.count > n else { return 0 }
        prepare(text.words.count)
        let power = QualityText.power(n)
        var best = 0
        for start in 0...text.words.count - n {
            let count = Int(note(text.gram(at: start, n, power)))
            if count > 1 { best = max(best, count * text.length(start, start + n)) }
        }
        return best
    }

    /// Bytes in n-grams that repeat an earlier one, none counted twice.
    mutating func repeated(_ text: QualityText, _ n: Int) -> Int {
        guard text.words.count > n else { return 0 }
        prepare(text.words.count)
        let power = QualityText.power(n)
        var (covered, total) = (0, 0)
        for start in 0...text.words.count - n where note(text.gram(at: start, n, power)) > 1 {
            total += text.length(max(covered, start), start + n)
            covered = start + n
        }
        return total
    }

    private mutating func prepare(_ count: Int) {
        var size = 16
        while size < count * 2 { size *= 2 }
        if keys.count == size {
            for index in 0..<size { counts[index] = 0 }
        } else {
            keys = [UInt64](repeating: 0, count: size)
            counts = [UInt32](repeating: 0, count: size)
        }
        mask = size - 1
    }

    /// Notes a hash; how often it was noted by now.
    private mutating func note(_ hash: UInt64) -> UInt32 {
        var place = Int(truncatingIfNeeded: hash >> 20) & mask
        while counts[place] != 0 && keys[place] != hash { place = (place + 1) & mask }
        keys[place] = hash
        counts[place] += 1
        return counts[place]
    }
}
