/// A token that is found in the text itself, before anything else looks at it (`[SEP]`, `<mask>`).
struct AddedToken: Sendable, Hashable {
    var id: Int32
    var content: [UInt8]
    /// Whether decoding can skip it, and plain text cannot say it.
    var isSpecial = false
    /// Whether it is looked for after normalisation, in its own normalised form.
    var isNormalized = false
    /// Whether it counts only between what are no word characters.
    var isSingleWord = false
    /// Whether it swallows the white space before it.
    var stripsLeft = false
    /// Whether it swallows the white space after it.
    var stripsRight = false
}

/// Finds added tokens in text: leftmost, and the longest of those that start there.
struct AddedTokens: Sendable {
    enum Part: Equatable {
        case text(Range<Int>)
        case token(Int32)
    }

    /// The tokens that start with a byte, longest first.
    private let byFirstByte: [[AddedToken]]
    let isEmpty: Bool

    init(_ tokens: [AddedToken]) {
        var table = [[AddedToken]](repeating: [], count: 256)
        for token in tokens {
            guard let first = token.content.first else { continue }
            table[Int(first)].append(token)
        }
        byFirstByte = table.map { $0.sorted { $0.content.count > $1.content.count } }
        isEmpty = table.allSatisfy(\.isEmpty)
    }

    /// The text cut at its added tokens; empty stretches are left out.
    ///
    /// - Parameter readingSpecials: false: special tokens are text like any other.
    func split(_ text: [UInt8], readingSpecials: Bool = true) -> [Part] {
        var parts: [Part] = []
        var start = 0
        var index = isEmpty ? text.count : 0
        while index < text.count {
            guard let token = match(text, at: index, readingSpecials: readingSpecials) else {
                index += 1
                continue
            }
            let end = index + token.content.count
            if !token.isSingleWord || Self.standsAlone(text, index..<end) {
                // White space before it, unless the token before has taken it.
                let space = token.stripsLeft ? Self.space(before: index, in: text) : index
                let first = max(space, start)
                if start < first { parts.append(.text(start..<first)) }
                parts.append(.token(token.id))
                start = token.stripsRight ? Self.space(after: end, in: text) : end
            }
            index = end
        }
        if start < text.count { parts.append(.text(start..<text.count)) }
        return parts
    }

    @inline(__always)
    private func match(_ text: [UInt8], at index: Int, readingSpecials: Bool) -> AddedToken? {
        let candidates = byFirstByte[Int(text[index])]
        if candidates.isEmpty { return nil }
        return candidates.first { token in
            (readingSpecials || !token.isSpecial)
                && text.count - index >= token.content.count
                && text[index..<index + token.content.count].elementsEqual(token.content)
        }
    }

    private static func standsAlone(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        if range.lowerBound > 0,
            UTF8Scalars.scalar(text, before: range.lowerBound, start: 0).scalar.isWordCharacter
        {
            return false
        }
        return range.upperBound == text.count
            || !UTF8Scalars.scalar(text, at: range.upperBound, limit: text.count)
                .scalar.isWordCharacter
    }

    private static func space(before index: Int, in text: [UInt8]) -> Int {
        var index = index
        while index > 0 {
            let (scalar, length) = UTF8Scalars.scalar(text, before: index, start: 0)
            guard scalar.properties.isWhitespace else { break }
            index -= length
        }
        return index
    }

    private static func space(after index: Int, in text: [UInt8]) -> Int {
        var index = index
        while index < text.count {
            let (scalar, length) = UTF8Scalars.scalar(text, at: index, limit: text.count)
            guard scalar.properties.isWhitespace else { break }
            index += length
        }
        return index
    }
}

extension Unicode.Scalar {
    /// `\w` of Unicode regular expressions (UTS #18, annex C).
    var isWordCharacter: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
            true
        default: properties.isAlphabetic || properties.isJoinControl
        }
    }
}
