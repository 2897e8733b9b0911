import Records
import Testing

@testable import Ingestion

/// Where chunks end must not matter.
@Suite struct ChunkTests {
    static let inputs: [(String, String)] = [
        (
            "a.csv",
            "text,label\r\n\"a,\r\nb\",x\r\n\r\nc\"d,y\r\nonly\r\n\"e\"\"f\",z\r\n\"g\"h,1\ni,\"open"
        ),
        ("b.csv", "text\rone\rtwo\r\rthree"),
        ("c.tsv", "text\tlabel\ncafé 😀\tx\nnaïve\ty\n\t\n"),
        (
            "d.jsonl",
            "{\"text\":\"a\"}\r\n\r\n{\"text\":\"é\\n\"}\nbad\n{\"text\":\"\"}\n{\"text\":\"z\"}"
        ),
        (
            "e.json",
            " [ {\"text\":\"a]\\\"\"} ,\n{\"x\":[{}]}, 5, {\"text\":\"b\"},,{\"text\" 1}] tail"
        ),
        ("f.json", "{\"text\":\"a\"}{\"text\":\"b\"} junk {\"text\":\"c\"}"),
        ("g.txt", "one\r\ntwo\r\n\r\n  \nthree\n\n\n\nfour\r"),
        ("h.md", "# Title\n\ntext\n\n```\ncode\n\nmore\n```\nafter\n\nlast"),
    ]

    @Test(arguments: inputs.indices)
    func everyChunkSizeGivesTheSameRows(index: Int) throws {
        let (name, text) = Self.inputs[index]
        for encoding in [TextEncoding.utf8, .utf16LE, .utf16BE, .windows1252] {
            guard let bytes = encode(text, encoding) else { continue }
            var options = IngestOptions()
            options.chunkBytes = 1 << 20
            if name.hasSuffix(".csv") { options.quoting = .character(0x22) }
            if encoding == .windows1252 { options.encoding = encoding }
            let whole = try ingest(bytes, name, options)
            #expect(whole.rows.count + whole.rejected.count > 1)
            for chunk in 1...64 {
                options.chunkBytes = chunk
                let part = try ingest(bytes, name, options)
                #expect(part.rows == whole.rows, "\(name) \(encoding) chunk \(chunk)")
                #expect(part.rejected == whole.rejected, "\(name) \(encoding) chunk \(chunk)")
                #expect(part.report.count == whole.report.count)
                #expect(part.report.facts == whole.report.facts)
            }
            // The source bytes at a row's place are the row.
            for row in whole.rows where name.hasSuffix(".jsonl") {
                let piece = Array(bytes[Int(row.offset)..<Int(row.offset + row.length)])
                let again = try ingest(
                    piece, name,
                    {
                        var o = options; o.encoding = encoding; return o
                    }())
                #expect(again.rows.map(\.fields) == [row.fields])
            }
        }
    }

    @Test func randomDelimitedTextComesBack() throws {
        var random = SeededRandom(seed: 11)
        let alphabet = Array("ab,;\"\n\r\té😀 ")
        var cells = 0
        for round in 0..<400 {
            let width = Int.random(in: 2...4, using: &random)
            let rows = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                (0..<width).map { _ in
                    "q"
                        + String(
                            (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in
                                alphabet.randomElement(using: &random)
                            })
                }
            }
            let text = rows.map { row in
                row.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",")
            }.joined(separator: "\r\n")
            var options = IngestOptions()
            options.header = .names(["text"] + (1..<width).map { "c\($0)" })
            options.delimiter = 0x2C
            options.quoting = .character(0x22)
            options.chunkBytes = Int.random(in: 1...40, using: &random)
            let out = try ingest(Array(text.utf8), "a.csv", options)
            let back = out.rows.map { row in
                [row.fields["text"]] + (1..<width).map { row.fields["c\($0)"] }
            }
            #expect(back == rows.map { $0.map { .string($0) } }, "round \(round)")
            cells += rows.count * width
        }
        print("CSV round trip: 400 files, \(cells) cells")
    }

    @Test func noBytesCrashOrGetLost() throws {
        var random = SeededRandom(seed: 13)
        let alphabet: [UInt8] =
            Array("{}[]\",:;\n\r\t\\ab1e-.".utf8) + [0xC3, 0xA9, 0xFF, 0xED, 0xA0]
        var files = 0
        for name in ["a.csv", "a.tsv", "a.json", "a.jsonl", "a.txt", "a.md"] {
            for _ in 0..<300 {
                let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                    alphabet.randomElement(using: &random) ?? 0
                }
                var options = IngestOptions()
                options.chunkBytes = Int.random(in: 1...20, using: &random)
                options.maximumRecordBytes = Int.random(in: 5...80, using: &random)
                if name.hasSuffix("sv") { options.mapping = try FieldMapping("text=column1") }
                options.header = .absent
                let out: Outcome
                do { out = try ingest(bytes, name, options) } catch let error as IngestionError {
                    #expect(error.code == .noMapping && name.contains("json"), "\(error)")
                    continue
                }
                for row in out.rows {
                    #expect(row.offset + row.length <= UInt64(bytes.count))
                }
                for row in out.rejected {
                    #expect(row.offset + row.length <= UInt64(bytes.count))
                }
                files += 1
            }
        }
        print("ingest fuzz: \(files) files")
    }
}

/// `text` in an encoding, with a mark for UTF-16; nil where it cannot be written.
func encode(_ text: String, _ encoding: TextEncoding) -> [UInt8]? {
    switch encoding {
    case .utf8: return Array(text.utf8)
    case .utf16LE: return [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    case .utf16BE: return [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    case .windows1252, .latin1:
        let scalars = text.unicodeScalars
        return scalars.allSatisfy { $0.value < 256 } ? scalars.map { UInt8($0.value) } : nil
    }
}
