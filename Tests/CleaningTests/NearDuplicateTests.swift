import Records
import Testing

@testable import Cleaning

@Suite struct NearDuplicateTests {
    private func resolve(
        _ shards: [[Record]], _ rule: NearDuplicateRule = NearDuplicateRule(sample: 20)
    ) -> NearDuplicateClusters {
        var near = NearDuplicates(rule: rule)
        for shard in shards {
            var part = NearDuplicates(rule: rule)
            for record in shard { part.collect(record) }
            near.merge(part)
        }
        let start = near.candidates()
        var all = start
        for shard in shards {
            var part = start
            for record in shard { part.collect(record) }
            all.merge(part)
        }
        return all.resolve()
    }

    private func texts(_ count: Int, seed: UInt64) -> [[String]] {
        var text = GeneratedText(seed: seed)
        var texts: [[String]] = []
        while texts.count < count {
            let words = text.words(30 + text.number(60))
            texts.append(words)
            for _ in 0..<text.number(4) { texts.append(text.changed(words, 1 + text.number(5))) }
        }
        return Array(texts.prefix(count))
    }

    @Test func clustersAreThoseOfAllPairsWhateverTheOrderAndShards() {
        let texts = texts(110, seed: 31)
        let records = texts.enumerated().map { record($0, $1.joined(separator: " ")) }
        // By the definition: all pairs, joined until nothing changes.
        var leader = Array(texts.indices)
        for (a, b) in naivePairs(texts, from: 0.7) {
            let (old, new) = (max(leader[a], leader[b]), min(leader[a], leader[b]))
            for index in leader.indices where leader[index] == old { leader[index] = new }
        }
        let kept = Set(leader).map { root in
            texts.indices.filter { leader[$0] == root }.min {
                (-texts[$0].count, $0) < (-texts[$1].count, $1)
            }!
        }
        let whole = resolve([records])
        #expect(records.indices.filter { whole.kept(for: rid($0)) == nil } == kept.sorted())
        #expect(whole.repeated == texts.count - kept.count && whole.repeated > 20)
        var text = GeneratedText(seed: 32)
        for count in [1, 2, 7] {
            let shuffled = text.shuffled(records)
            let shards = (0..<count).map { part in
                shuffled.enumerated().filter { $0.offset % count == part }.map(\.element)
            }
            let other = resolve(shards)
            #expect(other.json == whole.json)
            #expect(records.allSatisfy { other.kept(for: $0.rid) == whole.kept(for: $0.rid) })
        }
    }

    @Test func recallIsMeasuredAgainstAllPairs() {
        let texts = texts(120, seed: 33)
        let records = texts.enumerated().map { record($0, $1.joined(separator: " ")) }
        let clusters = resolve([records], NearDuplicateRule(sample: 120))
        let pairs = 2 * naivePairs(texts, from: 0.7).count
        #expect(clusters.measure.near == pairs && pairs > 30)
        #expect(Double(clusters.measure.found) >= 0.97 * Double(pairs))
        #expect(clusters.measure.nearAt[1] == clusters.measure.foundAt[1])
        #expect(clusters.lines.last!.contains("recall"))
        #expect(clusters.json["measured"]?["sample"]?.intValue == 120)
    }

    @Test(
        arguments: [
            (NearDuplicateRule(), 3), (NearDuplicateRule(keep: .first), 1),
            (NearDuplicateRule(quality: "score"), 2),
            (NearDuplicateRule(quality: "quality.score"), 4),
        ])
    func theKeepRule(rule: NearDuplicateRule, expected: Int) {
        var text = GeneratedText(seed: 34)
        let words = text.words(60)
        let base = words.joined(separator: " ")
        let records = [
            record(1, base), record(2, base, extra: ["score": "0.9"]),
            record(3, base + " more words"),
            record(4, base, extra: ["quality": ["score": 2], "score": "0.1"]),
        ]
        let clusters = resolve([records], rule)
        #expect(records.filter { clusters.kept(for: $0.rid) == nil }.map(\.rid) == [rid(expected)])
        #expect(clusters.counts.largest == 4 && clusters.counts.clusters == 1)
    }

    @Test func evaluationRecordsStayAndTrainOnesGo() {
        var text = GeneratedText(seed: 35)
        let base = text.words(60).joined(separator: " ")
        let records = [
            record(1, base + " this is the longest", split: .train),
            record(2, base + " b", split: .validation), record(3, base, split: .test),
            record(4, base + " c"), record(5, base + " d", split: .test),
        ]
        let clusters = resolve([records])
        #expect((1...5).filter { clusters.kept(for: rid($0)) == nil } == [5])
        #expect(clusters.reason(for: rid(1)) == "near-duplicate-of-evaluation")
        #expect(clusters.reason(for: rid(2)) == "near-duplicate-of-evaluation")
        #expect(clusters.reason(for: rid(3)) == "near-duplicate")
        #expect(clusters.crossSplit == 3)
    }

    @Test func textWithoutWordsAndShortText() {
        let clusters = resolve([
            [
                record(1, ""), record(2, "!!!"), record(3, "thank you"), record(4, "Thank you!"),
                record(5, "thank them"),
            ]
        ])
        #expect(clusters.records == 3 && clusters.kept(for: rid(4)) == rid(3))
        #expect(clusters.repeated == 1)
        #expect(resolve([]).repeated == 0 && resolve([[]]).json["records"] == 0)
    }

    @Test func manyCopiesAreOneCluster() {
        var text = GeneratedText(seed: 36)
        let base = text.words(25).joined(separator: " ")
        let records = (0..<700).map { record($0, base) }
        let clusters = resolve([records], NearDuplicateRule(sample: 0))
        #expect(clusters.counts.largest == 700 && clusters.repeated == 699)
        #expect(clusters.counts.compared == 699)
    }

    @Test func radixAndStandardSortAgree() {
        var text = GeneratedText(seed: 37)
        let count = 3000
        let keys = (0..<count * 2).map { _ in UInt32(text.number(900)) &* 4_000_037 }
        let buckets = BandBuckets(keys: keys, count: count, bands: 2)
        var expected: [[UInt32]] = []
        for band in 0..<2 {
            let groups = Dictionary(grouping: 0..<count) { keys[$0 * 2 + band] }
            for key in groups.keys.sorted() where groups[key]!.count > 1 {
                expected.append(groups[key]!.map { UInt32($0) })
            }
        }
        var start = 0
        let found = buckets.ends.map { end in
            defer { start = end }
            return Array(buckets.members[start..<end])
        }
        #expect(found == expected)
    }
}
