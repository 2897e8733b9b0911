/// Words in bytes: runs of letters and digits; typographic quotes, dashes, no-break spaces and
/// emoji end a word although their bytes are above 127.
enum Words {
    /// The next word from `from` on, or nil at the end.
    static func next(in text: [UInt8], from: Int) -> (start: Int, end: Int)? {
        let span = text.span
        var start = from
        while start < span.count {
            if !span[start].isWord {
                start += 1
            } else if span[start] >= 0x80, let gap = TextIndex.separatorLength(span, start) {
                start += gap
            } else {
                break
            }
        }
        guard start < span.count else { return nil }
        var end = start
        while end < span.count, span[end].isWord {
            if span[end] >= 0x80, TextIndex.separatorLength(span, end) != nil { break }
            end += 1
        }
        return (start, end)
    }

    /// Whether a letter or digit stands at `i`.
    static func isWord(_ text: [UInt8], _ i: Int) -> Bool {
        guard i < text.count, text[i].isWord else { return false }
        return text[i] < 0x80 || TextIndex.separatorLength(text.span, i) == nil
    }
}
