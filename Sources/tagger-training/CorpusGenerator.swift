import FoundationEssentials
import Redaction

/// Makes examples without end out of templates and lists, pure by seed.
struct CorpusGenerator {
    /// Templates by file, so that every kind of text gets its share.
    private let families: [(name: String, templates: [Template])]
    private var filler: SlotFiller
    private let isNoisy: Bool

    init(_ lists: WordLists, _ part: WordLists.Part, seed: UInt64) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(lists.folder)/templates")
        families = try names.filter { $0.hasSuffix(".txt") }.sorted().map { name in
            let lines = try WordLists.lines("\(lists.folder)/templates/\(name)")
            let kept = lines.filter { WordLists.isHeldOut($0) == (part == .heldOut) }
            return (name, kept.map(Template.init))
        }
        filler = SlotFiller(lists, part, seed: seed)
        isNoisy = part == .training
    }

    /// The number of templates.
    var templateCount: Int { families.reduce(0) { $0 + $1.templates.count } }

    /// The next example: one to three sentences of one family, in one way of writing.
    mutating func next() -> Example {
        let weights = [
            "negative.txt": 12, "traps.txt": 10, "prose.txt": 10, "records.txt": 9,
            "voices.txt": 10, "things.txt": 16,
        ]
        let bag = families.indices.flatMap {
            let name = families[$0].name
            let usual = name.hasPrefix("lang-") ? 5 : 7
            return [Int](repeating: $0, count: weights[name] ?? usual)
        }
        let chosen = families[filler.random.pick(bag)]
        let family = chosen.templates
        filler.home =
            chosen.name.hasPrefix("lang-") ? String(chosen.name.dropFirst(5).prefix(2)) : nil
        defer { filler.home = nil }
        var pieces: [Piece] = []
        let sentences = [1, 1, 1, 2, 3][filler.random.below(5)]
        for number in 0..<sentences {
            if number > 0 { pieces.append(Piece(filler.random.chance(75) ? " " : "\n")) }
            pieces += filler.random.pick(family).pieces(&filler)
        }
        return finish(pieces)
    }

    /// Applies a way of writing to the pieces and joins them: as it stands, small letters, dictation
    /// (small letters without stops), capitals, the slips of a text scanner.
    mutating func finish(_ pieces: [Piece]) -> Example {
        let style = filler.random.below(100)
        var example = Example()
        for var piece in pieces {
            if style < 15 {
                if piece.kind == nil && isNoisy { piece.text = noisy(piece.text) }
                piece.text = piece.text.lowercased()
                if style < 6 {
                    piece.text.removeAll { $0 == "," || $0 == "." || $0 == ":" || $0 == "!" }
                    if piece.text.isEmpty { continue }
                }
            } else if style < 20 {
                piece.text = piece.text.uppercased()
            } else if style < 23 {
                if isNoisy { piece.text = misread(piece.text) }
            } else if piece.kind != nil {
                let own = filler.random.below(100)
                if own < 3 { piece.text = piece.text.lowercased() }
                if own >= 3 && own < 6 { piece.text = piece.text.uppercased() }
            } else if isNoisy {
                piece.text = noisy(piece.text)
            }
            example.append(piece)
        }
        return example
    }

    /// What text recognition makes of a text: one letter in thirty taken for one that looks alike.
    private mutating func misread(_ text: String) -> String {
        let alike: [Character: String] = [
            "l": "1", "I": "l", "O": "0", "o": "0", "e": "c", "c": "e", "m": "rn", "n": "ri",
            "S": "5", "B": "8", "h": "b", "t": "f", "g": "q", "1": "l", "0": "O", "5": "S",
            ",": ".",
        ]
        return text.map { character -> String in
            guard filler.random.chance(3) else { return String(character) }
            return alike[character] ?? String(character)
        }.joined()
    }

    /// Replaces a few words outside entities by others, so that no wording is learned by heart.
    private mutating func noisy(_ text: String) -> String {
        guard filler.random.chance(30) else { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
            guard word.utf8.count > 3, word.utf8.allSatisfy({ $0 >= 97 && $0 <= 122 }) else {
                return String(word)
            }
            if filler.random.chance(6) { return mistyped(word) }
            return filler.random.chance(12) ? filler.word() : String(word)
        }.joined(separator: " ")
    }

    /// A word with a slip of the hand: a letter lost, doubled or swapped with the next.
    private mutating func mistyped(_ word: Substring) -> String {
        var letters = Array(word)
        let at = filler.random.below(letters.count - 1)
        switch filler.random.below(3) {
        case 0: letters.remove(at: at)
        case 1: letters.insert(letters[at], at: at)
        default: letters.swapAt(at, at + 1)
        }
        return String(letters)
    }

    /// An example out of an annotated sentence, half of its entities replaced by fresh values.
    mutating func renewed(_ pieces: [Piece]) -> Example {
        finish(
            pieces.map { piece in
                guard let kind = piece.kind, filler.random.chance(50) else { return piece }
                let slot: String
                switch kind {
                case .person:
                    slot = piece.text.contains(" ") ? "n" : (filler.random.chance(70) ? "f" : "l")
                case .location: slot = filler.random.chance(70) ? "c" : "co"
                case .organization: slot = "o"
                default: return piece
                }
                return filler.fill(slot).first ?? piece
            })
    }
}
