import Records
import Testing

@testable import Ingestion

/// Seeded inputs against slow readers that share no code with the fast ones.
@Suite struct FuzzTests {
    // MARK: CSV

    /// What the rules of `CSVReader` say about `text` with two columns, character by character.
    struct CSVOracle {
        var rows: [[String]] = []
        /// First and last character (exclusive) of what is refused.
        var refused: [Range<Int>] = []
        var blanks = 0

        private let text: [Character]

        init(_ text: [Character]) {
            self.text = text
            var start = 0
            while start < text.count {
                let record = self.record(start)
                if record.end == start {
                    blanks += 1
                    start = afterBreak(start)
                } else if record.isOpen || (record.isStray && spansLines(start, record.end)) {
                    let from = start
                    var last = lineEnd(start)
                    start = afterBreak(last)
                    while start < text.count {
                        let next = self.record(start)
                        if next.isSound { break }
                        last = lineEnd(start)
                        start = afterBreak(last)
                    }
                    refused.append(from..<last)
                } else {
                    if record.isStray || record.fields.count != 2 {
                        refused.append(start..<record.end)
                    } else {
                        rows.append(record.fields)
                    }
                    start = afterBreak(record.end)
                }
            }
        }

        private struct Found {
            var fields: [String] = []
            var end = 0
            var isStray = false
            var isOpen = false
            var hasLiteralQuote = false
            var isEmpty = false
            var isSound: Bool {
                !isStray && !isOpen && !hasLiteralQuote && fields.count == 2 && !isEmpty
            }
        }

        private func isBreak(_ i: Int) -> Bool {
            text[i] == "\n" || text[i] == "\r" || text[i] == "\r\n"
        }
        private func lineEnd(_ start: Int) -> Int {
            (start..<text.count).first(where: isBreak) ?? text.count
        }
        private func afterBreak(_ i: Int) -> Int { min(text.count, i + 1) }
        private func spansLines(_ start: Int, _ end: Int) -> Bool { lineEnd(start) < end }

        private func record(_ start: Int) -> Found {
            var found = Found()
            var i = start
            while true {
                var field = ""
                if i < text.count, text[i] == "\"" {
                    i += 1
                    while true {
                        guard i < text.count else {
                            found.isOpen = true
                            found.end = text.count
                            return found
                        }
                        if text[i] == "\"" {
                            guard i + 1 < text.count, text[i + 1] == "\"" else { break }
                            i += 1
                        }
                        field.append(text[i])
                        i += 1
                    }
                    i += 1
                    if i < text.count, text[i] != ",", !isBreak(i) { found.isStray = true }
                }
                while i < text.count, text[i] != ",", !isBreak(i) {
                    if text[i] == "\"" { found.hasLiteralQuote = true }
                    field.append(text[i])
                    i += 1
                }
                found.fields.append(field)
                if i < text.count, text[i] == "," {
                    i += 1
                    continue
                }
                found.end = i
                found.isEmpty = i == start
                return found
            }
        }
    }

    private static func read(
        _ bytes: [UInt8], _ options: IngestOptions
    ) throws -> (rows: [IngestedRow], rejected: [RejectedRow], count: IngestCount) {
        var (rows, rejected): ([IngestedRow], [RejectedRow]) = ([], [])
        let sink = RowSink(options: options) {
            rows += $0.rows
            rejected += $0.rejected
        }
        let window = ByteWindow(
            MemorySource(bytes), encoding: .utf8, markBytes: 0, chunkBytes: options.chunkBytes)
        let dialect = CSVDialect(delimiter: 0x2C, quote: 0x22, escape: nil, hasHeader: false)
        var reader = try CSVReader(
            window: window, sink: sink, dialect: dialect, columns: ["column1", "column2"],
            options: options, checksUTF8: true)
        try reader.run()
        try sink.close()
        return (rows, rejected, sink.count)
    }

    @Test func csvAgreesWithTheSlowReader() throws {
        var random = SeededRandom(seed: 17)
        let alphabet: [Character] = ["a", "b", ",", ",", "\"", "\"", "\n", "\r\n", "\r", " ", "é"]
        let files = 6_000
        var (rows, refused) = (0, 0)
        for _ in 0..<files {
            var text = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? "a"
            }
            // CR and LF from two draws would be one line end.
            text = Array(String(text))
            let oracle = CSVOracle(text)
            var options = IngestOptions()
            options.mapping = try FieldMapping("instruction=column1,output=column2")
            options.chunkBytes = Int.random(in: 1...50, using: &random)
            let out = try Self.read(Array(String(text).utf8), options)
            // Rows with a blank required field are refused later, in both.
            let isFilled = { (row: [String]) in
                row.allSatisfy { !$0.utf8.allSatisfy { [0x20, 0x0A, 0x0D, 0x09].contains($0) } }
            }
            let mine = out.rows.map {
                [$0.fields["instruction"], $0.fields["output"]].map { $0?.stringValue ?? "" }
            }
            let label = "\(String(text).debugDescription)"
            #expect(mine == oracle.rows.filter(isFilled), "\(label)")
            let missing = out.rejected.count { $0.reason == .missingField }
            #expect(missing == oracle.rows.count { !isFilled($0) }, "\(label)")
            let spans = out.rejected.filter { $0.reason != .missingField }.map {
                Int($0.offset)..<Int($0.offset + $0.length)
            }
            let expected = oracle.refused.map { range in
                let before = String(text[..<range.lowerBound]).utf8.count
                return before..<(before + String(text[range]).utf8.count)
            }
            #expect(spans == expected, "\(label)")
            #expect(out.count.dropped["blank-line"] ?? 0 == UInt64(oracle.blanks))
            rows += mine.count
            refused += spans.count
        }
        print("CSV fuzz: \(files) files, \(rows) rows, \(refused) refused")
    }

    // MARK: JSON

    /// A random value as text; now and then with damage.
    static func json(_ random: inout SeededRandom, depth: Int) -> String {
        switch Int.random(in: 0...(depth > 3 ? 6 : 9), using: &random) {
        case 0: return "null"
        case 1: return ["true", "false", "tru", "nul"][Int.random(in: 0...2, using: &random)]
        case 2:
            return ["0", "-1", "1.5", "1e9", "12345678901234567890", "-0.0", "1E-7"].randomElement(
                using: &random)!
        case 3...6:
            let pieces = [
                "a", "é", "😀", "\\n", "\\\"", "\\u00e9", "\\ud83d\\ude00", "]", "}", ",", "\\\\",
            ]
            return "\""
                + (0..<Int.random(in: 0...5, using: &random)).map { _ in
                    pieces.randomElement(using: &random)!
                }.joined() + "\""
        case 7:
            return "["
                + (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    json(&random, depth: depth + 1)
                }.joined(separator: ",") + "]"
        default:
            return "{"
                + (0..<Int.random(in: 0...3, using: &random)).map { number in
                    "\"k\(number)\": " + json(&random, depth: depth + 1)
                }.joined(separator: " ,\n") + "}"
        }
    }

    @Test func jsonArraysAgreeWithTheStrictParser() throws {
        var random = SeededRandom(seed: 19)
        let files = 4_000
        var (valid, rows, refused) = (0, 0, 0)
        for _ in 0..<files {
            let elements = (0..<Int.random(in: 0...5, using: &random)).map { number in
                Bool.random(using: &random)
                    ? "{\"text\":\"t\(number)\",\"v\":\(Self.json(&random, depth: 0))}"
                    : Self.json(&random, depth: 0)
            }
            var bytes = Array(("[" + elements.joined(separator: ", ") + "]").utf8)
            if Int.random(in: 0...2, using: &random) == 0 {
                let place = Int.random(in: 1..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = Array("{}[],:\"\\0 ".utf8).randomElement(using: &random)!
                default: bytes = Array(bytes[..<place])
                }
            }
            var options = IngestOptions()
            options.mapping = try FieldMapping("text=text")
            options.encoding = .utf8
            options.chunkBytes = Int.random(in: 1...60, using: &random)
            let whole = try? JSONParser.parse(bytes)
            let label = String(decoding: bytes, as: UTF8.self)
            let out: Outcome
            do { out = try ingest(bytes, "a.json", options) } catch let error as IngestionError {
                // No object has a text: nothing to map.
                #expect(error.code == .unknownColumn, "\(label)")
                continue
            }
            if let whole, case .array(let values) = whole {
                valid += 1
                let objects = values.filter { $0["text"]?.stringValue != nil }
                #expect(
                    out.rows.map { JSONValue.object($0.fields) } == objects.map(numbersAsText),
                    "\(label)")
                #expect(out.report.count.read == UInt64(values.count), "\(label)")
            } else {
                #expect(!out.rejected.isEmpty, "\(label)")
            }
            rows += out.rows.count
            refused += out.rejected.count
        }
        print("JSON fuzz: \(files) files, \(valid) valid, \(rows) rows, \(refused) refused")
    }

    // MARK: Hostile sizes

    /// Text that is never in memory as a whole: a head, a piece many times over, a tail.
    final class Endless: ByteSource {
        let head: [UInt8], piece: [UInt8], tail: [UInt8], times: Int
        private var position = 0

        init(_ head: String, _ piece: String, _ times: Int, _ tail: String) {
            (self.head, self.piece, self.tail) = (
                Array(head.utf8), Array(piece.utf8), Array(tail.utf8)
            )
            self.times = times
        }

        var count: Int { head.count + piece.count * times + tail.count }

        func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
            var filled = 0
            while filled < buffer.count, position < count {
                let inPiece = position - head.count
                let (part, at): ([UInt8], Int) =
                    inPiece < 0
                    ? (head, position)
                    : inPiece < piece.count * times
                        ? (piece, inPiece % piece.count) : (tail, inPiece - piece.count * times)
                let length = min(part.count - at, buffer.count - filled)
                UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + length])
                    .copyBytes(from: part[at..<at + length])
                filled += length
                position += length
            }
            return filled
        }

        func rewind() { position = 0 }
    }

    static func read(_ source: Endless, _ name: String, _ limit: Int) throws -> FileReport {
        var options = IngestOptions()
        options.maximumRecordBytes = limit
        var report: FileReport?
        let run = IngestRun(Ingestor(options: options), isOneOfSeveral: false) { _, _ in }
        try run.read(run.ingestor.survey(InputFile(path: name), source: source))
        report = try run.finish().first
        return try #require(report)
    }

    @Test func oneLineOfManyRecordsStreams() throws {
        let row = "{\"text\":\"" + String(repeating: "x", count: 9_988) + "\"}"
        let source = Endless("[" + row, "," + row, 500, "]")
        let report = try Self.read(source, "a.json", 100_000)
        #expect(report.count.accepted == 501 && report.facts.byteCount == UInt64(source.count))
    }

    @Test(arguments: ["a.json", "a.jsonl", "a.csv", "a.tsv", "a.txt", "a.md"])
    func oneGiantRecordIsRefusedInBounds(name: String) throws {
        let piece = String(repeating: "x", count: 100_000)
        let (head, tail): (String, String) =
            name.hasPrefix("a.json")
            ? ("{\"text\":\"fine\"}\n{\"text\":\"", "\"}\n{\"text\":\"fine\"}")
            : name.hasSuffix("sv") ? ("text\nfine\n", "\nfine\n") : ("fine\n\n", "\n\nfine\n")
        let report = try Self.read(Endless(head, piece, 30, tail), name, 300_000)
        #expect(
            report.count.accepted == 2 && report.count.quarantined == ["too-long": 1], "\(name)")
    }

    @Test func nestingAndZeroBytes() throws {
        let deep = String(repeating: "[", count: 200_000)
        let out = try ingest(Array("{\"text\":\"a\"}\n\(deep)\n{\"text\":\"b\"}".utf8), "a.jsonl")
        #expect(out.texts == ["a", "b"] && out.reasons == [.jsonDepth])
        let open = String(repeating: "{\"a\":", count: 100_000)
        #expect(try ingest(Array("[{\"text\":\"a\"},\(open)".utf8), "a.json").reasons.count >= 1)
        let filler = (0..<20).map { "plain words \($0),y\n" }.joined()
        let zeros = try ingest(Array("text,label\na\0b,x\n\(filler)".utf8))
        #expect(zeros.texts.prefix(2) == ["a\0b", "plain words 0"])
        let more = String(repeating: "{\"text\":\"more words\"}\n", count: 10)
        let json = try ingest(
            Array("{\"text\":\"a\\u0000\"}\n{\"text\":\"a\0\"}\n{\"text\":\"c\"}\n\(more)".utf8),
            "a.jsonl")
        #expect(json.texts.prefix(2) == ["a\0", "c"] && json.reasons == [.jsonSyntax])
    }
}
