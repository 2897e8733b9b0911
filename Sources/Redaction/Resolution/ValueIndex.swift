/// The distinctive values found in one record, to be found again in all its fields: the same
/// letters and digits in any case, however spaces, hyphens and other marks stand between them, from
/// the beginning of a word to the end of one.
///
/// An order number from the column `order_number` is thus found in a review's text, with its
/// hyphens or without.
///
/// - Complexity: O(n) per text. A word is looked up by its first `least` letters and digits; only
///   where a value begins so are the next 256 read, once, whatever the number of values.
struct ValueIndex: Sendable {
    private struct Entry {
        /// Letters and digits, ASCII letters in lower case.
        let value: [UInt8]
        let type: EntityType
        let score: Float
    }

    /// Fewer letters and digits than this are not distinctive.
    static let least = 6
    /// The same for what a field's name calls personal data, when there is a digit in it.
    static let leastInField = 5
    /// Longer values are texts, not identifiers.
    static let most = 256
    /// At most this many other bytes may stand between two letters of one value.
    private static let widestGap = 4

    /// Lengths of the values that begin with the same five letters and digits, ascending.
    private var lengths: [UInt64: [Int]] = [:]
    private var entries: [UInt64: [Entry]] = [:]

    var isEmpty: Bool { entries.isEmpty }

    /// Types whose values are identifiers by their shape, so that the same letters and digits
    /// elsewhere in the record are the same identifier. Names have rules of their own (`NameIndex`);
    /// ages, dates, places and postal codes say something else where they stand again.
    private static let identifiers = Set(EntityType.known).subtracting([
        .person, .organization, .nrp, .age, .location, .streetAddress, .zipCode, .coordinate,
        .dateTime, .url,
    ])

    /// Adds a finding's value where it is safe to look for it again.
    mutating func add(_ finding: Finding, in text: [UInt8]) {
        let value = text[finding.range]
        guard value.count <= 4 * ValueIndex.most else { return }
        let squeezed = ValueIndex.squeezed(value)
        let inField = finding.detector == Redactor.fieldDetector
        let hasDigit = squeezed.contains(where: \.isDigit)
        if inField {
            guard squeezed.count >= (hasDigit ? ValueIndex.leastInField : ValueIndex.least) else {
                return
            }
            // A first name or a town that is also a common word.
            if !hasDigit, NameIndex.common.contains(squeezed) { return }
        } else {
            guard ValueIndex.identifiers.contains(finding.type), squeezed.count >= ValueIndex.least,
                hasDigit || finding.type == .emailAddress || finding.type == .username
            else { return }
        }
        insert(squeezed, finding)
        guard squeezed.contains(where: { $0 >= 0x80 }) else { return }
        // Letters outside ASCII are folded by listing their forms.
        let string = String(decoding: value, as: UTF8.self)
        for form in [string.lowercased(), string.uppercased()] {
            insert(ValueIndex.squeezed(ArraySlice(form.utf8)), finding)
        }
    }

    private mutating func insert(_ value: [UInt8], _ finding: Finding) {
        guard (ValueIndex.leastInField...ValueIndex.most).contains(value.count) else { return }
        let key = ValueIndex.hash(value[...])
        let entry = Entry(value: value, type: finding.type, score: finding.score)
        if let known = entries[key]?.firstIndex(where: { $0.value == value }) {
            // The surest finding gives a value its type.
            if let score = entries[key]?[known].score, score < entry.score {
                entries[key]?[known] = entry
            }
            return
        }
        entries[key, default: []].append(entry)
        let head = ValueIndex.hash(value.prefix(ValueIndex.leastInField))
        var list = lengths[head] ?? []
        if !list.contains(value.count) {
            list.insert(value.count, at: list.firstIndex { $0 > value.count } ?? list.count)
            lengths[head] = list
        }
    }

    /// All places in `text` where a known value stands; of several that begin at one place, the
    /// longest.
    func findings(in text: [UInt8]) -> [Finding] {
        var found: [Finding] = []
        var from = 0
        while let (start, end) = Words.next(in: text, from: from) {
            from = end
            guard let (entry, stop) = longest(text, start) else { continue }
            found.append(
                Finding(
                    type: entry.type, range: start..<stop, score: entry.score * 0.99,
                    detector: "document", validation: .context))
        }
        return found
    }

    /// The longest value whose letters and digits begin at `start` and end with a word.
    private func longest(_ text: [UInt8], _ start: Int) -> (Entry, Int)? {
        var best: (Entry, Int)?
        var wanted: ArraySlice<Int> = []
        var value: [UInt8] = []
        var hash = ValueIndex.seed
        var i = start
        while i < text.count {
            guard let letter = ValueIndex.next(in: text, from: i) else { break }
            guard value.isEmpty || letter - i <= ValueIndex.widestGap else { break }
            value.append(text[letter].lowered)
            hash = ValueIndex.mix(hash, text[letter].lowered)
            i = letter + 1
            if value.count == ValueIndex.leastInField {
                guard let list = lengths[hash] else { return nil }
                wanted = list[...]
            }
            guard value.count >= ValueIndex.leastInField else { continue }
            if value.count == wanted.first {
                wanted.removeFirst()
                if !Words.isWord(text, i),
                    let entry = entries[hash]?.first(where: { $0.value == value })
                {
                    best = (entry, i)
                }
            }
            if wanted.isEmpty { break }
        }
        return best
    }

    /// Where the next letter or digit stands, at most a gap's width on; nil when there is none.
    private static func next(in text: [UInt8], from: Int) -> Int? {
        let span = text.span
        var i = from
        while i < span.count, i - from <= widestGap {
            if !span[i].isWord {
                i += 1
            } else if span[i] >= 0xC0, let gap = TextIndex.separatorLength(span, i) {
                i += gap
            } else {
                return i
            }
        }
        return nil
    }

    /// The letters and digits of a value, ASCII letters in lower case.
    static func squeezed(_ value: ArraySlice<UInt8>) -> [UInt8] {
        NameIndex.words(of: value).flatMap { $0.map(\.lowered) }
    }

    // FNV-1a, 64 bits; every hit is compared byte by byte.
    private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

    private static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(seed) { mix($0, $1) }
    }
}
