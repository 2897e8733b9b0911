import Records
import Testing

@testable import Ingestion

/// Small files, where little says how they are written.
@Suite struct SniffTests {
    @Test(arguments: [
        ("\"text\"\n\"hello\"\n", 1, 0x2C), ("\"text\",\"n\"\n\"hello\",\"1\"\n", 2, 0x2C),
        ("\"text\"\t\"n\"\n\"hello\"\t\"1\"\n", 2, 0x09),
        ("\"text\";\"n\"\n\"hello\";\"1\"\n", 2, 0x3B),
        ("\"text\"|\"n\"\n\"hello\"|\"1\"\n", 2, 0x7C),
        ("\"text\",\"n\"\n", 2, 0x2C), ("\"text\",n\nhello,1\n", 2, 0x2C),
        ("\"text\"\nhello\n", 1, 0x2C), ("text\n\"hello\"\nworld\n", 1, 0x2C),
        ("text\n\"hello\"\nworld\nmore\nyet more\n", 1, 0x2C),
        ("text\tn\n\"hello\"\t1\nworld\t2\nthird\t3\n", 2, 0x09),
        ("\"text\"\t\"n\"\nhello\t1\nworld\t2\nthird\t3\n", 2, 0x09),
        ("'text','n'\n'hello','1'\n", 2, 0x2C), ("\"text\"\r\n\"hello\"", 1, 0x2C),
        ("\"a b\",\"text\"\r\n1,\"hello\"\r\n", 2, 0x2C), ("\"text\"", 1, 0x2C),
    ])
    func smallQuotedFiles(text: String, columns: Int, delimiter: UInt8) throws {
        for name in ["a.csv", "a.dat"] {
            var options = IngestOptions()
            if name == "a.dat" { options.format = .csv }
            let out = try ingest(Array(text.utf8), name, options)
            let facts = out.report.facts
            #expect(
                facts.columns?.count == columns, "\(text.debugDescription) \(facts.columns ?? [])")
            #expect(
                facts.columns?.contains("text") == true,
                "\(text.debugDescription) \(facts.columns ?? [])")
            #expect(columns == 1 || facts.dialect?.delimiter == delimiter)
            #expect(out.texts.first ?? "hello" == "hello", "\(text.debugDescription) \(out.texts)")
            #expect(out.rejected.isEmpty)
        }
    }

    /// Files written with every field in quotes, or with those that are text.
    @Test func quotedWithoutNeed() throws {
        var random = SeededRandom(seed: 5)
        let words = ["good", "bad enough", "it's", "Zürich", "x", "one two three four", "3.5", "7"]
        var (files, wrong) = (0, 0)
        for _ in 0..<600 {
            let delimiter = [",", ";", "\t", "|"].randomElement(using: &random) ?? ","
            let width = Int.random(in: 1...4, using: &random)
            let all = Bool.random(using: &random)
            let header = (0..<width).map {
                $0 == 0 ? "text" : "column_\("abcd".dropFirst($0).prefix(1))"
            }
            let rows = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                (0..<width).map { _ in words.randomElement(using: &random) ?? "" }
            }
            func quoted(_ cell: String) -> String {
                all || Double(cell) == nil ? "\"\(cell)\"" : cell
            }
            let text = ([header] + rows).map { $0.map(quoted).joined(separator: delimiter) }
                .joined(separator: "\n")
            files += 1
            let out = try? ingest(text, "a.csv") { $0.mapping = try FieldMapping("text=text") }
            if out?.texts != rows.map({ $0[0] }) {
                wrong += 1
                print(
                    "WRONG", text.debugDescription, out?.texts ?? [],
                    out?.report.facts.dialect?.text ?? "")
            }
        }
        print("quoted without need: \(files) files")
        #expect(wrong == 0)
    }

    /// One quote that was forgotten does not turn the quotes of all other rows into text.
    @Test(arguments: [1, 40, 79, 80])
    func forgottenQuote(place: Int) throws {
        var rows = (0..<80).map { row in
            row % 6 == 0 ? "\(row);\"good; warm\";pos" : "\(row);plain words;neg"
        }
        rows.insert("900;\"never closed;neg", at: place)
        let text = (["id;text;label"] + rows).map { $0 + "\r\n" }.joined()
        let out = try ingest(text, "a.csv") { $0.mapping = try FieldMapping("text=text") }
        #expect(out.report.facts.dialect?.quote == 0x22)
        #expect(out.texts.contains("good; warm"))
        #expect(out.texts.count >= 78)
        #expect(!out.rejected.isEmpty)
    }
}
