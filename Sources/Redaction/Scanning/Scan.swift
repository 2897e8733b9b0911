import Cryptography

/// One pass of all recognisers over one text.
///
/// Rules of the pass:
/// 1. `TextIndex` has found the triggers; they are visited in order, each once.
/// 2. A recogniser looks at a bounded stretch around its trigger, or consumes what it walks over,
///    so that the whole pass is linear whatever the text.
/// 3. What a recogniser emits with `claim` is consumed: triggers inside it are skipped. So an
///    e-mail address inside a URL stays part of the URL.
struct Scan {
    let bytes: [UInt8]
    let count: Int
    let index: TextIndex
    /// What the field's or column's name says about every value in it.
    let fieldCues: Cue
    var findings: [Finding] = []
    /// Triggers before this byte are done with.
    var consumed = 0
    /// The number of cue hits that begin before the current trigger.
    var cueCursor = 0
    /// The digit run of the current trigger; reused so that it costs no allocation.
    var run = DigitRun()

    init(_ document: DocumentView, fieldCues: Cue) {
        bytes = document.bytes
        count = document.bytes.count
        index = TextIndex(document.bytes)
        self.fieldCues = fieldCues
    }

    /// The byte at `i`, or 0 outside the text.
    @inline(__always)
    func at(_ i: Int) -> UInt8 {
        UInt(bitPattern: i) < UInt(bitPattern: count) ? bytes[i] : 0
    }

    /// The first position from `i` on whose byte does not satisfy `test`, at most `limit` further.
    @inline(__always)
    func skip(_ i: Int, limit: Int = .max, while test: (UInt8) -> Bool) -> Int {
        let stop = limit > count - i ? count : i + limit
        var j = i
        while j < stop, test(bytes[j]) { j += 1 }
        return j
    }

    /// The start of the stretch before `i` whose bytes satisfy `test`, at most `limit` long.
    @inline(__always)
    func skipBack(_ i: Int, limit: Int, while test: (UInt8) -> Bool) -> Int {
        let stop = max(0, i - limit)
        var j = i
        while j > stop, test(bytes[j - 1]) { j -= 1 }
        return j
    }

    /// Whether the text at `i` is `word`, ASCII case ignored (`word` is lower case).
    func matches(_ word: StaticString, at i: Int) -> Bool {
        guard i >= 0, i + word.utf8CodeUnitCount <= count else { return false }
        for k in 0..<word.utf8CodeUnitCount {
            let wanted = unsafe word.utf8Start[k]
            if bytes[i + k].lowered != wanted { return false }
        }
        return true
    }

    /// Adds a finding and consumes its bytes.
    @inline(__always)
    mutating func claim(
        _ type: EntityType, _ start: Int, _ end: Int, _ score: Float,
        _ validation: Validation = .none
    ) {
        add(type, start, end, score, validation)
        if end > consumed { consumed = end }
    }

    /// Adds a finding without consuming its bytes: other recognisers still look inside.
    @inline(__always)
    mutating func add(
        _ type: EntityType, _ start: Int, _ end: Int, _ score: Float,
        _ validation: Validation = .none
    ) {
        guard start < end else { return }
        findings.append(
            Finding(
                type: type, range: start..<end, score: score, detector: Scanners.name,
                validation: validation))
    }

    /// Runs every recogniser.
    mutating func all() -> [Finding] {
        // Whole-array loops over `index` would copy it under exclusivity; positions are enough.
        let triggers = index.triggers
        let hits = index.cues
        for trigger in triggers {
            let position = Int(trigger.position)
            if position < consumed { continue }
            while cueCursor < hits.count, Int(hits[cueCursor].start) < position { cueCursor += 1 }
            switch trigger.kind {
            case .number: number(at: position)
            case .letters: letters(at: position)
            case .at: atSign(at: position)
            case .colon: colon(at: position)
            case .equals: assignment(at: position)
            case .hash: hash(at: position)
            case .dot: bareDomain(at: position)
            case .cue: cueWord(at: position)
            }
        }
        return findings
    }
}

/// All built-in recognisers in one pass: identifiers, contact data, dates, addresses, secrets.
///
/// ```swift
/// let found = Scanners().findings(in: DocumentView(Array("call 212-555-0142".utf8)))
/// ```
public struct Scanners: Detector {
    static let name = "scanners"
    /// Raised with every change to what the recognisers find.
    static let revision = "scanners/5"

    /// Makes the detector; it has no state.
    public init() {}

    /// `scanners`.
    public var name: String { Scanners.name }

    /// The digest of the recognisers' revision and word lists.
    public var digest: [UInt8] { Scanners.sharedDigest }

    private static let sharedDigest: [UInt8] = {
        var hasher = SHA256.Hasher()
        hasher.update(Array(revision.utf8))
        for (cue, words) in Cue.words {
            hasher.update(Array("\(cue.rawValue):\(words)\n".utf8))
        }
        return hasher.finalize()
    }()

    /// All findings of the recognisers; they may overlap.
    ///
    /// - Complexity: O(n).
    public func findings(in document: DocumentView) -> [Finding] {
        guard document.count > 0, document.count < Int(Int32.max) else { return [] }
        var scan = Scan(document, fieldCues: FieldNames.cues(of: document.context))
        return scan.all()
    }
}
