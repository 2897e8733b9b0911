internal import Records

/// The words of a text as 64-bit hashes, and the overlapping runs of n words ("shingles") as
/// hashes of those.
///
/// A word is a run of letters and digits, in lower case (Latin, Greek, Cyrillic); in scripts that
/// are written without spaces (Han, kana, Thai, Lao, Khmer, Myanmar) each scalar is a word. All
/// else parts words. Keeps its buffers, so that a text costs no allocation.
struct WordHashes: Sendable {
    /// One hash a word, in the order of the text.
    private(set) var words: [UInt64] = []
    /// One hash a run of words, in the order of the text; repeated runs repeat.
    private(set) var shingles: [UInt64] = []

    private static let prime: UInt64 = 0x100_0000_01B3
    private static let basis: UInt64 = 0xCBF2_9CE4_8422_2325
    /// The base of the polynomial over word hashes; odd, its bits chosen by the golden ratio.
    private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Reads the texts of a record: the strings of `fields` at any depth, else of its kind's
    /// standard fields other than the label.
    mutating func read(_ record: Record, fields: [String]?) {
        words.removeAll(keepingCapacity: true)
        for name in fields ?? record.kind.standardFields where fields != nil || name != "label" {
            if let value = record.fields[name] { read(value) }
        }
    }

    /// Reads one text.
    mutating func read(_ text: [UInt8]) {
        words.removeAll(keepingCapacity: true)
        append(text)
    }

    /// Makes the runs of `size` words; a shorter text is one run, an empty one none.
    mutating func shingle(_ size: Int) {
        shingles.removeAll(keepingCapacity: true)
        guard let first = words.first else { return }
        let words = self.words  // shared, not copied
        let span = words.span
        var sum = first
        var power: UInt64 = 1  // base to the power of (size − 1), to take the oldest word out
        for index in 1..<max(1, min(size, span.count)) {
            sum = sum &* Self.base &+ span[index]
            power = power &* Self.base
        }
        shingles.append(Self.mix(sum))
        guard span.count > size else { return }
        for index in size..<span.count {
            sum = (sum &- span[index &- size] &* power) &* Self.base &+ span[index]
            shingles.append(Self.mix(sum))
        }
    }

    /// The runs as a set: sorted, each once.
    func sortedSet() -> [UInt64] {
        var sorted = shingles
        sorted.sort()
        var count = 0
        for index in sorted.indices where index == 0 || sorted[index] != sorted[count &- 1] {
            sorted[count] = sorted[index]
            count &+= 1
        }
        sorted.removeLast(sorted.count - count)
        return sorted
    }

    private mutating func read(_ value: JSONValue) {
        switch value {
        case .string(let text): append(Array(text.utf8))
        case .array(let elements): for element in elements { read(element) }
        case .object(let members):
            for name in members.keys.sorted() where name != "role" {
                if let member = members[name] { read(member) }
            }
        case .null, .bool, .number: break
        }
    }

    private mutating func append(_ text: [UInt8]) {
        let bytes = text.span
        var hash = Self.basis
        var isInWord = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                let lower = byte | 0x20
                if lower &- 0x61 < 26 || byte &- 0x30 < 10 {
                    // A digit has bit 5 set already.
                    hash = (hash ^ UInt64(lower)) &* Self.prime
                    isInWord = true
                } else if isInWord {
                    words.append(Self.mix(hash))
                    hash = Self.basis
                    isInWord = false
                }
                index &+= 1
                continue
            }
            let (scalar, length) = Self.scalar(bytes, index)
            index &+= length
            switch ScalarClass(scalar) {
            case .letter(let folded):
                hash = (hash ^ UInt64(folded)) &* Self.prime
                isInWord = true
            case .gap, .word:
                if isInWord {
                    words.append(Self.mix(hash))
                    hash = Self.basis
                    isInWord = false
                }
                if case .word = ScalarClass(scalar) {
                    words.append(Self.mix((hash ^ UInt64(scalar)) &* Self.prime))
                }
            }
        }
        if isInWord { words.append(Self.mix(hash)) }
    }

    /// The scalar that starts at `index`, and its bytes; a broken one is its first byte alone.
    private static func scalar(_ bytes: Span<UInt8>, _ index: Int) -> (UInt32, Int) {
        let first = UInt32(bytes[index])
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        guard length > 1, index &+ length <= bytes.count else { return (first, 1) }
        var scalar = first & (0x7F >> UInt32(length))
        for offset in 1..<length { scalar = scalar << 6 | UInt32(bytes[index &+ offset] & 0x3F) }
        return (scalar, length)
    }

    /// Spreads 64 bits evenly: the finaliser of MurmurHash3.
    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var hash = (value ^ value >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }
}

/// What a scalar above U+007F is to ``WordHashes``.
private enum ScalarClass {
    case letter(UInt32)
    case word
    case gap

    init(_ scalar: UInt32) {
        switch scalar {
        case 0xAA, 0xB5, 0xBA: self = .letter(scalar)
        case 0x80...0xBF, 0xD7, 0xF7: self = .gap
        case 0xC0...0xDE, 0x391...0x3A9, 0x410...0x42F: self = .letter(scalar + 0x20)
        case 0x400...0x40F: self = .letter(scalar + 0x50)
        case 0x100...0x137, 0x14A...0x177: self = .letter(scalar | 1)
        case 0x139...0x148, 0x179...0x17E: self = .letter(scalar + (scalar & 1))
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: self = .word
        case 0x2000...0x206F, 0x2190...0x2BFF, 0x3000...0x3020: self = .gap
        case 0xFE00...0xFE0F, 0xFEFF, 0xFF00...0xFF0F, 0xFF1A...0xFF20, 0xFFFD: self = .gap
        case 0x3041...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: self = .word
        case 0x1F000...0x1FAFF: self = .gap
        default: self = .letter(scalar)
        }
    }
}
