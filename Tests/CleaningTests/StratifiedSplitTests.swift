import Records
import Testing

@testable import Cleaning

@Suite struct StratifiedSplitTests {
    private func assign(
        _ shards: [[Record]], _ rule: SplitRule, dropping: Set<RecordID> = []
    ) -> (RecordID) -> Split {
        let assigner = SplitAssigner(rule: rule, key: key)
        var split = StratifiedSplit(assigner: assigner)
        var groups = SubjectGroups()
        for shard in shards {
            var part = StratifiedSplit(assigner: assigner)
            for record in shard {
                part.collect(record)
                groups.collect(record.subjects)
            }
            split.merge(part)
        }
        let result = split.assign(groups: groups) { dropping.contains($0) }
        var parts: [RecordID: Split] = [:]
        for record in shards.joined() {
            parts[record.rid] = result.split(of: record, groups: groups)
        }
        return { parts[$0]! }
    }

    @Test func eachPartGetsItsShareOfEachLabel() throws {
        var text = GeneratedText(seed: 51)
        let fractions = try SplitFractions(train: 0.7, validation: 0.1, test: 0.2)
        for by in [SplitGroup.record, .subject(orField: nil)] {
            var records: [Record] = []
            var sizes: [String: Int] = [:]
            for label in 0..<20 {
                let size = 1 + text.number(label < 10 ? 12 : 90)
                sizes["l\(label)"] = size
                for _ in 0..<size {
                    records.append(record(records.count, "x", label: "l\(label)"))
                }
            }
            let rule = SplitRule(fractions: fractions, group: by, stratify: "label")
            let part = assign([text.shuffled(records)], rule)
            for (label, size) in sizes {
                for (split, share) in [(Split.train, 0.7), (.validation, 0.1), (.test, 0.2)] {
                    let count = records.count {
                        $0.text("label") == label && part($0.rid) == split
                    }
                    let target = share * Double(size)
                    #expect(Double(count) < target + 1 && Double(count) > target - 2)
                }
            }
            let test = records.count { part($0.rid) == .test }
            #expect(abs(Double(test) - 0.2 * Double(records.count)) <= 3)
        }
    }

    @Test func peopleStayTogetherAndPartsMissTheirShareByAGroupAtMost() throws {
        var text = GeneratedText(seed: 52)
        let fractions = try SplitFractions(train: 0.6, validation: 0.2, test: 0.2)
        for _ in 0..<20 {
            let records = (0..<300).map { number in
                record(
                    number, "x", label: "l\(text.number(4))",
                    subjects: text.number(10) == 0
                        ? [text.number(60), text.number(60)] : [text.number(60)])
            }
            let rule = SplitRule(fractions: fractions, stratify: "label")
            let part = assign([records], rule)
            var groups = SubjectGroups()
            for record in records { groups.collect(record.subjects) }
            var parts: [SubjectID: Set<Split>] = [:]
            var sizes: [SubjectID: Int] = [:]
            for record in records {
                let leader = groups.representative(of: record.subjects[0])
                parts[leader, default: []].insert(part(record.rid))
                sizes[leader, default: 0] += 1
            }
            #expect(parts.values.allSatisfy { $0.count == 1 })
            for (split, share) in [(Split.train, 0.6), (.validation, 0.2), (.test, 0.2)] {
                let count = records.count { part($0.rid) == split }
                let slack = Double(sizes.values.max()!) + 4
                #expect(abs(Double(count) - share * 300) <= slack)
            }
        }
    }

    @Test func frozenRecordsStayAndDrawTheirGroup() {
        var records = (0..<100).map { record($0, "x", label: "l\($0 % 2)", subjects: [$0 / 2]) }
        records[0].split = .test
        records[2].split = .validation
        records[3].split = .train
        let rule = SplitRule(stratify: "label")
        let part = assign([records], rule)
        #expect(part(rid(0)) == .test && part(rid(1)) == .test)
        #expect(part(rid(2)) == .validation && part(rid(3)) == .train)
        let counts = Dictionary(grouping: records) { part($0.rid) }.mapValues(\.count)
        #expect(abs(counts[.test]! - 10) <= 2 && abs(counts[.validation]! - 10) <= 2)
        // A second run, with all frozen and some new ones: the old stay.
        var again = records
        for index in again.indices { again[index].split = part(again[index].rid) }
        again += (100..<140).map { record($0, "x", label: "l\($0 % 2)", subjects: [$0 % 60]) }
        let later = assign([again], rule)
        #expect(again.prefix(100).allSatisfy { later($0.rid) == $0.split })
        for number in 100..<140 where number % 60 < 50 && number % 60 != 1 {
            #expect(later(rid(number)) == part(rid(2 * (number % 60))))
        }
        #expect(later(rid(121)) == .validation)  // its person has validation and train: not train
    }

    @Test func droppedRecordsDoNotCount() {
        let records = (0..<40).map { record($0, "x", label: $0 < 20 ? "a" : "b") }
        let dropped = Set((0..<10).map(rid))
        let rule = SplitRule(group: .record, stratify: "label")
        let part = assign([records], rule, dropping: dropped)
        let left = records.filter { !dropped.contains($0.rid) && $0.text("label") == "a" }
        #expect(left.count { part($0.rid) == .train } == 8)
    }

    @Test func orderAndShardsChangeNothing() {
        var text = GeneratedText(seed: 53)
        let splits: [Split?] = [nil, nil, nil, .train, .test]
        let records = (0..<200).map { number in
            record(
                number, "x", label: "l\(text.number(7))", subjects: [text.number(90)],
                split: splits[text.number(5)])
        }
        let rule = SplitRule(stratify: "label")
        let whole = assign([records], rule)
        for count in [1, 2, 5] {
            let shuffled = text.shuffled(records)
            let shards = (0..<count).map { part in
                shuffled.enumerated().filter { $0.offset % count == part }.map(\.element)
            }
            let other = assign(shards, rule)
            #expect(records.allSatisfy { other($0.rid) == whole($0.rid) })
        }
    }
}
