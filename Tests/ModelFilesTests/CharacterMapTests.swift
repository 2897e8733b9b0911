import Testing

@testable import ModelFiles

/// Writes character maps as SentencePiece compiles them: a Darts double array, built the slow way.
struct CharacterMapWriter {
    private var units: [Int: (label: UInt8, offset: Int, value: Int?, hasLeaf: Bool)] = [:]
    private var blob: [UInt8] = []

    static func bytes(_ map: [[UInt8]: String]) -> [UInt8] {
        var writer = CharacterMapWriter()
        var values: [[UInt8]: Int] = [:]
        for (key, replacement) in map.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            values[key] = writer.blob.count
            writer.blob += Array(replacement.utf8) + [0]
        }
        writer.units[0] = (0, 0, nil, false)
        writer.place(node: 0, prefix: [], values)
        let count = ((writer.units.keys.max() ?? 0) | 255) + 1
        var bytes = Self.word(UInt32(count * 4))
        for index in 0..<count {
            guard let unit = writer.units[index] else {
                bytes += Self.word(0)
                continue
            }
            if let value = unit.value {
                bytes += Self.word(UInt32(value) | 1 << 31)
            } else {
                bytes += Self.word(
                    UInt32(unit.label) | (unit.hasLeaf ? 1 << 8 : 0) | UInt32(unit.offset) << 10)
            }
        }
        return bytes + writer.blob
    }

    /// Puts the children of a node where there is room: child = node ^ offset ^ label.
    private mutating func place(node: Int, prefix: [UInt8], _ values: [[UInt8]: Int]) {
        let longer = values.filter { $0.key.starts(with: prefix) && $0.key.count > prefix.count }
        let labels = Set(longer.keys.map { $0[prefix.count] }).sorted()
        let value = values[prefix]
        guard
            let offset = (1...).first(where: { offset in
                (value == nil || units[node ^ offset] == nil)
                    && labels.allSatisfy { units[node ^ offset ^ Int($0)] == nil }
            })
        else { return }
        units[node]?.offset = offset
        if let value {
            units[node]?.hasLeaf = true
            units[node ^ offset] = (0, 0, value, false)
        }
        for label in labels { units[node ^ offset ^ Int(label)] = (label, 0, nil, false) }
        for label in labels {
            place(node: node ^ offset ^ Int(label), prefix: prefix + [label], longer)
        }
    }

    private static func word(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
}

@Suite("SentencePiece's character map")
struct CharacterMapTests {
    /// By bytes: "é" is two of them.
    static let entries: [(key: String, value: String)] = [
        ("\u{FF21}", "A"), ("ﬁ", "fi"), ("e\u{301}", "\u{E9}"), ("\r", " "), ("\t", " "),
        ("\u{1}", ""), ("①", "1"), ("\u{E9}", "\u{E9}!"), ("ab", "x"), ("abc", "y"),
    ]

    static func map() throws -> CharacterMap {
        try CharacterMap(
            CharacterMapWriter.bytes(
                Dictionary(uniqueKeysWithValues: entries.map { (Array($0.utf8), $1) })))
    }

    @Test(
        "By grapheme cluster, the shortest beginning",
        arguments: [
            ("\u{FF21}ﬁz", "Afiz"), ("a\tb", "a b"), ("\r\n", " "), ("x\u{1}y", "xy"),
            ("e\u{301}", "\u{E9}"), ("\u{E9}", "\u{E9}!"), ("①\u{301}", "1"),
            // Six bytes and more: scalar by scalar.
            ("①\u{301}\u{302}", "1\u{301}\u{302}"), ("abc", "abc"), ("", ""),
            ("\u{E9}中", "\u{E9}!中"),
        ])
    func graphemes(text: String, wanted: String) throws {
        let found = try Self.map().normalizedByGrapheme(Array(text.utf8))
        #expect(found == Array(wanted.utf8))
    }

    @Test("The longest prefix, as SentencePiece takes it", arguments: 0..<30)
    func longest(seed: Int) throws {
        let map = try Self.map()
        var random = SplitMix(seed: UInt64(seed))
        let alphabet = Array("abcex\u{301}ﬁ①".unicodeScalars)
        var text = ""
        for _ in 0..<seed { text.unicodeScalars.append(alphabet[random.below(alphabet.count)]) }
        let bytes = Array(text.utf8)
        for start in bytes.indices {
            let rest = Array(bytes[start...])
            let wanted = Self.entries.filter { rest.starts(with: Array($0.key.utf8)) }
                .max { $0.key.utf8.count < $1.key.utf8.count }
            let found = map.longest(bytes, start..<bytes.count)
            #expect(found?.length == wanted?.key.utf8.count)
            #expect(found.map { Array($0.replacement) } == wanted.map { Array($0.value.utf8) })
        }
    }

    @Test("Spaces are single, and gone at the ends, where the model says so")
    func spaces() throws {
        let normalizer = SentencePieceNormalizer(map: try Self.map(), removesExtraSpaces: true)
        #expect(normalizer.apply(Array("  a \t\t b\r ".utf8)) == Array("a b".utf8))
        #expect(normalizer.apply(Array(" \t ".utf8)) == [])
        #expect(normalizer.apply(Array("a▁ ▁".utf8)) == Array("a".utf8))
        let plain = SentencePieceNormalizer(map: nil, removesExtraSpaces: false)
        #expect(plain.apply(Array("  a  ".utf8)) == Array("  a  ".utf8))
    }

    @Test("Damaged maps are refused or harmless")
    func hostile() throws {
        for bytes in [[], [1, 2, 3], [3, 0, 0, 0, 0], [0, 0, 0, 0], [255, 255, 255, 255, 0, 0]] {
            #expect(throws: TokenizerError.self) { try CharacterMap(bytes.map { UInt8($0) }) }
        }
        let good = CharacterMapWriter.bytes(["ab".utf8.map { $0 }: "x", [0xC3, 0xA9]: "e"])
        let texts = [Array("abé\u{301}".utf8), (0...127).map { UInt8($0) }]
        var random = SplitMix(seed: 7)
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0...random.below(4) {
                bytes[random.below(bytes.count)] = UInt8(random.below(256))
            }
            bytes.removeLast(random.below(8))
            guard let map = try? CharacterMap(bytes) else { continue }
            for text in texts {
                _ = map.normalizedByGrapheme(text)
                _ = map.longest(text, 0..<text.count)
            }
        }
    }
}
