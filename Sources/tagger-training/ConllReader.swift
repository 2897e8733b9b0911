import Redaction

/// Reads two-column CoNLL files such as WNUT-17's: word, tab, tag; an empty line ends a sentence.
enum ConllReader {
    private static let kinds: [String: TaggerKind] = [
        "person": .person, "location": .location, "corporation": .organization,
        "group": .organization,
    ]

    /// The sentences as pieces. Products and creative works count as outside.
    static func sentences(_ path: String) throws -> [[Piece]] {
        var sentences: [[Piece]] = []
        var pieces: [Piece] = []
        for line in try WordListsText.allLines(path) {
            let columns = line.split(separator: "\t")
            guard columns.count == 2, !columns[0].isEmpty else {
                if !pieces.isEmpty { sentences.append(pieces) }
                pieces = []
                continue
            }
            append(String(columns[0]), tag: String(columns[1]), to: &pieces)
        }
        if !pieces.isEmpty { sentences.append(pieces) }
        return sentences
    }

    private static func append(_ word: String, tag: String, to pieces: inout [Piece]) {
        let kind = kinds[String(tag.dropFirst(2))]
        let joins = [
            ".", ",", "!", "?", ":", ";", "'s", "'t", "n't", "'m", "'re", "'ll", "'ve", ")",
        ].contains(word)
        let gap = pieces.isEmpty || joins ? "" : " "
        if tag.hasPrefix("I-"), kind != nil, let last = pieces.last, last.kind == kind {
            pieces[pieces.count - 1].text += gap + word
        } else if kind == nil, let last = pieces.last, last.kind == nil {
            pieces[pieces.count - 1].text += gap + word
        } else {
            if !gap.isEmpty { pieces.append(Piece(gap)) }
            pieces.append(Piece(word, kind))
        }
    }
}
