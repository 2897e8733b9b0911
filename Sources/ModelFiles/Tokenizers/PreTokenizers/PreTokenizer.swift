/// Cuts normalised text into the words that a model looks at one by one.
struct PreTokenizer: Sendable {
    enum Step: Sendable {
        /// The words of a known pattern.
        case words(WordScanner)
        /// A space in front of every piece that has none (byte-level BPE's `add_prefix_space`).
        case prefixSpace
        /// Cuts at scalars of a numeric category.
        case digits(SplitBehavior)
        /// Cuts at white space, which goes.
        case whitespace
        /// Cuts at a literal string.
        case literal([UInt8], SplitBehavior)
        /// Spaces become a mark (U+2581); one is put in front; the text is cut before each.
        case metaspace(Metaspace)
    }

    struct Metaspace: Sendable {
        enum Prefix: String, Sendable {
            case always, never, first
            /// Like `first`, and even before a space: SentencePiece's dummy prefix.
            case dummy
        }

        let mark: [UInt8]
        let prefix: Prefix
        let splits: Bool
    }

    var steps: [Step]

    /// Whether words are a byte-level model's: each of their bytes is a symbol.
    var isByteLevel: Bool

    /// Whether a text is cut otherwise where it opens the input.
    var asksForStart: Bool {
        steps.contains { step in
            if case .metaspace(let metaspace) = step { metaspace.prefix == .first } else { false }
        }
    }

    /// The words of a section of text, as ranges of `text`, which some steps rewrite.
    ///
    /// - Parameter isFirst: whether the section opens the input.
    func split(_ text: inout [UInt8], isFirst: Bool, into words: inout [Range<Int>]) {
        words.removeAll(keepingCapacity: true)
        guard !text.isEmpty else { return }
        words.append(0..<text.count)
        var firstEnd = isFirst
        for step in steps {
            apply(step, to: &text, &words, isFirst: &firstEnd)
        }
    }

    private func apply(
        _ step: Step, to text: inout [UInt8], _ words: inout [Range<Int>], isFirst: inout Bool
    ) {
        var pieces: [Range<Int>] = []
        pieces.reserveCapacity(text.count / 4 + 1)
        switch step {
        case .words(let scanner):
            for word in words { scanner.scan(text, word, into: &pieces) }
        case .prefixSpace:
            Self.rewrite(&text, words, into: &pieces) { bytes, word, result in
                if bytes[word.lowerBound] != 0x20 { result.append(0x20) }
                result.append(contentsOf: bytes[word])
            }
        case .digits(let behavior):
            for word in words {
                let found = Self.scalars(text, word) { $0.contains(.digit) }
                behavior.split(word, at: found, into: &pieces)
            }
        case .whitespace:
            let start = words.first?.lowerBound
            for word in words {
                let found = Self.scalars(text, word) { $0.contains(.space) }
                SplitBehavior.removed.split(word, at: found, into: &pieces)
            }
            if pieces.first?.lowerBound != start { isFirst = false }
        case .literal(let literal, let behavior):
            for word in words {
                behavior.split(word, at: Self.find(literal, text, word), into: &pieces)
            }
        case .metaspace(let metaspace):
            var pending = isFirst
            Self.rewrite(&text, words, into: &pieces) { bytes, word, result in
                metaspace.rewrite(bytes, word, isFirst: pending, into: &result)
                pending = false
            }
            if metaspace.splits {
                let whole = pieces
                pieces.removeAll(keepingCapacity: true)
                for piece in whole {
                    SplitBehavior.mergedWithNext.split(
                        piece, at: Self.find(metaspace.mark, text, piece), into: &pieces)
                }
            }
        }
        words = pieces
    }

    private static func rewrite(
        _ text: inout [UInt8], _ words: [Range<Int>], into pieces: inout [Range<Int>],
        _ body: ([UInt8], Range<Int>, inout [UInt8]) -> Void
    ) {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 2 + 8)
        for word in words {
            let start = result.count
            body(text, word, &result)
            pieces.append(start..<result.count)
        }
        text = result
    }

    private static func scalars(
        _ text: [UInt8], _ range: Range<Int>, where belongs: (ScalarClass) -> Bool
    ) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = range.lowerBound
        while index < range.upperBound {
            let (kind, length) = ScalarClass.at(index, text, limit: range.upperBound)
            if belongs(kind) { found.append(index..<index + length) }
            index += length
        }
        return found
    }

    /// Where a string occurs, without overlaps.
    private static func find(
        _ literal: [UInt8], _ text: [UInt8], _ range: Range<Int>
    ) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = range.lowerBound
        while index + literal.count <= range.upperBound {
            if text[index] == literal[0],
                text[index..<index + literal.count].elementsEqual(literal)
            {
                found.append(index..<index + literal.count)
                index += literal.count
            } else {
                index += 1
            }
        }
        return found
    }
}

extension PreTokenizer.Metaspace {
    fileprivate func rewrite(
        _ text: [UInt8], _ word: Range<Int>, isFirst: Bool, into result: inout [UInt8]
    ) {
        let startsWithMark =
            text[word.lowerBound] == 0x20 || text[word].starts(with: mark)
        let wantsMark =
            switch prefix {
            case .always: !startsWithMark
            case .first: !startsWithMark && isFirst
            case .dummy: isFirst
            case .never: false
            }
        if wantsMark { result.append(contentsOf: mark) }
        for byte in text[word] {
            if byte == 0x20 {
                result.append(contentsOf: mark)
            } else {
                result.append(byte)
            }
        }
    }
}
