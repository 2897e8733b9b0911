import Records
import Testing

@testable import Redaction

struct OverlapRuleTests {
    static func random(_ seed: UInt64) -> (text: [UInt8], findings: [Finding]) {
        var random = SeededRandom(seed: seed)
        let length = Int.random(in: 1...60, using: &random)
        let alphabet = Array("ab1 .-@".utf8)
        let text = (0..<length).map { _ in alphabet.randomElement(using: &random) ?? 32 }
        let types: [EntityType] = [.person, .phoneNumber, .url]
        let findings = (0..<Int.random(in: 0...12, using: &random)).map { _ in
            let start = Int.random(in: 0..<length, using: &random)
            return Finding(
                type: types.randomElement(using: &random) ?? .url,
                range: start..<Int.random(in: (start + 1)...length, using: &random),
                score: Float.random(in: 0...1, using: &random), detector: "t",
                validation: Validation.allCases.randomElement(using: &random) ?? .none)
        }
        return (text, findings)
    }

    @Test(arguments: 0..<50)
    func neverOverlapsAndCoversTheSame(_ block: Int) {
        for seed in 0..<60 {
            let (text, findings) = Self.random(UInt64(block * 1000 + seed))
            let result = OverlapRule.resolve(findings, in: text)
            for (a, b) in zip(result, result.dropFirst()) {
                #expect(a.range.upperBound <= b.range.lowerBound)
                #expect(!(a.type == b.type && a.range.upperBound == b.range.lowerBound))
            }
            for (k, byte) in text.enumerated() {
                let before = findings.contains { $0.range.contains(k) }
                let after = result.contains { $0.range.contains(k) }
                if byte.isWord { #expect(before == after) } else { #expect(before || !after) }
            }
            #expect(OverlapRule.resolve(findings.reversed(), in: text) == result)
            #expect(OverlapRule.resolve(result, in: text) == result)
        }
    }

    @Test func validatedWinsAndRestStays() {
        let text = Array("pay 4111111111111111 now".utf8)
        let result = OverlapRule.resolve(
            [
                Finding(type: .otherID, range: 0..<24, score: 1, detector: "a"),
                Finding(
                    type: .creditCard, range: 4..<20, score: 0.5, detector: "b",
                    validation: .checksumValid),
            ], in: text)
        #expect(result.map(\.range) == [0..<3, 4..<20, 21..<24])
    }

    @Test func containedIsDroppedAndTouchingMerged() {
        let text = Array("abcdefgh".utf8)
        let result = OverlapRule.resolve(
            [
                Finding(type: .person, range: 0..<4, score: 0.5, detector: "a"),
                Finding(type: .location, range: 1..<3, score: 0.9, detector: "a"),
                Finding(type: .person, range: 4..<8, score: 0.7, detector: "a"),
            ], in: text)
        #expect(result.map(\.range) == [0..<8])
        #expect(result.first?.score == 0.7)
    }
}
