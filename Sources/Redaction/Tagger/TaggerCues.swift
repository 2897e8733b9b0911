/// What is known about a token from further away than its neighbours.
struct TaggerCue {
    /// The hash of the word before the line's last colon: `Patient name: …`; 0 without one.
    var key: UInt64 = 0
    /// Tokens since that colon, at most 7; 0 without one.
    var sinceKey: UInt8 = 0
    /// Tokens to the next street word, company word; 0 when none is within 5.
    var streetAhead: UInt8 = 0
    var companyAhead: UInt8 = 0
    /// Tokens since the last street word, number (8) or honorific (3); 0 when further.
    var streetBehind: UInt8 = 0
    var numberBehind: UInt8 = 0
    var honorificBehind: UInt8 = 0
    /// Place in, and length of, the run of capitalised words that the token is in, as 16 × place + length.
    var capitalRun: UInt8 = 0
    /// 0 inside a sentence, 1 its first word, 2 first word of a line, 3 first word of the text.
    var sentence: UInt64 = 0
}

/// The cues of all tokens, found in one pass forward and one back.
struct TaggerCues {
    private var cues: [TaggerCue]

    subscript(index: Int) -> TaggerCue { cues[index] }

    init(_ tokens: [TaggerToken]) {
        cues = [TaggerCue](repeating: TaggerCue(), count: tokens.count)
        forward(tokens)
        backward(tokens)
    }

    private mutating func forward(_ tokens: [TaggerToken]) {
        let colon = TaggerHash.add(0x3a, to: TaggerHash.seed)
        let ends = [0x2e, 0x21, 0x3f].map { TaggerHash.add($0, to: TaggerHash.seed) }
        let honorificReach = 3
        var street = 0
        var number = 0
        var honorific = 0
        var key: UInt64 = 0
        var since = 0
        var lastWord: UInt64 = 0
        var run = 0
        var freshSentence = true
        for (index, token) in tokens.enumerated() {
            let newLine = token.gap == .newline || token.gap == .blankLine || token.gap == .start
            if token.gap == .blankLine { (street, number, honorific) = (0, 0, 0) }
            if newLine { (key, since, lastWord, freshSentence) = (0, 0, 0, true) }
            var cue = TaggerCue()
            cue.key = key
            cue.sinceKey = UInt8(min(since, 7))
            cue.streetBehind = UInt8(street > 5 ? 0 : street)
            cue.numberBehind = UInt8(number > 8 ? 0 : number)
            cue.honorificBehind = UInt8(honorific > honorificReach ? 0 : honorific)
            if freshSentence {
                cue.sentence = token.gap == .start ? 3 : (newLine ? 2 : 1)
            }
            if token.shape.isCapital && run > 0 && !newLine {
                run += 1
            } else {
                run = token.shape.isCapital ? 1 : 0
            }
            cue.capitalRun = UInt8(min(run, 15)) << 4
            cues[index] = cue

            if street > 0 { street += 1 }
            if number > 0 { number += 1 }
            if honorific > 0 { honorific += 1 }
            if since > 0 { since += 1 }
            if token.flags.contains(.streetWord) { street = 1 }
            if token.shape.isNumber { number = 1 }
            if token.flags.contains(.honorific) { honorific = 1 }
            if token.shape == .sign {
                if token.word == colon && lastWord != 0 {
                    key = lastWord
                    since = 1
                }
                freshSentence = ends.contains(token.word)
            } else {
                lastWord = token.word
                freshSentence = false
            }
        }
    }

    private mutating func backward(_ tokens: [TaggerToken]) {
        var street = 0
        var company = 0
        var run: UInt8 = 0
        var index = tokens.count - 1
        while index >= 0 {
            let token = tokens[index]
            cues[index].streetAhead = UInt8(street > 5 ? 0 : street)
            cues[index].companyAhead = UInt8(company > 5 ? 0 : company)
            let place = cues[index].capitalRun >> 4
            if place > 0 {
                run = max(run, place)
                cues[index].capitalRun = place << 4 | min(run, 15)
                if place == 1 { run = 0 }
            } else {
                run = 0
            }
            if street > 0 { street += 1 }
            if company > 0 { company += 1 }
            if token.flags.contains(.streetWord) { street = 1 }
            if token.flags.contains(.companyWord) { company = 1 }
            if token.gap == .newline || token.gap == .blankLine { (street, company) = (0, 0) }
            index -= 1
        }
    }
}
