import Records
import Testing

@testable import Cleaning

@Suite struct StatisticsTests {
    private func outliers(_ shards: [[Record]], _ rule: OutlierRule) -> OutlierVerdict {
        var all = Outliers(rule: rule)
        for shard in shards {
            var part = Outliers(rule: rule)
            for record in shard { part.fit(record) }
            all.mergeFit(part)
        }
        let fitted = all
        for shard in shards {
            var part = fitted
            for record in shard { part.collect(record) }
            all.merge(part)
        }
        return all.resolve()
    }

    @Test func lengthAndUnlikelyTextAreFound() {
        var text = GeneratedText(seed: 71, words: 40)
        var records = (0..<120).map {
            record($0, text.words(10 + text.number(10)).joined(separator: " "))
        }
        records.append(record(200, text.words(2000).joined(separator: " ")))
        records.append(record(201, "zq#x@@9]k}w{7|~v^^jj=+qzx%%&kx<>zqpwx"))
        records.append(record(202, "zq#x@@9]k}w{7|~v^^jj=+qzx%%&kx<>zqpwx", split: .test))
        records.append(record(203, ""))
        let verdict = outliers([records], OutlierRule())
        #expect(verdict.reason(for: rid(200)) == "length")
        #expect(verdict.reason(for: rid(201)) == "unlikely")
        #expect(verdict.reason(for: rid(202)) == "unlikely")
        #expect(verdict.counts.values.reduce(0, +) == 3 && verdict.examined == 123)
        #expect(verdict.json["found"] == 3 && verdict.lines.count == 1)
        for count in [2, 5] {
            let shuffled = text.shuffled(records)
            let shards = (0..<count).map { part in
                shuffled.enumerated().filter { $0.offset % count == part }.map(\.element)
            }
            let other = outliers(shards, OutlierRule())
            #expect(other.json == verdict.json)
            #expect(records.allSatisfy { other.reason(for: $0.rid) == verdict.reason(for: $0.rid) })
        }
    }

    @Test func fewOrEqualTextsHaveNoOutliers() {
        let few = (0..<10).map { record($0, String(repeating: "a", count: 1 << $0)) }
        #expect(outliers([few], OutlierRule()).counts.isEmpty)
        let equal = (0..<50).map { record($0, "all of these are the same text") }
        #expect(outliers([equal], OutlierRule()).counts.isEmpty)
        #expect(outliers([], OutlierRule()).examined == 0)
    }

    @Test func aTextDoesNotVouchForItself() {
        var model = CharacterModel()
        let usual = Array("the usual words of the usual text".utf8)
        let odd = Array("zqxjk vwpfy zqxjk".utf8)
        for _ in 0..<20 { model.add(usual) }
        let before = model.bits(of: odd, isOwn: false)
        model.add(odd)
        #expect(model.bits(of: odd, isOwn: true) == before)
        #expect(model.bits(of: odd, isOwn: false) < before)
        #expect(model.bits(of: usual, isOwn: true) < 2 && before > 6)
    }

    @Test func medianAndDeviation() {
        #expect(Spread([3, 1, 2], least: 0.1).median == 2)
        #expect(Spread([4, 1, 2, 3], least: 0.1).median == 2.5)
        #expect(abs(Spread([1, 2, 3, 4, 100], least: 0.1).deviation - 1.4826) < 1e-12)
        #expect(Spread([5, 5, 5], least: 0.1).deviations(6) == 10)
    }

    private func labelled() -> [Record] {
        (0..<100).map { number in
            record(
                number, "x", label: number < 60 ? "a" : number < 90 ? "b" : "c",
                split: number % 10 == 0 ? .test : nil)
        }
    }

    private func balance(
        _ shards: [[Record]], _ rule: BalanceRule, dropping: Set<RecordID> = []
    ) -> BalanceVerdict {
        var all = Balance(rule: rule, key: key)
        for shard in shards {
            var part = Balance(rule: rule, key: key)
            for record in shard { part.collect(record) }
            all.merge(part)
        }
        return all.resolve { dropping.contains($0) }
    }

    @Test func balanceCountsAndWeighs() {
        let verdict = balance([labelled() + [record(300, "x")]], BalanceRule())
        #expect(verdict.counts == ["a": 60, "b": 30, "c": 10])
        #expect(verdict.trained == ["a": 54, "b": 27, "c": 9] && verdict.imbalance == 6)
        let weights: [String: Double] = ["a": 90.0 / 162, "b": 90.0 / 81, "c": 90.0 / 27]
        #expect(verdict.weights == weights)
        #expect(verdict.droppedCount == 0 && verdict.evenness > 0.8 && verdict.evenness < 0.83)
        #expect(verdict.json["classes"]?["c"]?["train"] == 9)
        let less = balance([labelled()], BalanceRule(), dropping: [rid(91), rid(92)])
        #expect(less.counts["c"] == 8 && less.trained["c"] == 7)
        #expect(balance([], BalanceRule()).lines.count == 1)
    }

    @Test func downSamplingDropsOfTrainOnlyTheSameOnesInAnyOrder() {
        let records = labelled()
        let rule = BalanceRule(action: .downsample, ratio: 2)
        let whole = balance([records], rule)
        let left = records.filter { !whole.drops($0.rid) }
        #expect(left.count { $0.text("label") == "a" && $0.split == nil } == 18)
        #expect(left.count { $0.text("label") == "b" && $0.split == nil } == 18)
        #expect(left.count { $0.split == .test } == 10 && whole.droppedCount == 45)
        var text = GeneratedText(seed: 72)
        let shuffled = text.shuffled(records)
        let other = balance([Array(shuffled[..<30]), Array(shuffled[30...])], rule)
        #expect(records.allSatisfy { other.drops($0.rid) == whole.drops($0.rid) })
    }
}
