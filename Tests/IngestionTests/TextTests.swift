import Glibc
import Records
import Testing

@testable import Ingestion

@Suite struct TextTests {
    static let prose = "one\r\ntwo\n\n \nthree\n\n\nfour"

    @Test(arguments: [
        (TextUnit.line, ["one", "two", "three", "four"]),
        (.paragraph, ["one\ntwo", "three", "four"]), (.file, [prose]),
    ])
    func units(unit: TextUnit, texts: [String]) throws {
        let out = try ingest(Self.prose, "a.txt") { $0.textUnit = unit }
        #expect(out.texts == texts && out.rows.allSatisfy { $0.kind == .text })
    }

    @Test func paragraphPlaces() throws {
        let bytes = Array(Self.prose.utf8)
        let out = try ingest(Self.prose, "a.txt")
        for row in out.rows {
            let piece = bytes[Int(row.offset)..<Int(row.offset + row.length)]
            let text = String(decoding: piece, as: UTF8.self).replacing("\r\n", with: "\n")
            #expect(row.fields["text"] == .string(text))
        }
    }

    @Test func markdownKeepsFencesWhole() throws {
        let text = "# A\n\n```swift\nlet a = 1\n\nlet b = 2\n```\n\nend"
        #expect(try ingest(text, "a.md").texts.count == 3)
        #expect(try ingest(text, "a.txt").texts.count == 4)
    }

    @Test func formatsAreFoundOut() throws {
        func format(_ text: String, _ name: String) throws -> InputFormat {
            try ingest(text, name).report.facts.format
        }
        #expect(try format("{\"text\":\"a\"}\n{\"text\":\"b\"}\n", "x") == .jsonl)
        #expect(try format("[{\"text\":\"a\"}]", "x") == .json)
        #expect(try format("text,label\na,x\nb,y\n", "x") == .csv)
        #expect(try format("text\tlabel\na\tx\nb\ty\n", "x") == .tsv)
        #expect(try format("Well, hello.\nThis is it, then.\nYes, it is.\n", "a.txt") == .text)
        #expect(try format("Just prose.\n\nMore of it.\n", "x") == .text)
        #expect(throws: IngestionError.self) { try InputFormat(option: "jsn") }
        #expect(try InputFormat(option: "NDJSON") == .jsonl)
    }

    @Test func namesOfFilesAreSafeToPrint() throws {
        try withFolder { folder in
            try write("text\nrow\n", to: "\(folder)/a\u{1B}[2J\nb.csv")
            let files = try InputFiles.expand([folder])
            #expect(files.map(\.relativePath) == ["a?[2J?b.csv"])
            #expect(try Ingestor().read(files) { _, _ in }.map(\.count.accepted) == [1])
        }
    }

    @Test func namesThatAreNotUTF8AreNotLeftOutInSilence() throws {
        try withFolder { folder in
            try write("text\nrow\n", to: "\(folder)/a.csv")
            let path = Array("\(folder)/b".utf8).map { CChar(bitPattern: $0) } + [-1, 0]
            let descriptor = creat(path, 0o600)
            try #require(descriptor >= 0)
            close(descriptor)
            let error = #expect(throws: IngestionError.self) { try InputFiles.expand([folder]) }
            #expect(error?.code == .unreadable)
            unlink(path)
        }
    }

    @Test func filesComeInByteOrderAndOnce() throws {
        try withFolder { folder in
            for name in ["b.csv", "B.csv", "a-b.csv", "a.csv", ".hidden.csv"] {
                try write("text\nrow\n", to: "\(folder)/\(name)")
            }
            let files = try InputFiles.expand([folder, "\(folder)/a.csv"])
            #expect(files.map(\.relativePath) == ["B.csv", "a-b.csv", "a.csv", "b.csv"])
            let some = try InputFiles.expand(["\(folder)/a*.csv"])
            #expect(some.map(\.relativePath) == ["a-b.csv", "a.csv"])
            #expect(throws: IngestionError.self) { try InputFiles.expand(["\(folder)/nope"]) }
            #expect(throws: IngestionError.self) { try InputFiles.expand(["\(folder)/*.txt"]) }
            let reports = try Ingestor().read(files) { _, _ in }
            #expect(reports.map(\.count.accepted) == [1, 1, 1, 1])
            #expect(
                try Ingestor().rereadRow(in: files[0], offset: 5, length: 3) == Array("row".utf8))
        }
    }

    @Test func spooledInputReadsTwice() throws {
        try withFolder { folder in
            let big = (0..<200_000).map { "row number \($0)\n" }.joined()
            try write("text\n" + big, to: "\(folder)/a.csv")
            let file = InputFile(path: "\(folder)/a.csv")
            let spool = try FileSource(path: file.path, name: "a").spooled()
            var lengths: [Int] = []
            for _ in 0..<2 {
                var all: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 70_001)
                while true {
                    let count = try buffer.withUnsafeMutableBytes { try spool.read(into: $0) }
                    if count == 0 { break }
                    all += buffer[..<count]
                }
                #expect(all == Array(("text\n" + big).utf8))
                lengths.append(all.count)
                spool.rewind()
            }
            #expect(lengths == [big.utf8.count + 5, big.utf8.count + 5])
        }
    }

    @Test func aFileThatChangesIsAnError() throws {
        try withFolder { folder in
            let path = "\(folder)/a.csv"
            try write("text\n" + (0..<50_000).map { "row \($0)\n" }.joined(), to: path)
            var options = IngestOptions()
            options.batchRows = 10
            options.chunkBytes = 4096
            var isFirst = true
            let error = #expect(throws: IngestionError.self) {
                try Ingestor(options: options).read([InputFile(path: path)]) { _, _ in
                    if isFirst { try write("text\nshort\n", to: path) }
                    isFirst = false
                }
            }
            #expect(error?.code == .fileChanged)
        }
    }
}
