/// A recogniser that a policy defines: a list of words or a pattern.
struct UserRecogniser: Sendable {
    enum Matcher: Sendable {
        case words(WordList)
        case pattern(Pattern)
    }

    let name: String
    let type: EntityType
    let score: Float
    let matcher: Matcher

    /// All findings in a text; fails when a pattern gives up, so that the record is held back.
    func findings(in text: [UInt8]) throws(RedactionError) -> [Finding] {
        let ranges: [Range<Int>]
        switch matcher {
        case .words(let list): ranges = list.ranges(in: text)
        case .pattern(let pattern): ranges = try pattern.ranges(in: text)
        }
        return ranges.map {
            Finding(type: type, range: $0, score: score, detector: name, validation: .policy)
        }
    }
}

/// Finds words and phrases of a list, whole words only, by a hash of their first word.
///
/// - Complexity: O(n) for the walk; each hit compares the phrases that begin with that word.
struct WordList: Sendable {
    private let ignoreCase: Bool
    private var phrases: [UInt64: [[UInt8]]] = [:]

    init(_ words: [String], ignoreCase: Bool) {
        self.ignoreCase = ignoreCase
        for word in words {
            // Letters outside ASCII are folded by listing their forms.
            let forms = ignoreCase ? [word, word.lowercased(), word.uppercased()] : [word]
            for form in Set(forms) {
                let bytes = Array(form.utf8).map { ignoreCase ? $0.lowered : $0 }
                guard let (start, end) = Words.next(in: bytes, from: 0), start == 0 else {
                    continue
                }
                let key = WordList.hash(bytes[..<end], fold: false)
                if !(phrases[key] ?? []).contains(bytes) { phrases[key, default: []].append(bytes) }
            }
        }
        // The longest phrase first.
        for key in phrases.keys { phrases[key]?.sort { $0.count > $1.count } }
    }

    var isEmpty: Bool { phrases.isEmpty }

    func ranges(in text: [UInt8]) -> [Range<Int>] {
        guard !phrases.isEmpty else { return [] }
        var found: [Range<Int>] = []
        var from = 0
        while let (i, wordEnd) = Words.next(in: text, from: from) {
            var end = wordEnd
            let key = WordList.hash(text[i..<end], fold: ignoreCase)
            if let list = phrases[key], let length = firstMatch(list, text, i) {
                found.append(i..<(i + length))
                end = max(end, i + length)
            }
            from = end
        }
        return found
    }

    private func firstMatch(_ list: [[UInt8]], _ text: [UInt8], _ i: Int) -> Int? {
        next: for phrase in list {
            let end = i + phrase.count
            guard end <= text.count, !Words.isWord(text, end) || !text[end - 1].isWord
            else { continue }
            for k in 0..<phrase.count {
                let byte = ignoreCase ? text[i + k].lowered : text[i + k]
                if byte != phrase[k] { continue next }
            }
            return phrase.count
        }
        return nil
    }

    /// FNV-1a, 64 bits.
    private static func hash(_ bytes: ArraySlice<UInt8>, fold: Bool) -> UInt64 {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes {
            value = (value ^ UInt64(fold ? byte.lowered : byte)) &* 0x100_0000_01B3
        }
        return value
    }
}
