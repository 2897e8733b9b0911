import Redaction

/// A bit of generated text and the kind of entity that it is; nil outside.
struct Piece {
    var text: String
    var kind: TaggerKind?

    init(_ text: String, _ kind: TaggerKind? = nil) {
        self.text = text
        self.kind = kind
    }
}

/// A text with the entities that are in it, byte ranges.
struct Example {
    var text: [UInt8] = []
    var entities: [(range: Range<Int>, kind: TaggerKind)] = []
    /// Whether the names in it may be hidden from the lexicon in training.
    var isGenerated = true

    mutating func append(_ piece: Piece) {
        let start = text.count
        text += Array(piece.text.utf8)
        if let kind = piece.kind, text.count > start {
            entities.append((start..<text.count, kind))
        }
    }
}
