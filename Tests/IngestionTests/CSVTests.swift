import Records
import Testing

@testable import Ingestion

@Suite struct CSVTests {
    @Test func quotesNewlinesAndDoubledQuotes() throws {
        let out = try ingest("id,text,label\r\n1,\"a,b\",x\r\n2,\"say \"\"hi\"\"\nthere\",y\r\n")
        #expect(out.texts == ["a,b", "say \"hi\"\nthere"])
        #expect(out.rows.map(\.kind) == [.labelled, .labelled])
        #expect(out.rows[0].fields["id"] == "1")
        #expect(out.report.facts.dialect?.hasHeader == true)
        #expect(out.rows.map(\.offset) == [15, 26] && out.rows.map(\.length) == [9, 22])
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func lineEndsAndNoneAtTheEnd(end: String) throws {
        let rows = ["text,n", "one,1", "two,2", "three,3"]
        for tail in ["", end] {
            let out = try ingest(rows.joined(separator: end) + tail)
            #expect(out.texts == ["one", "two", "three"])
            #expect(out.rejected.isEmpty)
        }
    }

    @Test func wrongCountsGoToQuarantineAndReadingGoesOn() throws {
        let out = try ingest("text,label\na,x\nb\nc,x,z\n\nd,y\n")
        #expect(out.texts == ["a", "d"])
        #expect(out.reasons == [.csvFieldCount, .csvFieldCount])
        #expect(out.rejected[0].offset == 15 && out.rejected[0].length == 1)
        #expect(out.rejected[0].message == "1 fields, expected 2")
        #expect(out.rejected[1].content == Array("c,x,z".utf8))
        #expect(out.report.count.dropped == ["blank-line": 1])
        #expect(out.report.count.read == 5)
    }

    @Test func unclosedQuoteNamesItsPlace() throws {
        let text = "text,label\na,x\nb,\"never closed\nc,x\n"
        let out = try ingest(text) { $0.quoting = .character(0x22) }
        #expect(out.texts == ["a", "c"] && out.reasons == [.csvUnclosedQuote])
        #expect(out.rejected[0].message.contains("byte 17 "))
        #expect(out.rejected[0].message.contains("goes on at byte 31"))
        #expect(out.rejected[0].offset == 15 && out.rejected[0].length == 15)
        #expect(out.rejected[0].content == Array("b,\"never closed".utf8))
    }

    /// What a broken quote encloses is read again line by line.
    @Test(arguments: [
        ("a,x\nb,\"open\nc,\"y\"\nd,z\n", ["a", "c", "d"], ["csv-stray-quote"]),
        ("a,x\n\"b,y\n\nc\nd,\"z\" \n\"e\",w\n", ["a", "e"], ["csv-stray-quote"]),
        ("\"b,y\nc,1\nd,2", ["c", "d"], ["csv-unclosed-quote"]),
        ("a,\"", ["?"], ["csv-unclosed-quote"]),
        ("a,\"b\nplain\nc\"d,x\ne,f\n", ["e"], ["csv-stray-quote"]),
        ("a,\"x\ny\"\nb,\"open\nc,z\n", ["a", "c"], ["csv-unclosed-quote"]),
    ])
    func brokenQuotesAreContained(body: String, texts: [String], reasons: [String]) throws {
        let text = "text,label\n" + body
        for chunk in [3, 7, 1 << 16] {
            let out = try ingest(text) {
                $0.quoting = .character(0x22)
                $0.delimiter = 0x2C
                $0.chunkBytes = chunk
            }
            #expect(out.texts == texts.filter { $0 != "?" }, "\(body.debugDescription)")
            #expect(out.reasons.map(\.rawValue) == reasons, "\(body.debugDescription)")
            for row in out.rejected {
                let place = Int(row.offset)..<Int(row.offset + row.length)
                #expect(row.content == Array(Array(text.utf8)[place]))
            }
        }
    }

    @Test func anOpenQuoteInALargeFileCostsItsOwnLineOnly() throws {
        let rows = (0..<20_000).map { $0 == 500 ? "row \($0),\"open" : "row \($0),x" }
        let out = try ingest("text,label\n" + rows.joined(separator: "\n")) {
            $0.quoting = .character(0x22)
            $0.maximumRecordBytes = 10_000
            $0.chunkBytes = 4096
        }
        #expect(out.rows.count == 19_999 && out.reasons == [.tooLong])
        #expect(out.rejected[0].length == 13)
    }

    @Test func textAfterAClosingQuoteIsStray() throws {
        let out = try ingest("text,label\n\"a\" b,x\n\"c\",y\n") { $0.quoting = .character(0x22) }
        #expect(out.texts == ["c"] && out.reasons == [.csvStrayQuote])
    }

    @Test func quotesInsideAFieldAreContent() throws {
        let out = try ingest("text,label\n5\" nails,x\nplain,y\n")
        #expect(out.texts == ["5\" nails", "plain"])
    }

    @Test(arguments: [",", ";", "\t", "|"])
    func delimitersAreSniffed(delimiter: String) throws {
        let rows = [["id", "text", "label"], ["1", "good, really", "pos"], ["2", "bad", "neg"]]
        let text = rows.map { row in
            row.map { $0.contains(delimiter) ? "\"\($0)\"" : $0 }.joined(separator: delimiter)
        }.joined(separator: "\n")
        let out = try ingest(text)
        #expect(out.report.facts.dialect?.delimiter == delimiter.utf8.first)
        #expect(out.texts == ["good, really", "bad"])
    }

    @Test func backslashEscapes() throws {
        let out = try ingest("text;label\n\"a \\\"b\\\" c\";x\n\"C:\\\\d\\e\";y\n")
        #expect(out.texts == ["a \"b\" c", "C:\\d\\e"])
        #expect(out.report.facts.dialect?.escape == 0x5C)
    }

    @Test func byteOrderMarkIsNoPartOfTheHeader() throws {
        let out = try ingest([0xEF, 0xBB, 0xBF] + Array("text,label\na,x\n".utf8))
        #expect(out.report.facts.columns == ["text", "label"])
        #expect(out.rows[0].offset == 14)
    }

    @Test func repeatedAndEmptyHeaderNames() throws {
        let out = try ingest("text,,text,text_2, note \na,b,c,d,e\n") { $0.header = .present }
        #expect(out.report.facts.columns == ["text", "column2", "text_3", "text_2", "note"])
        #expect(out.report.facts.notes.count == 2)
        #expect(out.rows[0].fields["text_3"] == "c" && out.rows[0].fields["note"] == "e")
    }

    @Test func headerless() throws {
        let text = "1_1\t-0.9\ttroubleshooting the player is hard\n1_2\t0.15\t\"quoted\" start\n"
        let out = try ingest(text, "reviews.txt") {
            $0.mapping = try FieldMapping("text=column3,label=column2", subject: ["column1"])
        }
        #expect(out.report.facts.format == .tsv && out.report.facts.dialect?.hasHeader == false)
        #expect(out.texts[1] == "\"quoted\" start")
        #expect(out.rows.map(\.subjects) == [["1_1"], ["1_2"]])
        #expect(
            out.rows[0].fields == [
                "text": "troubleshooting the player is hard", "label": "-0.9", "column1": "1_1",
            ])
    }

    @Test func declaredNames() throws {
        let out = try ingest("a,b\nc,d\n") { $0.header = .names(["text", "label"]) }
        #expect(out.texts == ["a", "c"])
    }

    @Test func tooLongIsQuarantinedWithoutBeingBuffered() throws {
        let long = String(repeating: "x", count: 5000)
        for chunk in [16, 100, 10000] {
            let out = try ingest("text,label\na,x\n\"\(long)\n\(long)\",y\nb,z\n") {
                $0.maximumRecordBytes = 1000
                $0.chunkBytes = chunk
                $0.quoting = .character(0x22)
            }
            #expect(out.texts == ["a", "b"] && out.reasons == [.tooLong])
            #expect(out.rejected[0].offset == 15 && out.rejected[0].length == 10005)
            #expect(out.rejected[0].content.isEmpty)
        }
    }

    @Test func damagedTextIsQuarantinedRowByRow() throws {
        let sound = (0..<20).map { "caf\u{e9} \($0),x\n" }.joined()
        let bytes = Array("text,label\n\(sound)".utf8) + [0x61, 0xFF, 0x2C, 0x78, 0x0A]
        let out = try ingest(bytes)
        #expect(out.report.facts.encoding == .utf8 && out.report.facts.encodingGuessed)
        #expect(out.rows.count == 20 && out.reasons == [.encodingInvalid])
    }

    @Test(arguments: ["", "\n", "text,label\n", "text\n"])
    func nearlyEmptyFiles(text: String) throws {
        let out = try ingest(text)
        #expect(out.rows.isEmpty && out.rejected.isEmpty)
    }

    @Test func batchesAreBounded() throws {
        var options = IngestOptions()
        options.batchRows = 7
        let text = "text\n" + (0..<100).map { "row \($0)\n" }.joined()
        var sizes: [Int] = []
        _ = try Ingestor(options: options).read(bytes: Array(text.utf8), name: "a.csv") {
            sizes.append($1.rows.count)
        }
        #expect(sizes == Array(repeating: 7, count: 14) + [2])
    }
}
