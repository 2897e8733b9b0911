// Our side of the label-noise comparison: lines `label TAB text` from stdin; to stdout one JSON
// line: what the models think of each record they did not see, and the labels that seem wrong.
// usage: labelnoise [EPOCHS] <LINES

import Cleaning
import Cryptography
import Glibc
import Records

func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func main() {
    let epochs = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 10
    let key = SymmetricKey(bytes: [UInt8](repeating: 7, count: 32))
    var noise = LabelNoise(rule: LabelNoiseRule(epochs: epochs), key: key)
    let start = seconds()
    var number: UInt64 = 0
    while let line = readLine() {
        let cells = line.split(separator: "\t", maxSplits: 1)
        guard cells.count == 2 else { continue }
        noise.collect(
            Record(
                rid: RecordID(words: (0, number)), kind: .labelled,
                fields: ["label": .string(String(cells[0])), "text": .string(String(cells[1]))]))
        number += 1
    }
    let verdict = noise.resolve()
    let spent = seconds() - start
    let judged = noise.judge()
    let json: JSONValue = [
        "seconds": .double(spent),
        "classes": .array(judged.classes.map { .string($0) }),
        "rows": .array(judged.rids.map { .integer(Int($0.words.1)) }),
        "labels": .array(judged.labels.map { .integer($0) }),
        "probabilities": .array(judged.probabilities.map { .double($0) }),
        "issues": .array(verdict.issues.map { .integer(Int($0.rid.words.1)) }),
        "suggested": .array(verdict.issues.map { .string($0.suggested) }),
    ]
    print(String(decoding: CanonicalJSON.encode(json), as: UTF8.self))
}

main()
