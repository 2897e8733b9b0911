import Cryptography
import Records
import Testing

@testable import Cleaning

@Suite struct GlobalTests {
    @Test func duplicatesKeepTheSmallestWhateverTheOrder() {
        let digests = (0..<3).map { DuplicateRule().digest(of: record(0, "text \($0)")) }
        let pairs = (0..<30).map { (digests[$0 % 3], rid(100 - $0)) }
        var random = SeededRandom(seed: 1)
        for shards in 1...5 {
            var parts = Array(repeating: ExactDuplicates(), count: shards)
            for (digest, rid) in pairs.shuffled(using: &random) {
                parts[Int.random(in: 0..<shards, using: &random)].collect(digest, rid: rid)
            }
            var all = ExactDuplicates()
            for part in parts.shuffled(using: &random) { all.merge(part) }
            #expect(all.distinct == 3 && all.repeated == 27)
            let kept = pairs.filter { all.keeps($0.0, rid: $0.1) }.map(\.1).sorted()
            #expect(kept == [rid(71), rid(72), rid(73)])
        }
    }

    @Test func digestsSeeContentOnly() {
        let rule = DuplicateRule()
        func digest(_ record: Record, _ rule: DuplicateRule) -> ContentDigest {
            rule.digest(of: record)
        }
        let one = record(1, "a  b", label: "x", subjects: [1], extra: ["note": "1"])
        let two = record(2, "a b ", label: "x", extra: ["note": "2"])
        #expect(digest(one, rule) == digest(two, rule))
        #expect(digest(one, rule) != digest(record(1, "A b", label: "x"), rule))
        let folded = DuplicateRule(foldCase: true)
        #expect(digest(one, folded) == digest(record(1, "A b", label: "X"), folded))
        let textOnly = DuplicateRule(fields: ["text"])
        #expect(digest(one, textOnly) == digest(record(1, "a b", label: "y"), textOnly))
        #expect(digest(one, rule) != digest(record(1, "a b", label: "y"), rule))
        #expect(ContentDigest(bytes: digest(one, rule).bytes) == digest(one, rule))
    }

    @Test func fractionsHoldAndSplitsAreStable() throws {
        let fractions = try SplitFractions(train: 0.7, validation: 0.1, test: 0.2)
        let assigner = SplitAssigner(
            rule: SplitRule(fractions: fractions, group: .record), key: key)
        var counts: [Split: Int] = [:]
        for number in 0..<20_000 {
            counts[assigner.split(of: record(number, "x")), default: 0] += 1
        }
        #expect(abs((counts[.train] ?? 0) - 14_000) < 350)
        #expect(abs((counts[.validation] ?? 0) - 2_000) < 200)
        #expect(abs((counts[.test] ?? 0) - 4_000) < 250)
    }

    @Test(arguments: [(1.0, 0.0, 0.0, Split.train), (0, 1, 0, .validation), (0, 0, 1, .test)])
    func wholeFractions(train: Double, validation: Double, test: Double, expected: Split) throws {
        let fractions = try SplitFractions(train: train, validation: validation, test: test)
        for point in [0, 1, UInt64.max / 2, UInt64.max] {
            #expect(fractions.split(of: point) == expected)
        }
    }

    @Test func groupsStayTogether() {
        let assigner = SplitAssigner(rule: SplitRule(group: .subject(orField: "shop")), key: key)
        for number in 0..<50 {
            let one = assigner.split(of: record(1, "a", subjects: [number]))
            #expect(
                assigner.split(of: record(2, "b", subjects: [number], extra: ["shop": "x"])) == one)
        }
        let shop = assigner.groupID(of: record(1, "a", extra: ["shop": "x"]))
        #expect(assigner.groupID(of: record(2, "b", extra: ["shop": "x"])) == shop)
        #expect(assigner.groupID(of: record(2, "b")) != assigner.groupID(of: record(1, "b")))
        #expect(
            assigner.groupID(of: record(2, "b", extra: ["shop": "n/a"]))
                == assigner.groupID(of: record(2, "c")))
        #expect(assigner.split(of: record(1, "a", split: .test)) == .test)
    }

    @Test func peopleWhoShareARecordShareAPart() {
        var groups = SubjectGroups()
        groups.collect([subject(5)])
        #expect(groups.isEmpty)
        groups.collect([subject(5), subject(9)])
        var other = SubjectGroups()
        other.collect([subject(9), subject(2), subject(7)])
        groups.merge(other)
        for number in [2, 5, 7, 9] {
            #expect(groups.representative(of: subject(number)) == subject(2))
        }
        #expect(groups.representative(of: subject(1)) == subject(1))
        let assigner = SplitAssigner(rule: SplitRule(), key: key)
        let parts = [[5], [9], [2], [7], [5, 9], [2, 7, 9]].map {
            assigner.split(of: record(1, "x", subjects: $0), groups: groups)
        }
        #expect(Set(parts).count == 1)
    }

    @Test func randomGroupsAgreeWithANaiveSearch() {
        var random = SeededRandom(seed: 21)
        for _ in 0..<50 {
            let edges = (0..<15).map { _ in
                [Int.random(in: 0..<20, using: &random), Int.random(in: 0..<20, using: &random)]
            }
            var groups = SubjectGroups()
            for edge in edges { groups.collect(Set(edge).sorted().map(subject)) }
            var smallest = Array(0..<20)
            for _ in 0..<20 {
                for edge in edges {
                    let low = min(smallest[edge[0]], smallest[edge[1]])
                    smallest[edge[0]] = low
                    smallest[edge[1]] = low
                }
            }
            for number in 0..<20 {
                #expect(groups.representative(of: subject(number)) == subject(smallest[number]))
            }
        }
    }
}
