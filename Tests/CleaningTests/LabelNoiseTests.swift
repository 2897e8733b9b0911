import FoundationEssentials
import Records
import Testing

@testable import Cleaning

@Suite struct LabelNoiseTests {
    @Test func confidentLearningByHand() {
        // Two classes; thresholds: (.9 + .8 + .1) / 3 = .6 and (.7 + .6 + .35) / 3 = .55.
        let probabilities = [0.9, 0.1, 0.8, 0.2, 0.1, 0.9, 0.3, 0.7, 0.4, 0.6, 0.65, 0.35]
        let learning = ConfidentLearning(
            labels: [0, 0, 0, 1, 1, 1], probabilities: probabilities, classes: 2)
        #expect(abs(learning.thresholds[0] - 0.6) < 1e-12)
        #expect(abs(learning.thresholds[1] - 0.55) < 1e-12)
        #expect(learning.joint == [[2, 1], [1, 2]])
        #expect(learning.issues.map(\.row) == [2, 5])
        #expect(learning.issues[0].suggested == 1 && learning.issues[0].selfConfidence == 0.1)
        #expect(abs(learning.issues[0].margin + 0.8) < 1e-12)
    }

    @Test func confidentLearningWithoutConfidence() {
        let flat = [Double](repeating: 0.25, count: 16)
        let learning = ConfidentLearning(labels: [0, 1, 2, 3], probabilities: flat, classes: 4)
        #expect(learning.issues.isEmpty)
        #expect(ConfidentLearning(labels: [], probabilities: [], classes: 0).issues.isEmpty)
        // A class that nothing is labelled as cannot be what seems right.
        let empty = ConfidentLearning(
            labels: [0, 0], probabilities: [0.2, 0.8, 0.9, 0.1], classes: 2)
        #expect(empty.issues.isEmpty && empty.thresholds[1] > 1)
    }

    /// Topics with words of their own among common ones; every tenth label is wrong.
    private func planted(_ count: Int, classes: Int, seed: UInt64) -> ([Record], Set<RecordID>) {
        var text = GeneratedText(seed: seed, words: 300)
        var flipped: Set<RecordID> = []
        let records = (0..<count).map { number in
            let topic = number % classes
            let words = (0..<12).map { _ in
                text.number(2) == 0 ? text.vocabulary[topic * 20 + text.number(20)] : text.word()
            }
            var label = topic
            if text.number(10) == 0 {
                label = (topic + 1 + text.number(classes - 1)) % classes
                flipped.insert(rid(number))
            }
            return record(number, words.joined(separator: " "), label: "l\(label)")
        }
        return (records, flipped)
    }

    private func find(_ shards: [[Record]], _ rule: LabelNoiseRule) -> LabelNoiseVerdict {
        var noise = LabelNoise(rule: rule, key: key)
        for shard in shards {
            var part = LabelNoise(rule: rule, key: key)
            for record in shard { part.collect(record) }
            noise.merge(part)
        }
        return noise.resolve()
    }

    @Test func plantedFlipsAreFoundWhateverTheOrderAndShards() {
        let (records, flipped) = planted(240, classes: 4, seed: 61)
        let rule = LabelNoiseRule(folds: 3, epochs: 3)
        let whole = find([records], rule)
        let found = whole.issues.count { flipped.contains($0.rid) }
        #expect(
            Double(found) >= 0.55 * Double(flipped.count) && flipped.count > 15)
        #expect(Double(found) >= 0.9 * Double(whole.issues.count))
        // The worst are nearly all planted.
        #expect(whole.issues.prefix(15).count { flipped.contains($0.rid) } >= 13)
        let right = whole.issues.count { issue in
            flipped.contains(issue.rid) && issue.suggested == "l\(Int(issue.rid.words.1) % 4)"
        }
        #expect(Double(right) >= 0.9 * Double(found))
        var text = GeneratedText(seed: 62)
        let shuffled = text.shuffled(records)
        let shards = (0..<3).map { part in
            shuffled.enumerated().filter { $0.offset % 3 == part }.map(\.element)
        }
        #expect(find(shards, rule).issues == whole.issues)
    }

    @Test func rareLabelsAndOneLabelAreNotJudged() {
        let (records, _) = planted(40, classes: 2, seed: 63)
        let rule = LabelNoiseRule(folds: 2, epochs: 1)
        let odd = record(900, "something of its own", label: "rare")
        let verdict = find([records + [odd, record(901, "no label")]], rule)
        #expect(verdict.skipped == 1 && verdict.examined == 40 && verdict.classes == 2)
        let one = find([records.filter { $0.text("label") == "l0" }], rule)
        #expect(one.issues.isEmpty && find([], rule).issues.isEmpty)
    }

    @Test func groupsAreJudgedTogether() {
        // A text that repeats within a group must not vouch for itself.
        let records = (0..<60).map { number in
            record(
                number, number < 6 ? "odd words here" : "common text \(number % 2)",
                label: number < 6 || number % 2 == 0 ? "a" : "b",
                subjects: [number < 6 ? 1 : number])
        }
        var noise = LabelNoise(rule: LabelNoiseRule(folds: 4, epochs: 3), key: key)
        for record in records { noise.collect(record) }
        let judged = noise.judge()
        let own = Set((0..<6).map { judged.probabilities[$0 * 2] })
        #expect(own.count == 1)
    }

    @Test func aModelLearnsAndIsTheSameTwice() {
        let rows = SparseRows((0..<40).map { [1, 2, $0 % 2 == 0 ? 3 : 4] })
        let labels = (0..<40).map { $0 % 2 }
        func model() -> LogisticRegression {
            LogisticRegression(
                rows: rows, labels: labels, chosen: Array(0..<40), classes: 2, epochs: 5, rate: 4,
                seed: 1)
        }
        var scores: [Float] = [0, 0]
        var again = scores
        for row in 0..<40 {
            model().predict(rows, row, into: &scores)
            if row < 2 { model().predict(rows, row, into: &again) }
            #expect(scores[row % 2] > 0.9 && abs(scores[0] + scores[1] - 1) < 1e-6)
            if row < 2 { #expect(again == scores) }
        }
    }

    /// Real questions of a bank's customers, of eight intents; every tenth label is wrong.
    @Test func plantedFlipsInRealQuestions() throws {
        let shared = ProcessInfo.processInfo.environment["TUNDISH_SHARED"] ?? "../shared"
        let path = "\(shared)/shelf/support/banking77/train.csv"
        guard let data = FileManager.default.contents(atPath: path) else {
            print("not there, skipped: shelf/support/banking77")
            return
        }
        var text = GeneratedText(seed: 64)
        var counts: [String: Int] = [:]
        var rows: [(String, String)] = []
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
            .dropFirst()
        {
            guard !line.hasPrefix("\""), let comma = line.lastIndex(of: ",") else { continue }
            let label = String(line[line.index(after: comma)...])
            guard counts.count < 8 || counts[label] != nil, counts[label] ?? 0 < 50 else {
                continue
            }
            counts[label, default: 0] += 1
            rows.append((String(line[..<comma]), label))
        }
        let labels = counts.keys.sorted()
        var flipped: Set<RecordID> = []
        let records = rows.enumerated().map { number, row in
            var label = row.1
            if text.number(10) == 0 {
                while label == row.1 { label = labels[text.number(labels.count)] }
                flipped.insert(rid(number))
            }
            return record(number, row.0, label: label)
        }
        let verdict = find([records], LabelNoiseRule(folds: 3, epochs: 3))
        let found = verdict.issues.count { flipped.contains($0.rid) }
        print(
            "banking77: \(records.count) records of \(labels.count) labels, \(flipped.count) changed,"
                + " \(verdict.issues.count) found, \(found) of them changed")
        #expect(records.count > 300 && Double(found) >= 0.7 * Double(flipped.count))
        #expect(Double(found) >= 0.6 * Double(verdict.issues.count))
    }
}
