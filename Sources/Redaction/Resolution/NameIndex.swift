/// The names found in one record, to be found again in all its fields: whole names in any case,
/// parts of three letters and more where they are capitalised, possessives by the word boundary.
///
/// - Complexity: O(n) per text: one hash per word; a hit compares the few names with that word.
struct NameIndex: Sendable {
    private struct Entry {
        let words: [[UInt8]]
        let type: EntityType
        let score: Float
        /// Whether this is a part of a name, which must be capitalised to count.
        let isPart: Bool
    }

    private var entries: [[UInt8]: [Entry]] = [:]
    private var seen: Set<[UInt8]> = []

    var isEmpty: Bool { entries.isEmpty }

    /// Types whose values are looked for again.
    static let types: Set<EntityType> = [
        .person, .organization, .username, .streetAddress, .location,
    ]

    /// Words that are common enough to need more than a part of a name.
    static let common: Set<[UInt8]> = Set(
        """
        the and for you your may will mark rose hope grace art bill can not new old first last good \
        great best long short young white black green brown gray grey king day may june april august \
        sunday monday friday street road avenue lane drive court place city north south east west \
        company inc ltd llc corp group bank store shop market center centre international national \
        von van der den del las los san santa saint mrs miss sir dear this that with from have has \
        are was were but our all any one two
        """.split(separator: " ").map { Array($0.utf8) })

    /// Adds a found name; `isCertain` where a field's name says that it is one, however short.
    mutating func add(
        _ value: ArraySlice<UInt8>, type: EntityType, score: Float, isCertain: Bool = false
    ) {
        guard NameIndex.types.contains(type), value.count <= 200 else { return }
        let words = NameIndex.words(of: value)
        let folded = words.map { $0.map(\.lowered) }
        guard !folded.isEmpty, folded.contains(where: { $0.count >= 3 }) || isCertain else {
            return
        }
        // A little less than the source's score, so that the finding that taught us the name wins.
        insert(folded, type: type, score: score * 0.99, isPart: words.count == 1)
        guard type == .person, words.count > 1 else { return }
        for (word, low) in zip(words, folded)
        where low.count >= 3 && !NameIndex.common.contains(low) {
            guard NameIndex.isCapitalised(word) else { continue }
            insert([low], type: type, score: score * 0.9, isPart: true)
        }
    }

    private mutating func insert(_ words: [[UInt8]], type: EntityType, score: Float, isPart: Bool) {
        guard
            seen.insert(Array(words.joined(separator: [0x20])) + Array(type.rawValue.utf8)).inserted
        else { return }
        if isPart, let only = words.first, NameIndex.common.contains(only) || only.count < 3 {
            return
        }
        entries[words[0], default: []].append(
            Entry(words: words, type: type, score: score, isPart: isPart))
    }

    /// All places in `text` where a known name stands.
    func findings(in text: [UInt8]) -> [Finding] {
        var found: [Finding] = []
        var from = 0
        while let (i, end) = Words.next(in: text, from: from) {
            from = end
            if end - i <= 64, let list = entries[text[i..<end].map(\.lowered)] {
                for entry in list {
                    guard let stop = match(entry, text, i, end) else { continue }
                    found.append(
                        Finding(
                            type: entry.type, range: i..<stop, score: entry.score,
                            detector: "document", validation: .context))
                }
            }
        }
        return found
    }

    private func match(_ entry: Entry, _ text: [UInt8], _ start: Int, _ firstEnd: Int) -> Int? {
        if entry.isPart { return text[start].isUpper || text[start] >= 0x80 ? firstEnd : nil }
        var end = firstEnd
        for word in entry.words.dropFirst() {
            var i = end
            while i < text.count, i - end < 4, !Words.isWord(text, i) { i += 1 }
            let stop = i + word.count
            guard i > end, stop <= text.count, !Words.isWord(text, stop) else { return nil }
            for k in 0..<word.count where text[i + k].lowered != word[k] { return nil }
            end = stop
        }
        return end
    }

    /// Whether a word begins like a name: with a capital, or a letter outside ASCII, of which the
    /// scripts without case are made.
    static func isCapitalised(_ word: [UInt8]) -> Bool {
        word.first.map { $0.isUpper || $0 >= 0x80 } ?? false
    }

    /// The words of a name: runs of letters and digits.
    static func words(of value: ArraySlice<UInt8>) -> [[UInt8]] {
        let bytes = Array(value)
        var words: [[UInt8]] = []
        var from = 0
        while let (start, end) = Words.next(in: bytes, from: from) {
            words.append(Array(bytes[start..<end]))
            from = end
        }
        return words
    }
}
