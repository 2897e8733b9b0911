import Records
import Testing

@testable import Cleaning

@Suite struct GlobalCleaningTests {
    private func run(
        _ recipe: CleaningRecipe, _ records: [Record], shards: Int
    ) -> ([RecordID: Record], CleaningCounts, GlobalReport, passes: Int) {
        var global = GlobalCleaning(recipe: recipe, key: key)
        var passes = 0
        while global.needsPass {
            let start = global
            for part in 0..<shards {
                var shard = start
                for (index, record) in records.enumerated() where index % shards == part {
                    shard.collect(record)
                }
                global.merge(shard)
            }
            global.endPass()
            passes += 1
        }
        var counts = CleaningCounts()
        counts.examined = UInt64(records.count)
        counts.kept = counts.examined
        var kept: [RecordID: Record] = [:]
        for var record in records where global.apply(to: &record, counts: &counts) {
            kept[record.rid] = record
        }
        return (kept, counts, global.report, passes)
    }

    private func data(_ count: Int) -> [Record] {
        var text = GeneratedText(seed: 81, words: 200)
        var records: [Record] = []
        var last = text.words(20)
        while records.count < count {
            switch text.number(8) {
            case 0: break
            case 1: last = text.changed(last, 1)
            case 2: last = last.prefix(14) + text.words(40)
            default: last = text.words(14 + text.number(20))
            }
            records.append(
                record(
                    records.count, last.joined(separator: " "), label: "l\(text.number(3))",
                    subjects: [text.number(count)]))
        }
        return records
    }

    private let everything: [CleaningOperation] = [
        .duplicates(DuplicateRule(fields: ["text"])),
        .nearDuplicates(NearDuplicateRule(sample: 10)),
        .split(SplitRule(stratify: "label")), .contamination(ContaminationRule(overlap: 0.05)),
        .outliers(OutlierRule(length: 2, unlikely: 2, action: .drop)),
        .balance(BalanceRule(action: .downsample, ratio: 1)),
        .labelNoise(LabelNoiseRule(folds: 2, epochs: 2, action: .flag)),
    ]

    @Test func everythingTogetherIsTheSameForAnyOrderAndShards() throws {
        let recipe = CleaningRecipe(operations: everything)
        let records = data(150)
        let (kept, counts, report, passes) = run(recipe, records, shards: 1)
        #expect(passes == 4 && counts.isBalanced && Int(counts.kept) == kept.count)
        for reason in ["exact-duplicate", "near-duplicate", "outlier", "down-sampled"] {
            #expect(counts.dropped[reason] ?? 0 > 0, "\(reason)")
        }
        #expect(report.json.objectValue?.count == 5 && report.lines.count >= 5)
        #expect(kept.values.allSatisfy { $0.split != nil })
        var text = GeneratedText(seed: 82)
        for shards in [1, 3] {
            let other = run(recipe, text.shuffled(records), shards: shards)
            #expect(other.0 == kept && other.1 == counts && other.2.json == report.json)
        }
        #expect(try recipe.apply(to: records, key: key).records.count == kept.count)
    }

    @Test func onlyThePassesThatAreNeeded() {
        func passes(_ operations: [CleaningOperation]) -> Int {
            run(CleaningRecipe(operations: operations), data(20), shards: 1).passes
        }
        #expect(passes([]) == 0 && passes([.unicode(.all)]) == 0)
        #expect(passes([.duplicates(DuplicateRule()), .split(SplitRule())]) == 1)
        #expect(passes([.balance(BalanceRule())]) == 1)
        #expect(passes([.contamination(ContaminationRule())]) == 2)
        #expect(passes([.nearDuplicates(NearDuplicateRule())]) == 2)
    }

    @Test func anExactDuplicateIsNeverWhatStaysOfNearOnes() {
        var text = GeneratedText(seed: 83)
        let words = text.words(60).joined(separator: " ")
        // 2 repeats 1 exactly but has the better quality; 3 is near both.
        let records = [
            record(1, words), record(2, words, extra: ["score": "9"]), record(3, words + " b"),
        ]
        let recipe = CleaningRecipe(operations: [
            .duplicates(DuplicateRule()), .nearDuplicates(NearDuplicateRule(quality: "score")),
        ])
        let (kept, counts, _, _) = run(recipe, records, shards: 1)
        #expect(kept.keys.sorted() == [rid(3)])
        #expect(counts.dropped == ["exact-duplicate": 1, "near-duplicate": 1])
    }

    @Test func exactDuplicatesOfTheTestStayInTheTest() {
        let records = [record(1, "a b", split: .train), record(2, "a b", split: .test)]
        let (kept, _, _, _) = run(
            CleaningRecipe(operations: [.duplicates(DuplicateRule())]), records, shards: 2)
        #expect(kept.keys.sorted() == [rid(2)])
    }

    @Test func annotationsComeAndGo() {
        var text = GeneratedText(seed: 84)
        let words = text.words(60).joined(separator: " ")
        let recipe = CleaningRecipe(operations: [
            .nearDuplicates(NearDuplicateRule(action: .flag)),
            .contamination(ContaminationRule()),
        ])
        let records = [record(1, words, split: .train), record(2, words + " b", split: .test)]
        let (kept, counts, report, _) = run(recipe, records, shards: 1)
        #expect(kept[rid(1)]?.text("near_duplicate_of") == rid(2).hex)
        #expect(kept[rid(2)]?.text("contamination") == "0.98")
        #expect(report.contamination?.exceedsLimit == true && counts.dropped.isEmpty)
        let alone = run(recipe, [kept[rid(2)]!], shards: 1)
        #expect(alone.0[rid(2)]?.fields["contamination"] == nil)
        #expect(alone.1.changed == ["contamination": 1])
    }
}
