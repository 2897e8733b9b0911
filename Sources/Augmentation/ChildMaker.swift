internal import Records

/// Makes the fields of one child.
struct ChildMaker {
    private var random: SeededRandom
    private let method: AugmentationMethod
    private let strength: Double
    private var surrogates: [String: String] = [:]
    /// What was done.
    private(set) var edits: [EditKind: Int] = [:]
    /// Where placeholders and made-up values stand, by path, in UTF-8 bytes.
    private(set) var madeUp: [String: [Range<Int>]] = [:]

    init(random: SeededRandom, method: AugmentationMethod, strength: Double) {
        self.random = random
        self.method = method
        self.strength = strength
    }

    /// The parent's fields with placeholders filled, and its input texts edited.
    mutating func fields(of parent: Record) -> [String: JSONValue] {
        let editable = EditableText.paths(in: parent)
        return FieldTexts.map(parent.fields) { path, text in
            var units = TextUnit.units(of: text)
            if method == .placeholderSurrogates { fill(&units) }
            if editable.contains(path) {
                var editor = LightEditor(random: random, strength: strength)
                editor.edit(&units)
                random = editor.random
                edits.merge(editor.edits, uniquingKeysWith: +)
            }
            let joined = TextUnit.joined(units)
            madeUp[path] = joined.madeUp
            return joined.text
        }
    }

    /// Fills placeholders: equal ones with equal values, all over the record.
    private mutating func fill(_ units: inout [TextUnit]) {
        for index in units.indices {
            guard let type = units[index].placeholderType else { continue }
            let known = surrogates[units[index].text]
            guard let value = known ?? Surrogate.value(type, &random) else { continue }
            surrogates[units[index].text] = value
            units[index] = TextUnit(kind: .madeUp, text: value)
            edits[.surrogate, default: 0] += 1
        }
    }
}
