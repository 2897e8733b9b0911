import Records
import Testing

@testable import Cleaning

@Suite struct ProfileTests {
    static let records: [Record] = (0..<500).map { number in
        record(
            number, number % 10 == 0 ? "same" : "text number \(number)",
            label: number % 4 == 0 ? "neg" : "pos",
            subjects: number % 5 == 0 ? [number % 50] : [], split: number % 8 == 0 ? .test : .train,
            extra: ["stars": .string("\(number % 5)"), "note": number % 3 == 0 ? "N/A" : "x"])
    }

    @Test func countsAndTypes() {
        var profile = Profile()
        for record in Self.records { profile.add(record) }
        #expect(profile.recordCount == 500 && profile.labels == ["neg": 125, "pos": 375])
        #expect(profile.splits == ["test": 63, "train": 437])
        #expect(profile.exactDuplicates == 48 && profile.duplicatesAreExact)
        #expect(profile.subjectCount == 10 && profile.withSubject == 100)
        let fields = profile.json["fields"]
        #expect(fields?["stars"]?["type"] == "integer" && fields?["stars"]?["distinct"] == 5)
        #expect(fields?["note"]?["missing"] == 167 && fields?["text"]?["type"] == "string")
        #expect(profile.text.contains("labels      pos 375 (75.0 %), neg 125 (25.0 %)"))
        #expect(profile.text.contains("duplicates  48 (9.6 %) exact"))
    }

    @Test func partsMakeTheWhole() {
        var whole = Profile()
        for record in Self.records { whole.add(record) }
        var parts = Array(repeating: Profile(), count: 7)
        for (index, record) in Self.records.enumerated() { parts[index % 7].add(record) }
        var merged = Profile()
        for part in parts.reversed() { merged.merge(part) }
        #expect(merged.json == whole.json && merged.text == whole.text)
        #expect(Profile().json["records"] == 0 && !Profile().text.isEmpty)
    }

    @Test func histogramIsExactBelow64AndWithinAThirtySecondAbove() {
        var random = SeededRandom(seed: 9)
        var histogram = LengthHistogram()
        var lengths = (0..<5000).map { _ in
            Int.random(in: 0...Int.random(in: 1...100_000, using: &random), using: &random)
        }
        for length in lengths { histogram.add(length) }
        lengths.sort()
        for q in [0.001, 0.1, 0.5, 0.9, 0.99, 1] {
            let exact = lengths[max(0, Int((q * 5000).rounded(.up)) - 1)]
            let found = histogram.quantile(q)
            #expect(found <= exact && Double(exact - found) <= Double(exact) / 32 + 1)
        }
        #expect(histogram.minimum == lengths[0] && histogram.maximum == lengths[4999])
    }

    @Test func distinctIsExactThenClose() {
        for count in [0, 1, 4096, 5000, 50_000] {
            var halves = [DistinctCounter(), DistinctCounter()]
            for number in 0..<count {
                let hash = DistinctCounter.hash("value \(number)".utf8)
                halves[number % 2].add(hash: hash)
                if number % 3 == 0 { halves[(number + 1) % 2].add(hash: hash) }
            }
            halves[0].merge(halves[1])
            let error = Double(abs(halves[0].count - count))
            #expect(count <= 4096 ? error == 0 : error < 0.06 * Double(count))
            #expect(halves[0].isExact == (count <= 4096))
        }
    }
}
