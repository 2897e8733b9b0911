/// Cuts text into words as the regular expressions of the well-known byte-level BPE tokenizers do,
/// without a regular-expression engine: one pass, one scalar of look-ahead.
///
/// Both families of patterns match every character, so that words lie end to end.
enum WordScanner: Sendable, Hashable {
    /// GPT-2 (Radford et al. 2019), RoBERTa, and behind `Digits` SmolLM and StarCoder:
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    case gpt2
    /// Llama 3 (up to three digits a word) and Qwen2 (one):
    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|`
    /// ` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
    case llama3(digits: Int)

    /// Appends the words of `text[range]`.
    func scan(_ text: [UInt8], _ range: Range<Int>, into words: inout [Range<Int>]) {
        var index = range.lowerBound
        while index < range.upperBound {
            let end =
                switch self {
                case .gpt2: Self.gpt2Word(text, index, range.upperBound)
                case .llama3(let digits): Self.llama3Word(text, index, range.upperBound, digits)
                }
            words.append(index..<end)
            index = end
        }
    }

    /// The end of the word that starts at `start`.
    private static func gpt2Word(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int {
        if text[start] == UInt8(ascii: "'"),
            let end = contraction(text, start + 1, limit, ignoringCase: false)
        {
            return end
        }
        var (kind, length) = ScalarClass.at(start, text, limit: limit)
        var index = start + length
        // " ?" belongs to the word behind it, whatever that is made of.
        if text[start] == 0x20, index < limit {
            let (next, nextLength) = ScalarClass.at(index, text, limit: limit)
            if !next.contains(.space) { (kind, index) = (next, index + nextLength) }
        }
        if kind.contains(.letter) { return run(text, index, limit) { $0.contains(.letter) } }
        if kind.contains(.number) { return run(text, index, limit) { $0.contains(.number) } }
        if !kind.contains(.space) {
            return run(text, index, limit) { $0.isDisjoint(with: .named) }
        }
        return space(text, start, limit)
    }

    private static func llama3Word(
        _ text: [UInt8], _ start: Int, _ limit: Int, _ digits: Int
    ) -> Int {
        if text[start] == UInt8(ascii: "'"),
            let end = contraction(text, start + 1, limit, ignoringCase: true)
        {
            return end
        }
        let (kind, length) = ScalarClass.at(start, text, limit: limit)
        let second = start + length
        if kind.contains(.letter) { return run(text, second, limit) { $0.contains(.letter) } }
        if kind.contains(.number) {
            var index = second
            var count = 1
            while count < digits, index < limit {
                let (next, nextLength) = ScalarClass.at(index, text, limit: limit)
                guard next.contains(.number) else { break }
                index += nextLength
                count += 1
            }
            return index
        }
        let next: (class: ScalarClass, length: Int) =
            second < limit ? ScalarClass.at(second, text, limit: limit) : (.space, 0)
        // Anything but a newline may lead a run of letters.
        if next.class.contains(.letter), !kind.contains(.newline) {
            return run(text, second + next.length, limit) { $0.contains(.letter) }
        }
        let isSymbol = kind.isDisjoint(with: .named)
        if isSymbol || (text[start] == 0x20 && next.class.isDisjoint(with: .named)) {
            let end = run(text, second, limit) { $0.isDisjoint(with: .named) }
            return run(text, end, limit) { $0.contains(.newline) }
        }
        return lastNewline(text, start, limit) ?? space(text, start, limit)
    }

    /// The end of a run of scalars of a kind.
    @inline(__always)
    private static func run(
        _ text: [UInt8], _ start: Int, _ limit: Int, while belongs: (ScalarClass) -> Bool
    ) -> Int {
        var index = start
        while index < limit {
            let (kind, length) = ScalarClass.at(index, text, limit: limit)
            guard belongs(kind) else { break }
            index += length
        }
        return index
    }

    /// `\s+(?!\S)|\s+`: white space without its last scalar, which goes with what follows, unless
    /// nothing follows or there is but one.
    private static func space(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int {
        let end = run(text, start, limit) { $0.contains(.space) }
        guard end < limit else { return end }
        let last = end - UTF8Scalars.scalar(text, before: end, start: start).length
        return last > start ? last : end
    }

    /// `\s*[\r\n]+`: white space up to its last newline, nil if it has none.
    private static func lastNewline(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int? {
        var end: Int?
        var index = start
        while index < limit {
            let (kind, length) = ScalarClass.at(index, text, limit: limit)
            guard kind.contains(.space) else { break }
            index += length
            if kind.contains(.newline) { end = index }
        }
        return end
    }

    /// The end of `s`, `t`, `re`, `ve`, `m`, `ll` or `d` behind an apostrophe.
    private static func contraction(
        _ text: [UInt8], _ start: Int, _ limit: Int, ignoringCase: Bool
    ) -> Int? {
        guard start < limit else { return nil }
        let mask: UInt8 = ignoringCase ? 0x20 : 0
        let first = text[start] | mask
        let second = start + 1 < limit ? text[start + 1] : 0
        switch first {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return start + 1
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return second | mask == UInt8(ascii: "e") ? start + 2 : nil
        case UInt8(ascii: "l"):
            return second | mask == UInt8(ascii: "l") ? start + 2 : nil
        default:
            // U+017F, the long s, is an s when case is ignored.
            return ignoringCase && text[start] == 0xC5 && second == 0xBF ? start + 2 : nil
        }
    }
}
