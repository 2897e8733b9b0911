import Redaction

/// An example as the model sees it: marked tokens and their right labels.
struct LabelledTokens {
    var tokens: [TaggerToken]
    var labels: [UInt8]

    /// Cuts the example into tokens, looks them up and aligns the entities.
    init(_ example: Example, lexicon: TaggerLexicon) {
        tokens = TaggerTokenizer.tokens(of: example.text)
        lexicon.mark(&tokens)
        labels = [UInt8](repeating: 0, count: tokens.count)
        var index = 0
        for (range, kind) in example.entities {
            var isFirst = true
            while index < tokens.count && Int(tokens[index].end) <= range.lowerBound { index += 1 }
            while index < tokens.count && Int(tokens[index].start) < range.upperBound {
                labels[index] = UInt8(isFirst ? TaggerLabel.begin(kind) : TaggerLabel.inside(kind))
                isFirst = false
                index += 1
            }
        }
    }

    /// Hides some entities from the lexicon, and some of their words altogether, so that the model
    /// learns to judge by spelling and context: most names that it will meet are in no list.
    ///
    /// A third of the well-known things lose their mark, for the same reason.
    mutating func hide(_ random: inout GeneratorRandom) {
        let isThing = { (flags: TaggerFlags) in flags.commonness == TaggerFlags.thingLevel }
        for index in tokens.indices where Int(labels[index]) == TaggerLabel.outside {
            if isThing(tokens[index].flags) || isThing(tokens[index].phraseFlags),
                random.chance(35)
            {
                tokens[index].flags.subtract(.common(7))
                tokens[index].phraseFlags = []
                tokens[index].word = random.next()
            }
        }
        var hidesLists = false
        var hidesWords = false
        for index in tokens.indices {
            let label = Int(labels[index])
            if label == TaggerLabel.outside { continue }
            if TaggerLabel.isBegin(label) {
                hidesLists = random.chance(40)
                hidesWords = random.chance(50)
            }
            if hidesLists {
                tokens[index].flags.subtract(.names)
                tokens[index].phraseFlags.subtract(.names)
            }
            let cues: TaggerFlags = [.streetWord, .companyWord]
            if hidesWords, tokens[index].shape != .sign, tokens[index].flags.isDisjoint(with: cues),
                tokens[index].flags.commonness < 4
            {
                tokens[index].word = random.next()
            }
        }
    }
}
