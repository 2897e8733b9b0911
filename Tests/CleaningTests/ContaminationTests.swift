import Records
import Testing

@testable import Cleaning

@Suite struct ContaminationTests {
    private func judge(
        _ shards: [[Record]], _ rule: ContaminationRule = ContaminationRule()
    ) -> ContaminationVerdict {
        var collected = Contamination(rule: rule)
        for shard in shards {
            var part = Contamination(rule: rule)
            for record in shard { part.collect(record) }
            collected.merge(part)
        }
        let start = collected.probe()
        var all = start
        for shard in shards {
            var part = start
            for record in shard { part.collect(record) }
            all.merge(part)
        }
        return all.resolve()
    }

    @Test func plantedTextIsFoundByShare() {
        var text = GeneratedText(seed: 41)
        let leaked = text.words(40)
        let half = text.words(60)
        let little = text.words(60)
        func line(_ words: some Sequence<String>) -> String { words.joined(separator: " ") }
        let records = [
            record(1, line(text.words(20) + leaked + text.words(20)), split: .train),
            record(2, line(half.prefix(40) + text.words(9))),  // no part: counts as train
            record(3, line(little.prefix(15)), split: .train),
            record(4, line(leaked).uppercased(), split: .test),
            record(5, line(half), split: .validation), record(6, line(little), split: .test),
            record(7, line(text.words(50)), split: .test),
            record(8, "thank you very much", split: .test), record(9, "thank you very much"),
        ]
        let verdict = judge([records])
        #expect(verdict.share(of: rid(4)) == 1)
        // 60 words are 49 runs of 12; 40 of the words have 29 of them.
        #expect(verdict.share(of: rid(5)) == 29.0 / 49)
        #expect((6...8).allSatisfy { verdict.share(of: rid($0)) == nil })
        let report = verdict.report
        #expect(report.examined == ["test": 3, "validation": 1] && report.short == 1)
        #expect(report.contaminated == ["test": 1, "validation": 1])
        #expect(report.share == 1 && report.exceedsLimit)
        #expect(ContaminationReport(json: report.json) == report)
        #expect(report.lines.count == 3 && report.lines[2].contains("cannot be handed off"))
        #expect(!judge([records], ContaminationRule(limit: 1)).report.exceedsLimit)
        #expect(judge([records], ContaminationRule(overlap: 0.05)).share(of: rid(6)) != nil)

        let mended = judge([records], ContaminationRule(action: .drop))
        #expect(records.filter { mended.drops($0) }.map(\.rid) == [rid(1), rid(2)])
        #expect(mended.report.share == 0 && !mended.report.exceedsLimit)
        #expect(judge([records.filter { !mended.drops($0) }]).report.share == 0)
    }

    @Test func boilerplateDoesNotCountButACopiedTestDoes() {
        var text = GeneratedText(seed: 42)
        let notice = text.words(40).joined(separator: " ")
        let copied = text.words(40).joined(separator: " ")
        var records: [Record] = []
        for number in 0..<30 {
            let split: Split = number < 15 ? .train : .test
            let own = text.words(12).joined(separator: " ")
            records.append(record(number, own + " " + notice, split: split))
        }
        for number in 30..<50 { records.append(record(number, copied, split: .train)) }
        records.append(record(50, copied, split: .test))
        records.append(record(51, notice, split: .test))
        let verdict = judge([records])
        #expect(verdict.report.contaminated == ["test": 1] && verdict.share(of: rid(50)) == 1)
        #expect(verdict.report.boilerplate == 1)
        let strict = judge([records], ContaminationRule(common: 1000))
        #expect(strict.report.contaminated == ["test": 17])
    }

    @Test func orderAndShardsChangeNothing() {
        var text = GeneratedText(seed: 43, words: 60)
        let parts: [Split?] = [.train, .validation, .test, nil]
        let phrases = (0..<12).map { _ in text.words(14).joined(separator: " ") }
        let records = (0..<120).map { number in
            record(
                number, phrases[text.number(12)] + " " + text.words(8).joined(separator: " "),
                split: parts[text.number(4)])
        }
        let rule = ContaminationRule(overlap: 0.2, common: 3, action: .drop)
        let whole = judge([records], rule)
        #expect(!whole.report.contaminated.isEmpty)
        for count in [1, 3, 8] {
            let shuffled = text.shuffled(records)
            let shards = (0..<count).map { part in
                shuffled.enumerated().filter { $0.offset % count == part }.map(\.element)
            }
            let other = judge(shards, rule)
            #expect(other.report == whole.report)
            #expect(records.allSatisfy { other.share(of: $0.rid) == whole.share(of: $0.rid) })
            #expect(records.allSatisfy { other.drops($0) == whole.drops($0) })
        }
    }

    @Test func nothingToJudge() {
        let report = judge([[record(1, "a b c d e f g h i j k l m", split: .train)]]).report
        #expect(report.share == 0 && !report.exceedsLimit && report.lines.count == 1)
        #expect(ContaminationReport(json: ["limit": 1]) == nil)
    }
}
