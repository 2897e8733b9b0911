/// What was read of a text: letters by script, and the weights of its n-grams.
///
/// Features: words in lower case with a space on either side; n-grams of two to four scalars of
/// them, and the words as a whole.
struct LanguageEvidence: Sendable {
    /// Letters that are enough for a guess.
    static let limit = 500

    /// Letters by ``LanguageScript``.
    private(set) var letters = [Int](repeating: 0, count: LanguageScript.allCases.count)
    /// Sums of weights by language.
    private(set) var sums: [SIMD8<Int32>] = []
    /// How many n-grams there were.
    private(set) var features = 0
    private var persian = 0
    private var urdu = 0
    private var total = 0

    /// Whether more letters would not help.
    var isEnough: Bool { total >= Self.limit }

    /// Persian or Urdu, if their own letters of the Arabic script are there.
    var arabicLanguage: String? { urdu > 0 ? "ur" : persian > 0 ? "fa" : nil }

    /// Reads valid UTF-8, a cut character at the end aside.
    mutating func read(_ bytes: [UInt8], model: LanguageModel?) {
        if sums.isEmpty, let model { sums = model.zero }
        var word: [UInt32] = [0x20]
        var i = 0
        while i < bytes.count, !isEnough {
            let lead = bytes[i]
            let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            guard i + length <= bytes.count else { break }
            let scalar = length == 1 ? UInt32(lead) : ScalarBytes.scalar(bytes, at: i).value
            i += length
            let script = LanguageScript.of(scalar)
            if script == .none {
                finish(&word, model)
                continue
            }
            letters[script.rawValue] += 1
            total += 1
            switch scalar {
            case 0x67E, 0x686, 0x698, 0x6AF, 0x6A9, 0x6CC: persian += 1
            case 0x679, 0x688, 0x691, 0x6BA, 0x6BE, 0x6C1, 0x6D2: urdu += 1
            default: break
            }
            if script == .latin || script == .cyrillic { word.append(Self.lower(scalar)) }
        }
        finish(&word, model)
    }

    private mutating func finish(_ word: inout [UInt32], _ model: LanguageModel?) {
        defer { word.removeLast(word.count - 1) }
        guard word.count > 1, word.count < 40, let model else { return }
        word.append(0x20)
        for start in 0..<word.count - 1 {
            var hash = LanguageModel.extended(LanguageModel.seed, word[start])
            for end in start + 1..<min(start + 4, word.count) {
                hash = LanguageModel.extended(hash, word[end])
                model.add(hash, to: &sums)
                features += 1
            }
        }
        if word.count > 4 {
            var hash = LanguageModel.seed
            for scalar in word { hash = LanguageModel.extended(hash, scalar) }
            model.add(hash, to: &sums)
            features += 1
        }
    }

    /// Simple lower case of Latin and Cyrillic (Unicode's CaseFolding.txt, the regular parts).
    private static func lower(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE, 0x410...0x42F: scalar + 0x20
        case 0x100...0x12F, 0x132...0x137, 0x14A...0x177, 0x1E00...0x1EFF, 0x460...0x4BF:
            scalar | 1
        case 0x139...0x148, 0x179...0x17E: scalar + (scalar & 1)
        case 0x400...0x40F: scalar + 0x50
        default: scalar
        }
    }
}
