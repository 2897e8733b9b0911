import FoundationEssentials
import Records
import Testing

@testable import Redaction

/// Mutated texts through all detectors and resolution: nothing crashes, findings lie on the text, on
/// characters, never overlap, and come out the same again.
///
/// 4,000 texts; TUNDISH_LONG=1 makes them 20,000.
struct FuzzTests {
    private static let seeds = [
        "From: Ana Roe <ana.roe@example.org>\r\nCall +49 30 1234567 or 212-555-0142 x12.\r\n",
        "Name: JOHN O'NEIL\nDOB: 05/03/1961 SSN 078-05-1120, 12 rue de la Paix, 75002 Paris",
        "{\"user\":\"a_b\",\"ip\":\"2001:db8::1\",\"card\":\"4111 1111 1111 1111\",\"t\":\"eyJhbGciOi.x.y\"}",
        "my number is five five five oh one four two jane dot roe at mail dot com",
        "العربية 日本語 😀👩‍👩‍👧 e\u{301}a\u{308} Hauptstraße 12a, 10115 Berlin, 34-jährige",
        "2026-03-05T10:00:00Z user=root ip=10.0.0.1 [12/Mar/2026:10:11:12 +0000] key=sk_live_abc1234567890123456",
    ].map { Array($0.utf8) }

    private static func mutated(_ random: inout SeededRandom) -> [UInt8] {
        var text = seeds[Int.random(in: 0..<seeds.count, using: &random)]
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let at = Int.random(in: 0..<max(1, text.count), using: &random)
            switch Int.random(in: 0...6, using: &random) {
            case 0 where !text.isEmpty: text.remove(at: min(at, text.count - 1))
            case 1: text.insert(UInt8.random(in: 0...127, using: &random), at: min(at, text.count))
            case 2 where !text.isEmpty:
                text[min(at, text.count - 1)] = UInt8.random(in: 0...127, using: &random)
            case 3:
                let other = seeds[Int.random(in: 0..<seeds.count, using: &random)]
                text.insert(contentsOf: other.suffix(at), at: min(at, text.count))
            case 4: text.insert(contentsOf: [0, 0x0D, 0x0A, 0x5B, 0x28], at: min(at, text.count))
            case 5: text = Array(text.prefix(at))
            default: text += text.prefix(at)
            }
            if text.count > 600 { text = Array(text.prefix(600)) }
        }
        // What a cut left of a character becomes U+FFFD.
        return Array(String(decoding: text, as: UTF8.self).utf8)
    }

    @Test func mutatedTextsKeepTheRules() throws {
        let count = ProcessInfo.processInfo.environment["TUNDISH_LONG"] == nil ? 4000 : 20_000
        let redactor = try Redactor(
            policy: policy("name: all\ndefault: {operator: replace, threshold: 0.3}"))
        var random = SeededRandom(seed: 20_261_123)
        for number in 0..<count {
            let text = Self.mutated(&random)
            let found = try redactor.scan(text)
            var end = 0
            for finding in found {
                #expect(finding.range.lowerBound >= end && finding.range.upperBound <= text.count)
                end = finding.range.upperBound
                #expect(text[finding.range.lowerBound] & 0xC0 != 0x80)
                #expect(end == text.count || text[end] & 0xC0 != 0x80)
            }
            if number % 16 == 0 { #expect(try redactor.scan(text) == found) }
        }
    }

    @Test func bytesThatAreNoTextAreRefused() throws {
        let redactor = try Redactor(policy: policy("name: all"))
        for bytes: [UInt8] in [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]] {
            #expect(throws: RedactionError.self) { try redactor.scan(bytes) }
        }
        // NUL is a character like others.
        let text = Array("\0\0 mail ana@example.org \0".utf8)
        #expect(try redactor.scan(text).count == 1)
    }

    @Test func aMillionBracketsAndALongWord() throws {
        let redactor = try Redactor(
            policy: policy("name: all"), detectors: [Scanners()])
        let brackets = [UInt8](repeating: 0x5B, count: 1_000_000)
        #expect(try redactor.scan(brackets).isEmpty)
        let word = [UInt8](repeating: 0x61, count: 1_000_000) + Array(" ana@example.org".utf8)
        #expect(try redactor.scan(word).count == 1)
    }
}
