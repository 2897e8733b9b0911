/// What one walk over the bytes leaves for the recognisers: where to look, and which cue words
/// stand where. Memory is proportional to the triggers, not to the text.
struct TextIndex {
    /// Why a recogniser is started at a position.
    enum Kind: UInt8 {
        /// A run of letters and digits that holds a digit.
        case number
        /// A run of letters that may be a bare code: 8 or 11 capitals, or 16 and more letters.
        case letters
        case at, colon, equals, hash, dot
        /// A cue word that can begin or end a finding by itself.
        case cue
    }

    struct Trigger {
        let position: Int32
        let kind: Kind
    }

    struct CueHit {
        let start: Int32
        let end: Int32
        let cues: Cue
    }

    private(set) var triggers: [Trigger] = []
    private(set) var cues: [CueHit] = []

    /// Cues whose place is a trigger of its own.
    private static let starting: UInt64 =
        Cue([
            .streetSuffix, .streetPrefix, .month, .secret, .user, .key, .unit, .digitWord,
            .spokenMark,
        ]).rawValue

    /// Walks `bytes` once.
    ///
    /// - Complexity: O(n), one table look-up per byte and one hash look-up per word.
    init(_ bytes: [UInt8]) {
        triggers.reserveCapacity(bytes.count / 24 + 4)
        cues.reserveCapacity(bytes.count / 24 + 4)
        let text = bytes.span
        let classTable = ByteClass.table
        let classes = classTable.span
        let table = CueTable.shared
        let n = text.count
        var i = 0
        while i < n {
            let byte = text[i]
            let kind = classes[Int(byte)]
            if kind & ByteClass.word == 0 {
                if kind & ByteClass.trigger != 0 { punctuation(byte, at: i) }
                i += 1
                continue
            }
            if byte >= 0x80, let skip = TextIndex.separatorLength(text, i) {
                i = min(i + skip, n)
                continue
            }
            let start = i
            var seen: UInt8 = 0
            var packed: UInt64 = 0
            while i < n {
                let b = text[i]
                let c = classes[Int(b)]
                if c & ByteClass.word == 0 { break }
                if b >= 0x80, i > start, TextIndex.separatorLength(text, i) != nil { break }
                if i - start < 8 {
                    let low = c & ByteClass.upper != 0 ? b | 0x20 : b
                    packed |= UInt64(low) << UInt64(8 * (i - start))
                }
                seen |= c
                i += 1
            }
            note(start, i, seen, packed, table, next: i < n ? text[i] : 0)
        }
    }

    @inline(__always)
    private mutating func punctuation(_ byte: UInt8, at i: Int) {
        let kind: Kind =
            switch byte {
            case 0x40: .at
            case 0x3A: .colon
            case 0x3D: .equals
            case 0x23: .hash
            default: .dot
            }
        triggers.append(Trigger(position: Int32(truncatingIfNeeded: i), kind: kind))
    }

    @inline(__always)
    private mutating func note(
        _ start: Int, _ end: Int, _ seen: UInt8, _ packed: UInt64, _ table: CueTable,
        next: UInt8
    ) {
        let position = Int32(truncatingIfNeeded: start)
        let length = end - start
        if seen & ByteClass.digit != 0 {
            triggers.append(Trigger(position: position, kind: .number))
            return
        }
        if length <= 40 {
            let found = table.cues(packed: packed, length: length)
            if found != 0 {
                cues.append(
                    CueHit(
                        start: position, end: Int32(truncatingIfNeeded: end),
                        cues: Cue(rawValue: found)))
                if found & TextIndex.starting != 0 {
                    triggers.append(Trigger(position: position, kind: .cue))
                    return
                }
            }
        }
        if length >= 16 || next == 0x2D && (length == 8 || length == 2)
            || (seen == ByteClass.upper || seen == ByteClass.upper | ByteClass.hex)
                && (length == 8 || length == 11)
        {
            triggers.append(Trigger(position: position, kind: .letters))
        }
    }

    /// The length in bytes of the Unicode separator at `i`, or nil: the Latin-1 symbols, U+2000–2BFF
    /// (punctuation, arrows, symbols), ideographic punctuation, variation selectors and emoji.
    @inline(__always)
    static func separatorLength(_ text: Span<UInt8>, _ i: Int) -> Int? {
        let byte = text[i]
        let next = i + 1 < text.count ? text[i + 1] : 0
        switch byte {
        case 0xC2: return next == 0xAA || next == 0xB5 || next == 0xBA ? nil : 2
        case 0xE2: return next <= 0xAF ? 3 : nil
        case 0xE3: return next == 0x80 ? 3 : nil
        case 0xEF: return next == 0xB8 || next == 0xBB ? 3 : nil
        case 0xF0: return next == 0x9F ? 4 : nil
        default: return nil
        }
    }
}
