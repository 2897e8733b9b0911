/// A text cut into words, lines and paragraphs, in one pass over its bytes.
///
/// Words are runs of bytes above the space; their hashes make no difference between upper and lower
/// case in ASCII.
struct QualityText {
    struct Word {
        var start: Int
        var end: Int
        var hash: UInt64
        /// Characters (Unicode scalars).
        var length: Int
    }

    struct Line {
        var hash: UInt64
        var length: Int
        var words: Int
        var hasBullet = false
        var hasEllipsis = false
        var isTerminated = false
        var hasJavaScript = false
    }

    private(set) var words: [Word] = []
    private(set) var lines: [Line] = []
    private(set) var paragraphs: [(hash: UInt64, length: Int)] = []
    /// Characters in words.
    private(set) var characters = 0
    private(set) var alphabeticWords = 0
    private(set) var hashes = 0
    private(set) var ellipses = 0
    private(set) var braces = 0
    private(set) var sentences = 0
    private(set) var loremIpsum = 0
    /// One bit for each of Gopher's stop words that is there.
    private(set) var stopWords: UInt8 = 0

    // Copies, so that a word costs no look at a global.
    private let stops = stopHashes
    private let lorem = loremHash
    private let ipsum = ipsumHash

    private static func hash(_ text: String) -> UInt64 {
        finished(text.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* prime })
    }
    private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let prime: UInt64 = 0x100_0000_01B3
    private static let stopHashes = ["the", "be", "to", "of", "and", "that", "have", "with"].map(
        hash)
    private static let loremHash = hash("lorem")
    private static let ipsumHash = hash("ipsum")

    @inline(__always)
    private static func finished(_ hash: UInt64) -> UInt64 {
        let mixed = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        return mixed ^ mixed >> 33
    }

    /// Hashes of the first words: a polynomial modulo 2⁶⁴, so that any n-gram's hash is a difference.
    private(set) var prefixes: [UInt64] = [0]
    /// Characters of the first words.
    private(set) var ends: [Int] = [0]
    private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The base to the power of n.
    static func power(_ n: Int) -> UInt64 { (0..<n).reduce(1) { power, _ in power &* base } }

    /// The hash of `n` words in a row; `power` is the base to the power of n.
    @inline(__always)
    func gram(at start: Int, _ n: Int, _ power: UInt64) -> UInt64 {
        Self.finished(prefixes[start + n] &- prefixes[start] &* power)
    }

    /// The characters of words in a row.
    @inline(__always)
    func length(_ start: Int, _ end: Int) -> Int { ends[end] - ends[start] }

    /// Reads the text.
    mutating func read(_ bytes: [UInt8]) {
        words.reserveCapacity(bytes.count / 6)
        var (paragraphHash, paragraphLength) = (UInt64(0), 0)
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            let firstWord = words.count
            readLine(bytes, start, end)
            if words.count == firstWord {
                if paragraphLength > 0 { paragraphs.append((paragraphHash, paragraphLength)) }
                (paragraphHash, paragraphLength) = (0, 0)
            } else if let line = lines.last {
                paragraphHash = (paragraphHash ^ line.hash) &* 0x9E37_79B9_7F4A_7C15
                paragraphLength += line.length
            }
            start = end + 1
        }
        if paragraphLength > 0 { paragraphs.append((paragraphHash, paragraphLength)) }
    }

    private mutating func readLine(_ bytes: [UInt8], _ start: Int, _ end: Int) {
        let firstWord = words.count
        var lineHash: UInt64 = 0
        var i = start
        while i < end {
            if bytes[i] <= 0x20 {
                i += 1
                continue
            }
            let word = readWord(bytes, i, end)
            lineHash = (lineHash ^ word.hash) &* 0x9E37_79B9_7F4A_7C15
            words.append(word)
            prefixes.append((prefixes.last ?? 0) &* Self.base &+ word.hash)
            ends.append(characters)
            i = word.end
        }
        guard words.count > firstWord else { return }
        let (first, last) = (words[firstWord], words[words.count - 1])
        var line = Line(
            hash: lineHash, length: last.end - first.start, words: words.count - firstWord)
        line.hasBullet = Self.isBullet(bytes, first)
        line.hasEllipsis =
            bytes[..<last.end].suffix(3).elementsEqual([0x2E, 0x2E, 0x2E])
            || bytes[..<last.end].suffix(3).elementsEqual([0xE2, 0x80, 0xA6])
        line.isTerminated = !line.hasEllipsis && Self.isTerminal(bytes, last)
        for index in firstWord..<words.count where words[index].length >= 10 {
            let start = words[index].start
            guard bytes[start] | 0x20 == 0x6A, bytes[start + 4] | 0x20 == 0x73 else { continue }
            let word = bytes[start..<start + 10].map { $0 | 0x20 }
            if word.elementsEqual("javascript".utf8) { line.hasJavaScript = true }
        }
        lines.append(line)
    }

    private mutating func readWord(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Word {
        var hash = Self.seed
        var (i, length) = (start, 0)
        var hasLetter = false
        while i < end, bytes[i] > 0x20 {
            var byte = bytes[i]
            if byte >= 0x80 {
                hasLetter = true
                if byte & 0xC0 != 0x80 { length += 1 }
                if byte == 0xA6, i >= 2, bytes[i - 1] == 0x80, bytes[i - 2] == 0xE2 {
                    ellipses += 1
                }
            } else {
                length += 1
                if (0x61...0x7A).contains(byte | 0x20) {
                    hasLetter = true
                    byte |= 0x20
                } else if byte == 0x23 {
                    hashes += 1
                } else if byte == 0x7B {
                    braces += 1
                } else if byte == 0x2E, i >= start + 2, bytes[i - 1] == 0x2E, bytes[i - 2] == 0x2E {
                    ellipses += 1
                }
            }
            hash = (hash ^ UInt64(byte)) &* Self.prime
            i += 1
        }
        let word = Word(start: start, end: i, hash: Self.finished(hash), length: length)
        characters += length
        if hasLetter { alphabeticWords += 1 }
        if length <= 4, let stop = stops.firstIndex(of: word.hash) { stopWords |= 1 << UInt8(stop) }
        if Self.isTerminal(bytes, word) { sentences += 1 }
        if length == 5, word.hash == ipsum, words.last?.hash == lorem { loremIpsum += 1 }
        return word
    }

    /// Whether a word ends in `.`, `!`, `?` or a closing quote behind one of them, or alike.
    private static func isTerminal(_ bytes: [UInt8], _ word: Word) -> Bool {
        var end = word.end
        // Behind the mark: " ' ) ] and ’ ” ».
        while end > word.start {
            let byte = bytes[end - 1]
            if byte == 0x22 || byte == 0x27 || byte == 0x29 || byte == 0x5D {
                end -= 1
            } else if end - word.start >= 3, bytes[end - 3] == 0xE2, bytes[end - 2] == 0x80,
                byte == 0x99 || byte == 0x9D
            {
                end -= 3
            } else if end - word.start >= 2, bytes[end - 2] == 0xC2, byte == 0xBB {
                end -= 2
            } else {
                break
            }
        }
        guard end > word.start else { return false }
        let byte = bytes[end - 1]
        if byte == 0x2E || byte == 0x21 || byte == 0x3F { return true }
        // 。 ！ ？
        guard end - word.start >= 3 else { return false }
        let (a, b) = (bytes[end - 3], bytes[end - 2])
        return (a == 0xE3 && b == 0x80 && byte == 0x82)
            || (a == 0xEF && b == 0xBC && (byte == 0x81 || byte == 0x9F))
    }

    /// `-`, `*`, `•`, `‣`, `–`, `·`, `▪`, `●` or `○` at the start of a line.
    private static func isBullet(_ bytes: [UInt8], _ word: Word) -> Bool {
        let first = bytes[word.start]
        if first == 0x2D || first == 0x2A { return word.end == word.start + 1 }
        if first == 0xC2 { return bytes[word.start + 1] == 0xB7 }
        guard first == 0xE2, word.end - word.start >= 3 else { return false }
        switch (bytes[word.start + 1], bytes[word.start + 2]) {
        case (0x80, 0xA2), (0x80, 0xA3), (0x96, 0xAA), (0x97, 0x8F), (0x97, 0x8B), (0x80, 0x93):
            return true
        default: return false
        }
    }
}
