internal import Records

/// Small edits that leave the meaning alone: the random swap and deletion of Easy Data Augmentation
/// (Wei, Zou 2019) held back from every word that carries a label, with slips of the hand and casing.
struct LightEditor {
    private(set) var random: SeededRandom
    private let strength: Double
    private(set) var edits: [EditKind: Int] = [:]

    init(random: SeededRandom, strength: Double) {
        self.random = random
        self.strength = strength
    }

    /// Edits `units`: each of the words that may be touched with the chance `strength`, and the
    /// text as a whole at most once in each way.
    mutating func edit(_ units: inout [TextUnit]) {
        guard strength > 0 else { return }
        let free = ProtectedWords.freeIndices(units)
        var index = 0
        while index < units.count {
            if free.contains(index), random.unit() < strength { touch(&units, index, free) }
            index += 1
        }
        if random.unit() < 0.15 { swapSentences(&units) }
        if random.unit() < 0.25 { changeCase(&units) }
        if random.unit() < 0.25, let last = units.last, last.kind == .between, last.text == "." {
            units.removeLast()
            edits[.punctuation, default: 0] += 1
        }
    }

    private mutating func touch(_ units: inout [TextUnit], _ index: Int, _ free: Set<Int>) {
        let word = units[index].text
        if ["the", "a", "an"].contains(word), index + 1 < units.count, units[index + 1].text == " "
        {
            units[index].text = ""
            units[index + 1].text = ""
            edits[.deletion, default: 0] += 1
        } else if random.unit() < 0.3, free.contains(index + 2), units[index + 1].text == " ",
            !units[index + 2].text.isEmpty
        {
            units.swapAt(index, index + 2)
            edits[.swap, default: 0] += 1
        } else if let slip = slip(word) {
            units[index].text = slip
            edits[.typo, default: 0] += 1
        }
    }

    /// The word with two inner letters swapped; nil when it is short or they are equal.
    private mutating func slip(_ word: String) -> String? {
        var letters = Array(word)
        guard letters.count >= 5, letters.allSatisfy({ $0.isLetter && $0.isASCII }) else {
            return nil
        }
        let at = Int.random(in: 1..<(letters.count - 2), using: &random)
        guard letters[at] != letters[at + 1] else { return nil }
        letters.swapAt(at, at + 1)
        return String(letters)
    }

    /// Lower-cases the first letter or, rarely, everything; capitals that shout stay.
    private mutating func changeCase(_ units: inout [TextUnit]) {
        let shouts = units.contains { unit in
            unit.kind == .word && unit.text.count > 1 && unit.text == unit.text.uppercased()
                && unit.text.contains(where: \.isLetter)
        }
        guard !shouts, let first = units.firstIndex(where: { $0.kind == .word }) else { return }
        let before = units
        if random.unit() < 0.3 {
            for index in units.indices where units[index].kind == .word {
                units[index].text = units[index].text.lowercased()
            }
        } else if units[first].text.count > 1 {
            units[first].text =
                units[first].text.prefix(1).lowercased() + units[first].text.dropFirst()
        }
        if units != before { edits[.casing, default: 0] += 1 }
    }

    /// Swaps two neighbouring sentences that do not lean on one another.
    private mutating func swapSentences(_ units: inout [TextUnit]) {
        var sentences: [[TextUnit]] = [[]]
        for unit in units {
            sentences[sentences.count - 1].append(unit)
            if unit.kind == .between, [". ", "! ", "? "].contains(unit.text) {
                sentences.append([])
            }
        }
        guard sentences.count >= 4 else { return }
        // The first sentence introduces and the last concludes (and has no space after it).
        let at = Int.random(in: 1..<(sentences.count - 2), using: &random)
        let leaning = sentences[at...(at + 2)].contains { sentence in
            let first = sentence.first { $0.kind == .word }?.text.lowercased() ?? ""
            return ProtectedWords.leaning.contains(first)
        }
        guard !leaning, sentences[at] != sentences[at + 1] else { return }
        sentences.swapAt(at, at + 1)
        units = sentences.flatMap(\.self)
        edits[.sentenceSwap, default: 0] += 1
    }
}
