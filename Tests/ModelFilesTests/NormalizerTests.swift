import Foundation
import Testing

@testable import ModelFiles

@Suite("Normalizers")
struct NormalizerTests {
    static func apply(_ json: String, _ text: String) throws -> String {
        let normalizer = try Normalizer(try ByteJSONReader.read(Array(json.utf8)))
        return String(decoding: normalizer.apply(Array(text.utf8)), as: UTF8.self)
    }

    static func equalBytes(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }

    @Test(
        "Steps of each kind",
        arguments: [
            (#"{"type":"Lowercase"}"#, "ÀBCİ", "àbci\u{307}"),
            (#"{"type":"StripAccents"}"#, "e\u{301}é", "eé"),
            (#"{"type":"Strip"}"#, "\u{3000} a b\n", "a b"),
            (#"{"type":"Strip","strip_left":false,"strip_right":true}"#, " a ", " a"),
            (#"{"type":"Replace","pattern":{"String":"``"},"content":"\""}"#, "``a`", "\"a`"),
            (#"{"type":"Replace","pattern":{"Regex":" {2,}"},"content":"▁"}"#, "a b   c", "a b▁c"),
            (#"{"type":"Prepend","prepend":"▁"}"#, "a", "▁a"),
            (#"{"type":"Prepend","prepend":"▁"}"#, "", ""),
            (
                #"{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"StripAccents"},"#
                    + #"{"type":"Lowercase"}]}"#, "ÉCOLE", "ecole"
            ),
            (#"{"type":"Precompiled","precompiled_charsmap":""}"#, "é", "é"),
            ("null", " é ", " é "),
        ])
    func steps(json: String, text: String, wanted: String) throws {
        #expect(Self.equalBytes(try Self.apply(json, text), wanted))
    }

    @Test(
        "Normalisation forms (UAX #15, and where Foundation errs)",
        arguments: [
            ("NFC", "e\u{301}", "\u{E9}"), ("NFD", "\u{E9}", "e\u{301}"),
            ("NFC", "\u{E9}", "\u{E9}"), ("NFC", "\u{212B}", "\u{C5}"),
            ("NFC", "a\u{315}\u{300}\u{5AE}", "\u{E0}\u{5AE}\u{315}"),
            ("NFC", "q\u{307}\u{323}", "q\u{323}\u{307}"),
            ("NFC", "\u{1100}\u{1161}", "\u{AC00}"), ("NFC", "\u{AC00}\u{11A8}", "\u{AC01}"),
            ("NFC", "\u{1112}\u{1175}\u{11C2}", "\u{D7A3}"),
            ("NFC", "\u{B894}\u{11B2}", "\u{B89F}"),
            ("NFC", "\u{1110}\u{1176}", "\u{1110}\u{1176}"),
            ("NFC", "\u{AC00}\u{11A7}", "\u{AC00}\u{11A7}"),
            ("NFC", "\u{AC01}\u{11A8}", "\u{AC01}\u{11A8}"),
            ("NFC", "\u{1100}\u{300}\u{1161}", "\u{1100}\u{300}\u{1161}"),
            ("NFC", "\u{AC00}e\u{301}\u{11A8}", "\u{AC00}\u{E9}\u{11A8}"),
            ("NFD", "\u{AC01}", "\u{1100}\u{1161}\u{11A8}"),
            ("NFKC", "ﬁ①\u{3131}\u{314F}", "fi1\u{1100}\u{1161}".precomposedHangul),
            ("NFKD", "ﬁ\u{FF76}\u{FF9E}", "fi\u{30AB}\u{3099}"),
            ("NFKC", "\u{FF76}\u{FF9E}", "\u{30AC}"),
            ("NFC", "中文 ok 😀", "中文 ok 😀"),
        ])
    func forms(name: String, text: String, wanted: String) throws {
        #expect(Self.equalBytes(try Self.apply(#"{"type":"\#(name)"}"#, text), wanted))
    }

    @Test("Scalars younger than Unicode 9 stay, and nothing composes across them")
    func youngScalars() throws {
        // U+11938 (Unicode 13) decomposes in today's tables, U+32FF (12.1) has a compatibility form.
        #expect(Self.equalBytes(try Self.apply(#"{"type":"NFD"}"#, "\u{11938}"), "\u{11938}"))
        #expect(Self.equalBytes(try Self.apply(#"{"type":"NFKC"}"#, "\u{32FF}"), "\u{32FF}"))
        // U+1DF6 (Unicode 10) is a mark of class 232 today.
        let text = "e\u{1DF6}\u{301}"
        #expect(Self.equalBytes(try Self.apply(#"{"type":"NFC"}"#, text), text))
    }

    @Test("No scalar at which text is cut composes with what is before it, or changes alone")
    func inertScalars() throws {
        for range in [0x80...0x33FF, 0xF900...0xFFFF, 0x1D100...0x1D1FF, 0x1F300...0x1FAFF] {
            for value in range {
                guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
                let text = String(Character(scalar))
                if UnicodeForm.nfc.isInert(scalar) {
                    #expect(Self.equalBytes(text.precomposedStringWithCanonicalMapping, text))
                    #expect(scalar.properties.canonicalCombiningClass == .notReordered)
                }
                let parts = text.decomposedStringWithCanonicalMapping.unicodeScalars.dropFirst()
                for part in parts { #expect(!UnicodeForm.nfc.isInert(part), "\(value)") }
            }
        }
    }

    @Test("Text in pieces is as the whole text", arguments: 0..<40)
    func pieces(seed: Int) throws {
        // Foundation on the whole text is the oracle: no Hangul, nothing young.
        var random = SplitMix(seed: UInt64(seed))
        let alphabet = Array(
            "aeA ç\u{300}\u{301}\u{323}\u{327}中か\u{3099}Ω\u{212B}ﬁ①я\u{306}😀".unicodeScalars)
        for _ in 0..<30 {
            var text = ""
            for _ in 0..<random.below(16) {
                text.unicodeScalars.append(alphabet[random.below(alphabet.count)])
            }
            for (name, wanted) in [
                ("NFC", text.precomposedStringWithCanonicalMapping),
                ("NFD", text.decomposedStringWithCanonicalMapping),
                ("NFKC", text.precomposedStringWithCompatibilityMapping),
                ("NFKD", text.decomposedStringWithCompatibilityMapping),
            ] {
                let form = try #require(UnicodeForm(rawValue: name))
                #expect(form.apply(Array(text.utf8)) == Array(wanted.utf8), "\(name) \(text)")
            }
        }
    }

    @Test(
        "What is not read is refused by name",
        arguments: [
            (#"{"type":"Nmt"}"#, "Nmt"),
            (#"{"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "}"#, #"\s+"#),
            (#"{"type":"Precompiled","precompiled_charsmap":"%"}"#, "lacks"),
            (#"{"type":"Precompiled","precompiled_charsmap":"AAAA"}"#, "damaged"),
            (#"{"type":"Sequence","normalizers":[{"type":"ByteLevel"}]}"#, "ByteLevel"),
        ])
    func refused(json: String, name: String) throws {
        let error = try #require(throws: TokenizerError.self) { try Self.apply(json, "a") }
        #expect(error.message.contains(name), "\(error)")
    }
}

extension String {
    /// With its first syllable composed, by the formula of Unicode's section 3.12.
    fileprivate var precomposedHangul: String {
        replacing("\u{1100}\u{1161}", with: "\u{AC00}")
    }
}
