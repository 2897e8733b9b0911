/// How recognisers ask what stands around a candidate.
extension Scan {
    /// Whether a word of `cue` stands within `before` bytes left or `after` bytes right of
    /// `range`, or the field's name says so.
    func near(_ cue: Cue, _ start: Int, _ end: Int, before: Int = 48, after: Int = 24) -> Bool {
        if !fieldCues.isDisjoint(with: cue) { return true }
        var k = cueCursor - 1
        while k >= 0 {
            let hit = index.cues[k]
            if start - Int(hit.end) > before { break }
            if !hit.cues.isDisjoint(with: cue) { return true }
            k -= 1
        }
        k = cueCursor
        while k < index.cues.count {
            let hit = index.cues[k]
            if Int(hit.start) - end > after { break }
            if Int(hit.start) >= end, !hit.cues.isDisjoint(with: cue) { return true }
            k += 1
        }
        return false
    }

    /// The cues of the words that stand right before `start`, fillers such as "number is" skipped:
    /// the union over up to three adjoining cue words ("driver's licence no.").
    /// `marked` says that a filler, `#` or `:` announces a value.
    func cueBefore(_ start: Int) -> (cues: Cue, marked: Bool) {
        var found = fieldCues
        let before = skipBack(start, limit: 3) { $0 == 0x20 }
        var marked = at(before - 1) == 0x23 || at(before - 1) == 0x3A || !fieldCues.isEmpty
        var edge = start
        var named = 0
        var k = cueCursor - 1
        // Cues inside the candidate's own left part do not count.
        while k >= 0, Int(index.cues[k].end) > start { k -= 1 }
        var steps = 0
        while k >= 0, steps < 8 {
            let hit = index.cues[k]
            guard isThin(Int(hit.end), edge) else { break }
            let isFiller = hit.cues.contains(.filler)
            if isFiller, named == 0 { marked = true }
            let meaning = hit.cues.subtracting(.filler)
            if !meaning.isDisjoint(with: Cue.codes) {
                found.formUnion(meaning)
                named += 1
                if named == 3 { break }
            } else if !isFiller {
                found.formUnion(meaning)
                if named > 0 { break }
            }
            edge = Int(hit.start)
            k -= 1
            steps += 1
        }
        return (found, marked)
    }

    /// Whether nothing but spaces, punctuation, a genitive s or "no" stands in the gap.
    private func isThin(_ from: Int, _ to: Int) -> Bool {
        guard to >= from, to - from <= 6 else { return false }
        var i = from
        var newlines = 0
        while i < to {
            let byte = bytes[i]
            if byte.isAlnum {
                guard byte.lowered == 0x73, i > from, !at(i + 1).isWord else { return false }
            } else if byte >= 0x80 {
                // Typographic quotes and dashes only.
                guard byte == 0xE2 || byte == 0xC2 || byte & 0xC0 == 0x80 else { return false }
            } else if byte == 0x0A {
                newlines += 1
                if newlines > 1 { return false }
            } else if byte == 0x2E, i == from, to - from > 1, at(i + 1).isSpace {
                // The end of a sentence, unless the word is an abbreviation.
                let word = skipBack(from, limit: 6) { $0.isWord }
                if from - word > 4 { return false }
            } else if byte == 0x3B || byte == 0x3F || byte == 0x21 {
                return false
            }
            i += 1
        }
        return true
    }

    /// Whether no letter, digit or `_` stands right before `i`.
    @inline(__always)
    func opens(_ i: Int) -> Bool {
        let byte = at(i - 1)
        return i == 0 || !(byte.isAlnum || byte == 0x5F || byte >= 0x80 && !isSeparatorBefore(i))
    }

    /// Whether no letter or digit stands at `i`.
    @inline(__always)
    func closes(_ i: Int) -> Bool {
        let byte = at(i)
        return i >= count || !(byte.isAlnum || byte >= 0x80 && separatorLength(i) == 0)
    }

    /// The length of the Unicode separator at `i`, or 0.
    @inline(__always)
    func separatorLength(_ i: Int) -> Int {
        guard i < count, bytes[i] >= 0x80 else { return 0 }
        return min(TextIndex.separatorLength(bytes.span, i) ?? 0, count - i)
    }

    private func isSeparatorBefore(_ i: Int) -> Bool {
        for length in 2...4 where i >= length && separatorLength(i - length) == length {
            return true
        }
        return false
    }

    /// The lower-case cues of the word at `i`, whatever its place in the index.
    func cues(ofWordAt i: Int) -> (end: Int, cues: Cue) {
        var packed: UInt64 = 0
        var j = i
        while j < count, j - i < 40, bytes[j].isLetter || bytes[j] >= 0x80 {
            if bytes[j] >= 0x80, separatorLength(j) > 0 { break }
            if j - i < 8 { packed |= UInt64(bytes[j].lowered) << UInt64(8 * (j - i)) }
            j += 1
        }
        guard j > i else { return (i, []) }
        return (j, Cue(rawValue: CueTable.shared.cues(packed: packed, length: j - i)))
    }

    /// The cues of the word that ends at `i`, and where it starts.
    func cues(ofWordBefore i: Int) -> (start: Int, cues: Cue) {
        var start = skipBack(i, limit: 40) { $0.isLetter || $0 >= 0x80 }
        // A typographic dash or quotation mark inside the stretch ends the word.
        var k = start
        while k < i {
            let skip = bytes[k] >= 0x80 ? separatorLength(k) : 0
            if skip > 0 { start = k + skip; k += skip } else { k += 1 }
        }
        let word = cues(ofWordAt: min(start, i))
        return word.end == i ? (start, word.cues) : (i, [])
    }
}
