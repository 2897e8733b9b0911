// Runs parts of the room Cleaning over a file of lines, and prints what Benchmarks/cleaning.py reads.
//
// usage: cleaning repair IN OUT      mojibake repair of each line
//        cleaning language IN        lines `CODE<tab>text`
//        cleaning pipeline IN        the standard recipe and the profile

import Cleaning
import Cryptography
import Foundation
import Records

func lines(_ path: String) throws -> [String] {
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    return bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast(
        bytes.last == 0x0A ? 1 : 0
    ).map { String(decoding: $0, as: UTF8.self) }
}

func records(_ lines: [String]) -> [Record] {
    lines.enumerated().map { index, line in
        Record(
            rid: RecordID(words: (0, UInt64(index))), kind: .text, fields: ["text": .string(line)])
    }
}

/// CPU time of this thread, which other processes on the machine do not lengthen.
func seconds(_ work: () -> Void) -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = now()
    work()
    return now() - start
}

func speed(_ name: String, _ bytes: Int, _ time: Double) {
    print("\(name) \(time) s \(Double(bytes) / time / 1e6) MB/s")
}

let arguments = CommandLine.arguments
let input = try lines(arguments[2])
let bytes = input.reduce(0) { $0 + $1.utf8.count }
switch arguments[1] {
case "repair":
    let cleaner = Cleaner(recipe: CleaningRecipe(operations: [.mojibake(.all)]))
    let before = records(input)
    var counts = CleaningCounts()
    var after: [Record] = []
    after.reserveCapacity(before.count)
    let time = seconds {
        for record in before {
            if let cleaned = cleaner.clean(record, counts: &counts) { after.append(cleaned) }
        }
    }
    let text = after.map { ($0.text("text") ?? "") + "\n" }.joined()
    try Data(text.utf8).write(to: URL(filePath: arguments[3]))
    speed("repair", bytes, time)
    print("changed \(counts.changed["mojibake"] ?? 0)")
case "language":
    var total: [String: (all: Int, right: Int, unknown: Int)] = [:]
    let time = seconds {
        for line in input {
            let parts = line.split(separator: "\t", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let guess = LanguageIdentifier.shared.language(of: String(parts[1])).language
            var entry = total[String(parts[0])] ?? (0, 0, 0)
            entry.all += 1
            if guess == parts[0] { entry.right += 1 }
            if guess == "und" { entry.unknown += 1 }
            total[String(parts[0])] = entry
        }
    }
    for (language, entry) in total.sorted(by: { $0.key < $1.key }) {
        print("\(language) \(entry.right) of \(entry.all), und \(entry.unknown)")
    }
    speed("language", bytes, time)
case "pipeline":
    let all = records(input)
    let key = SymmetricKey(bytes: Array(repeating: 7, count: 32))
    var cleaned: [Record] = []
    let cleaner = Cleaner(recipe: .standard)
    var counts = CleaningCounts()
    let clean = seconds {
        for record in all {
            if let kept = cleaner.clean(record, counts: &counts) { cleaned.append(kept) }
        }
    }
    speed("clean", bytes, clean)
    var duplicates = ExactDuplicates()
    let rule = DuplicateRule()
    speed(
        "digest", bytes,
        seconds {
            for record in cleaned { duplicates.collect(rule.digest(of: record), rid: record.rid) }
        })
    let assigner = SplitAssigner(rule: SplitRule(), key: key)
    speed(
        "split", bytes,
        seconds {
            for index in cleaned.indices {
                cleaned[index].split = assigner.split(of: cleaned[index])
            }
        })
    var profile = Profile()
    speed("profile", bytes, seconds { for record in cleaned { profile.add(record) } })
    for (name, operation) in [
        ("unicode", CleaningOperation.unicode(.all)), ("controls", .controls(.all)),
        ("whitespace", .whitespace(.all, keepsLines: true)), ("mojibake", .mojibake(.all)),
        ("html", .html(.all)),
    ] {
        let one = Cleaner(recipe: CleaningRecipe(operations: [operation]))
        speed(name, bytes, seconds { for record in all { _ = one.clean(record, counts: &counts) } })
    }
    for name in ["language", "quality"] {
        let one = Cleaner(recipe: try CleaningRecipe([.string(name)]))
        speed(name, bytes, seconds { for record in all { _ = one.clean(record, counts: &counts) } })
    }
default: print("usage: cleaning repair|language|pipeline IN [OUT]")
}
