import Records

/// Text made from a seed: words of a small invented vocabulary.
struct GeneratedText {
    private var random: SeededRandom
    let vocabulary: [String]

    init(seed: UInt64, words: Int = 4000) {
        var random = SeededRandom(seed: seed)
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        var vocabulary: Set<String> = []
        while vocabulary.count < words {
            let length = Int.random(in: 3...9, using: &random)
            vocabulary.insert(
                String((0..<length).map { _ in letters[Int.random(in: 0..<26, using: &random)] }))
        }
        self.vocabulary = vocabulary.sorted()
        self.random = random
    }

    mutating func word() -> String { vocabulary[number(vocabulary.count)] }
    mutating func words(_ count: Int) -> [String] { (0..<count).map { _ in word() } }
    mutating func number(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
    mutating func hash() -> UInt64 { UInt64.random(in: .min ... .max, using: &random) }
    mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
        list.shuffled(using: &random)
    }

    /// A copy with `count` words replaced.
    mutating func changed(_ words: [String], _ count: Int) -> [String] {
        var copy = words
        for _ in 0..<count { copy[number(copy.count)] = word() }
        return copy
    }
}

/// The runs of five words of a text, by the definition: a set of strings.
func naiveRuns(_ list: [String]) -> Set<String> {
    guard list.count > 5 else { return [list.joined(separator: " ")] }
    return Set((0...list.count - 5).map { list[$0..<$0 + 5].joined(separator: " ") })
}

/// All pairs of texts that are at least so similar, each once.
func naivePairs(_ texts: [[String]], from threshold: Double) -> [(Int, Int)] {
    var numbers: [String: Int] = [:]
    let sets = texts.map { text in
        Set(
            naiveRuns(text).map { run in
                let number = numbers[run] ?? numbers.count
                numbers[run] = number
                return number
            })
    }
    var pairs: [(Int, Int)] = []
    for a in sets.indices {
        for b in sets.indices where b > a && !sets[a].isDisjoint(with: sets[b]) {
            let shared = sets[a].intersection(sets[b]).count
            let similarity = Double(shared) / Double(sets[a].count + sets[b].count - shared)
            if similarity >= threshold { pairs.append((a, b)) }
        }
    }
    return pairs
}
