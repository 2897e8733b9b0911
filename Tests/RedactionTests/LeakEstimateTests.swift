import Records
import Testing

@testable import Redaction

struct LeakEstimateTests {
    /// Exact intervals as tables of the binomial have them.
    @Test(arguments: [
        (0, 10, 0.0, 0.308497), (1, 10, 0.002529, 0.445016), (5, 10, 0.187086, 0.812914),
        (10, 10, 0.691503, 1.0), (2, 100, 0.002431, 0.070384), (0, 1000, 0.0, 0.003682),
    ])
    func intervals(_ misses: Int, _ sample: Int, _ lower: Double, _ upper: Double) {
        let estimate = LeakEstimate(population: 10_000, sampleCount: sample, missCount: misses)
        #expect(abs(estimate.lower - lower) < 2e-6)
        #expect(abs(estimate.upper - upper) < 2e-6)
    }

    @Test func whoReadsEverythingEstimatesNothing() {
        let clean = LeakEstimate(population: 9, sampleCount: 9, missCount: 0)
        #expect(clean.lower == 0 && clean.upper == 0)
        let one = LeakEstimate(population: 10, sampleCount: 10, missCount: 1)
        #expect(one.lower == 0.1 && one.upper == 0.1)
    }

    @Test func withoutASampleNothingIsPromised() {
        let estimate = LeakEstimate(population: 10, sampleCount: 0, missCount: 0)
        #expect(estimate.share == nil && estimate.lower == 0 && estimate.upper == 1)
    }

    @Test(arguments: [0, 1, 479, 480, 481, 2000])
    func passagesCoverATextOnce(_ count: Int) {
        for pattern in [Array("word ".utf8), Array("é".utf8), Array("x".utf8)] {
            let text = (0..<count).map { pattern[$0 % pattern.count] }
            let passages = Passages.cut(text)
            #expect(passages.first?.lowerBound ?? 0 == 0)
            #expect(passages.last?.upperBound ?? 0 == count)
            for (a, b) in zip(passages, passages.dropFirst()) {
                #expect(a.upperBound == b.lowerBound)
            }
            #expect(passages.allSatisfy { !$0.isEmpty && $0.count <= Passages.limit })
        }
    }

    @Test func decisionsAboutValuesHold() throws {
        let redactor = try Redactor(
            policy: policy("name: x\ndefault: {operator: replace, threshold: 0.3}"),
            detectors: [Scanners()],
            reviewed: ReviewedValues(
                allowed: [(.emailAddress, Array("info@shop.example".utf8))],
                added: [(.person, Array("Zorblax".utf8))]))
        #expect(
            try redacted("Zorblax: INFO@shop.example, a@b.io", redactor)
                == "[PERSON_1]: INFO@shop.example, [EMAIL_ADDRESS_1]")
    }
}
