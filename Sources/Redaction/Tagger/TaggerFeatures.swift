/// Turns tokens into features: for each token, the rows of the weight table that speak about it.
///
/// A feature is a number (what is looked at) joined with a value (what is seen there), hashed to a
/// row. Collisions are left to training to sort out (Weinberger et al. 2009, feature hashing).
package struct TaggerFeatures: Sendable {
    /// log2 of the number of rows.
    package let bits: Int
    /// The rows of token `i` are `rows[i * stride ..< i * stride + stride]`, all in use.
    package private(set) var rows: [UInt32] = []
    /// Features per token.
    package static let stride = 67

    /// Makes an extractor for a table of 2^bits rows.
    package init(bits: Int) { self.bits = bits }

    /// Fills `rows` for `tokens`, which the lexicon has marked.
    package mutating func extract(_ tokens: [TaggerToken]) {
        let cues = TaggerCues(tokens)
        rows.removeAll(keepingCapacity: true)
        rows.reserveCapacity(tokens.count * Self.stride)
        for index in tokens.indices { append(tokens, index, cues) }
    }

    private static let outside: TaggerToken = {
        var token = TaggerToken()
        token.word = 0x0b0d
        return token
    }()

    private mutating func append(_ tokens: [TaggerToken], _ index: Int, _ cues: TaggerCues) {
        @inline(__always) func token(_ offset: Int) -> TaggerToken {
            let at = index + offset
            return at >= 0 && at < tokens.count ? tokens[at] : Self.outside
        }
        let (a, b, c, d, e) = (token(-2), token(-1), token(0), token(1), token(2))
        let shift = UInt64(64 - bits)
        var number: UInt64 = 0
        @inline(__always) func add(_ value: UInt64) {
            number += 1
            rows.append(
                UInt32(
                    truncatingIfNeeded: (TaggerHash.join(number, value) &* 0x9e37_79b9_7f4a_7c15)
                        >> shift))
        }
        @inline(__always) func pair(_ x: UInt64, _ y: UInt64) -> UInt64 { TaggerHash.join(x, y) }
        @inline(__always) func shape(_ t: TaggerToken) -> UInt64 {
            UInt64(t.shape.rawValue) | UInt64(t.lineCase) << 5
        }
        @inline(__always) func lists(_ t: TaggerToken) -> UInt64 {
            t.flags.signature | UInt64(t.phraseFlags.rawValue) << 16
                | (t.startsPhrase ? 1 << 40 : 0)
        }
        let (sa, sb, sc, sd, se) = (shape(a), shape(b), shape(c), shape(d), shape(e))
        let (la, lb, lc, ld, le) = (lists(a), lists(b), lists(c), lists(d), lists(e))
        let scd = pair(sc, sd)
        let sbc = pair(sb, sc)
        let gaps = UInt64(c.gap.rawValue) | UInt64(d.gap.rawValue) << 3

        // The words.
        add(0)
        add(c.word)
        add(b.word)
        add(d.word)
        add(a.word)
        add(e.word)
        add(token(-3).word)
        add(token(3).word)
        add(pair(b.word, c.word))
        add(pair(c.word, d.word))
        add(pair(b.word, d.word))
        add(pair(a.word, b.word))
        add(pair(d.word, e.word))
        // Their parts.
        for lane in 0..<4 { add(c.prefixes[lane]) }
        for lane in 0..<4 { add(c.suffixes[lane]) }
        add(b.suffixes[1])
        add(d.suffixes[1])
        add(pair(c.suffixes[1], sc))
        add(pair(c.suffixes[1], lb))
        // How they are written.
        add(sc)
        add(sbc)
        add(scd)
        add(pair(sbc, sd))
        add(pair(sc, b.word))
        add(pair(sc, d.word))
        add(pair(sc, a.word))
        add(pair(sa, sbc))
        add(pair(scd, se))
        add(pair(sc, UInt64(min(c.count, 12))))
        add(pair(sc, gaps))
        add(pair(pair(sc, gaps), sb))
        // What the lexicon knows.
        add(lc)
        add(pair(lc, sc))
        add(pair(lb, lc))
        add(pair(lc, ld))
        add(pair(pair(lb, lc), ld))
        add(pair(lc, b.word))
        add(pair(lc, d.word))
        add(pair(pair(la, lb), lc))
        add(pair(pair(lc, ld), le))
        add(pair(pair(lb, lc), sbc))
        add(pair(pair(lc, ld), scd))
        add(pair(lb, ld))
        add(pair(lb, sc))
        add(pair(ld, sc))
        add(pair(pair(a.word, b.word), sc))
        add(pair(pair(b.word, d.word), sc))
        add(pair(pair(a.word, b.word), lc))
        // Where they stand.
        let cue = cues[index]
        add(pair(cue.key, sc))
        add(pair(cue.key, lc))
        add(pair(cue.key, UInt64(cue.sinceKey)))
        add(pair(UInt64(cue.streetAhead), sc))
        add(pair(UInt64(cue.streetBehind), sc))
        add(pair(UInt64(cue.companyAhead), sc))
        add(pair(UInt64(cue.numberBehind), pair(UInt64(cue.streetAhead), lc)))
        add(pair(UInt64(cue.streetBehind), pair(lc, gaps)))
        add(pair(UInt64(cue.capitalRun), sc))
        add(pair(cue.sentence, lc))
        add(pair(cue.sentence, sc))
        add(pair(UInt64(cue.numberBehind), pair(sc, gaps)))
        add(pair(UInt64(cue.honorificBehind), sc))
        assert(number == UInt64(Self.stride))
    }
}
