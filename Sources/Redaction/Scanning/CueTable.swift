/// Finds cue words by their first eight bytes, lower-cased, and their length.
///
/// Two words of one length that agree in eight bytes share an entry: their cues are united, which
/// can only raise a score. Open addressing, at most a quarter full.
struct CueTable: Sendable {
    private var keys: [UInt64]
    private var values: [UInt64]
    private let mask: Int

    /// The table of `Cue.words` and the months of `MonthNames`.
    static let shared = CueTable()

    private init() {
        var entries: [(UInt64, UInt64)] = []
        func add(_ word: some StringProtocol, _ cue: Cue) {
            var packed: UInt64 = 0
            let bytes = Array(word.utf8)
            for (i, byte) in bytes.prefix(8).enumerated() {
                packed |= UInt64(byte.lowered) << UInt64(8 * i)
            }
            entries.append((CueTable.key(packed, length: bytes.count), cue.rawValue))
        }
        for (cue, list) in Cue.words {
            for word in list.split(whereSeparator: \.isWhitespace) { add(word, cue) }
        }
        for (name, _) in MonthNames.list { add(name, .month) }
        mask = 8191
        keys = Array(repeating: 0, count: 8192)
        values = Array(repeating: 0, count: 8192)
        for (key, value) in entries {
            var slot = CueTable.slot(key) & mask
            while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
            keys[slot] = key
            values[slot] |= value
        }
    }

    /// Mixes the packed bytes with the word's length; never 0.
    @inline(__always)
    static func key(_ packed: UInt64, length: Int) -> UInt64 {
        packed ^ (UInt64(truncatingIfNeeded: length) &* 0x9E37_79B9_7F4A_7C15) | 1
    }

    @inline(__always)
    private static func slot(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0xD6E8_FEB8_6659_FD93) >> 40)
    }

    /// The cues of a word, or none.
    @inline(__always)
    func cues(packed: UInt64, length: Int) -> UInt64 {
        let key = CueTable.key(packed, length: length)
        var slot = CueTable.slot(key) & mask
        while true {
            let found = keys[slot]
            if found == key { return values[slot] }
            if found == 0 { return 0 }
            slot = (slot + 1) & mask
        }
    }
}
