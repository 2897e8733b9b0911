import Foundation
import Testing

@testable import ModelFiles

/// The hand-written scanners beside the regular expressions that they stand for, run by Foundation.
@Suite("Word scanners")
struct WordScannerTests {
    static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
    static let llama3 =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"#
        + #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    static let qwen2 = llama3.replacing("{1,3}", with: "")
    static let patterns = [gpt2, llama3, qwen2]

    static func scan(_ pattern: String, _ text: String) throws -> [String] {
        let scanner = try #require(WordScanner(pattern: pattern))
        let bytes = Array(text.utf8)
        var words: [Range<Int>] = []
        scanner.scan(bytes, 0..<bytes.count, into: &words)
        return words.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    static func oracle(_ expression: NSRegularExpression, _ text: String) -> [String] {
        let whole = NSRange(text.startIndex..., in: text)
        return expression.matches(in: text, range: whole).map {
            (text as NSString).substring(with: $0.range)
        }
    }

    @Test(
        "GPT-2's words",
        arguments: [
            ("Hello world", ["Hello", " world"]),
            ("it's we'll I'D", ["it", "'s", " we", "'ll", " I", "'", "D"]),
            ("a  b", ["a", " ", " b"]),
            ("a \n b\n", ["a", " \n", " b", "\n"]),
            ("x1234 5", ["x", "1234", " 5"]),
            ("a\t\tb", ["a", "\t", "\t", "b"]),
            (" '", [" '"]),
            ("   ", ["   "]),
            ("naïve 中文", ["naïve", " 中文"]),
            ("👍🏽!", ["👍🏽!"]),
            ("", []),
        ])
    func gpt2Words(text: String, words: [String]) throws {
        #expect(try Self.scan(Self.gpt2, text) == words)
    }

    @Test(
        "Llama 3's words",
        arguments: [
            ("IT'S we'LL", ["IT", "'S", " we", "'LL"]),
            ("12345", ["123", "45"]),
            ("(word)\n\n x", ["(word", ")\n\n", " x"]),
            ("a \n\n  b", ["a", " \n\n", " ", " b"]),
            ("a.\r\nb", ["a", ".\r\n", "b"]),
            ("don'\u{17F}", ["don", "'\u{17F}"]),
            ("\u{A0}a", ["\u{A0}a"]),
            (" !x", [" !", "x"]),
        ])
    func llama3Words(text: String, words: [String]) throws {
        #expect(try Self.scan(Self.llama3, text) == words)
    }

    @Test("Digits one by one for Qwen2")
    func qwen2Words() throws {
        #expect(try Self.scan(Self.qwen2, "a12 3") == ["a", "1", "2", " ", "3"])
    }

    @Test("Every short text of an awkward alphabet", arguments: patterns)
    func shortTexts(pattern: String) throws {
        let alphabet: [Character] = ["'", "s", "L", "é", "7", "²", " ", "\n", "\r", "\t", "-", "😀"]
        let expression = try NSRegularExpression(pattern: pattern)
        var texts = [""]
        for _ in 0..<3 {
            texts = texts.flatMap { text in alphabet.map { text + String($0) } }
            // CR LF are one Character, but two scalars to both.
            for text in texts {
                #expect(try Self.scan(pattern, text) == Self.oracle(expression, text))
            }
        }
    }

    @Test("Texts from a seed", arguments: patterns, 0..<8)
    func seeded(pattern: String, seed: Int) throws {
        let expression = try NSRegularExpression(pattern: pattern)
        var random = SplitMix(seed: UInt64(seed))
        let ranges: [ClosedRange<UInt32>] = [
            0x61...0x7A, 0x41...0x5A, 0x20...0x40, 9...13, 0x20...0x20, 0x27...0x27, 0x30...0x39,
            0xA0...0x17F, 0x300...0x36F, 0x400...0x4FF, 0x620...0x669, 0x2000...0x206F,
            0x2150...0x218B, 0x3000...0x30FF, 0x4E00...0x9FA5, 0xAC00...0xD7A3,
            0x1F300...0x1F64F, 0x1D7CE...0x1D7FF,
        ]
        for _ in 0..<60 {
            var text = ""
            for _ in 0..<random.below(40) {
                let range = ranges[random.below(ranges.count)]
                let value = range.lowerBound + UInt32(random.below(range.count))
                text.unicodeScalars.append(try #require(Unicode.Scalar(value)))
            }
            let words = try Self.scan(pattern, text)
            #expect(words == Self.oracle(expression, text), "\(text.debugDescription)")
        }
    }

    @Test("Letters and numbers younger than Unicode 16 are neither")
    func youngScalars() throws {
        let young = try #require(Unicode.Scalar(0x33400 as UInt32))
        let old = ScalarClass("一")
        #expect(old == .letter)
        if young.properties.age.map({ $0.major > 16 }) == true {
            #expect(ScalarClass(young) == [])
        }
        #expect(ScalarClass("²") == [.number, .digit])
        #expect(ScalarClass("\n") == [.space, .newline])
        #expect(ScalarClass("\u{85}") == .space)
        #expect(ScalarClass("\u{200B}") == [])
    }

    @Test("An unknown pattern has no scanner")
    func unknownPattern() {
        #expect(WordScanner(pattern: #"\w+|[^\w\s]+"#) == nil)
        #expect(WordScanner(pattern: Self.llama3.replacing("{1,3}", with: "{1,4}")) == nil)
    }
}
