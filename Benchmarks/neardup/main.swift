// Our side of the near-duplicate case: texts, one a line, from stdin; times and what was found, as
// JSON, to stdout. usage: neardup [PAIRS] <TEXTS
// PAIRS gets "line line" for each record that repeats another, and the one kept.

import Cleaning
import Glibc
import Records

func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func read() -> [Record] {
    var records: [Record] = []
    while let line = readLine() {
        records.append(
            Record(
                rid: RecordID(words: (0, UInt64(records.count))), kind: .text,
                fields: ["text": .string(line)]))
    }
    return records
}

func run(
    _ records: [Record], sample: Int
) -> (seconds: [Double], clusters: NearDuplicateClusters) {
    var near = NearDuplicates(rule: NearDuplicateRule(sample: sample))
    let start = seconds()
    for record in records { near.collect(record) }
    let collected = seconds()
    var candidates = near.candidates()
    let sorted = seconds()
    if candidates.needsRecords { for record in records { candidates.collect(record) } }
    let seen = seconds()
    let clusters = candidates.resolve()
    let end = seconds()
    return (
        [end - start, collected - start, sorted - collected, seen - sorted, end - seen], clusters
    )
}

func main() {
    let records = read()
    let plain = run(records, sample: 0)
    let measured = run(records, sample: 200)
    let phases = plain.seconds.map { "\($0)" }.joined(separator: ", ")
    let report = String(decoding: CanonicalJSON.encode(measured.clusters.json), as: UTF8.self)
    print(
        """
        {"documents": \(records.count), "threads": 1, "seconds": \(plain.seconds[0]),
         "phases": [\(phases)], "secondsMeasured": \(measured.seconds[0]), "report": \(report)}
        """)
    guard CommandLine.arguments.count > 1, let file = fopen(CommandLine.arguments[1], "w") else {
        return
    }
    for record in records {
        guard let kept = plain.clusters.kept(for: record.rid) else { continue }
        fputs("\(record.rid.words.1) \(kept.words.1)\n", file)
    }
    fclose(file)
}

main()
