import Records
import Testing

@testable import Ingestion

@Suite struct JSONTests {
    @Test func linesAreRowsAndBadOnesAreQuarantined() throws {
        let lines = [
            #"{"text":"a","n":1.50,"deep":{"x":[1e3,null,true]}}"#, "", "not json",
            #"{"text":"b","text":"c"}"#, #"{"text":"d"} {"text":"e"}"#,
            #"{"text":"f\u00e9\ud83d\ude00"}"#,
            #"{"text":"g"#, "[1,2]", #"{"text":12}"#,
        ]
        let out = try ingest(lines.joined(separator: "\n") + "\n", "a.jsonl")
        #expect(out.texts == ["a", "fé😀", "12"])
        #expect(out.rows[0].fields["n"] == "1.50")
        #expect(out.rows[0].fields["deep"] == ["x": ["1e3", nil, true]])
        #expect(
            out.reasons == [
                .jsonSyntax, .jsonDuplicateMember, .jsonSyntax, .jsonTruncated, .missingText,
            ])
        #expect(out.report.count.dropped == ["blank-line": 1])
        #expect(out.report.schema.columns["n"] == .number)
        #expect(out.report.schema.columns["text"] == .mixed)
    }

    @Test func arrayOfObjectsIsCutElementByElement() throws {
        let text = #" [ {"text":"a]}\"","x":{"y":[1]}} , {"text":"b"},{"bad" 1},{"text":"c"} ] "#
        let out = try ingest(text, "a.json")
        #expect(out.texts == ["a]}\"", "b", "c"] && out.reasons == [.jsonSyntax])
        let bytes = Array(text.utf8)
        for row in out.rows {
            let piece = bytes[Int(row.offset)..<Int(row.offset + row.length)]
            #expect(piece.first == UInt8(ascii: "{") && piece.last == UInt8(ascii: "}"))
        }
    }

    @Test(arguments: [
        (#"[{"text":"a"},]"#, 1, [RejectReason.jsonSyntax]),
        (#"[{"text":"a"}"#, 1, [.jsonTruncated]),
        (#"[{"text":"a"} {"text":"b"}]"#, 1, [.jsonSyntax]),
        (#"[,{"text":"a"}]"#, 1, [.jsonSyntax]),
        (#"[{"text":"a"}] x"#, 1, [.jsonSyntax]),
        (#"[{"text":"a"},{"text":"b"#, 1, [.jsonTruncated, .jsonTruncated]),
        ("[]", 0, []), ("", 0, []), ("  ", 0, []), (#"[}, {"text":"a"}]"#, 1, [.jsonSyntax]),
        ("hello there", 0, [.jsonSyntax, .jsonSyntax]),
    ])
    func brokenDocuments(text: String, rows: Int, reasons: [RejectReason]) throws {
        let out = try ingest(text, "a.json")
        #expect(out.rows.count == rows && out.reasons == reasons)
    }

    @Test func oneObjectOrSeveral() throws {
        #expect(try ingest(#"{"text":"a"}"#, "a.json").texts == ["a"])
        #expect(try ingest("{\"text\":\"a\"}\n{\"text\":\"b\"}", "a.json").texts == ["a", "b"])
        #expect(try ingest("{\n\"text\":\"a\"}{\"text\":\"b\"}", "a.json").texts == ["a", "b"])
    }

    @Test func recordsBehindAPath() throws {
        let text =
            #"{"meta":{"data":[9]},"d\u0061ta":{"skip":"]","rows":[["a","x"],["b","y"]]},"z":1}"#
        let out = try ingest(text, "a.json") {
            $0.recordsPath = "data.rows"
            $0.mapping = try FieldMapping("text=column1,label=column2")
        }
        #expect(out.texts == ["a", "b"])
        #expect(throws: IngestionError.self) {
            try ingest(text, "a.json") { $0.recordsPath = "data.other" }
        }
        #expect(throws: IngestionError.self) {
            try ingest(text, "a.json") { $0.recordsPath = "z" }
        }
    }

    @Test func depthLimit() throws {
        func nested(_ depth: Int) -> String {
            #"{"text":"a","x":"# + String(repeating: "[", count: depth - 1)
                + String(repeating: "]", count: depth - 1) + "}"
        }
        for (depth, isFine) in [(5, true), (6, false), (5000, false)] {
            let out = try ingest(nested(depth), "a.jsonl") { $0.maximumDepth = 5 }
            #expect(out.rows.count == (isFine ? 1 : 0))
            #expect(out.reasons == (isFine ? [] : [.jsonDepth]))
        }
    }

    @Test func tooLongElements() throws {
        let long = String(repeating: "y", count: 3000)
        for chunk in [10, 333, 100_000] {
            let out = try ingest(#"[{"text":"a"},{"text":"\#(long)"},{"text":"b"}]"#, "a.json") {
                $0.maximumRecordBytes = 500
                $0.chunkBytes = chunk
            }
            #expect(out.texts == ["a", "b"] && out.reasons == [.tooLong])
            #expect(out.rejected[0].offset == 14 && out.rejected[0].length == 3011)
        }
    }

    @Test func chats() throws {
        let lines = [
            #"{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yo"}]}"#,
            #"{"messages":[{"from":"human","value":"hi"}]}"#, #"{"messages":[]}"#,
            #"{"messages":[{"role":"user"}]}"#,
            #"{"messages":"[{\"role\":\"user\",\"content\":\"x\"}]"}"#,
        ]
        let out = try ingest(lines.joined(separator: "\n"), "a.jsonl")
        #expect(out.rows.map(\.kind) == [.chat, .chat, .chat])
        #expect(out.rows[1].fields["messages"] == [["role": "user", "content": "hi"]])
        #expect(out.rows[2].fields["messages"] == [["role": "user", "content": "x"]])
        #expect(out.reasons == [.badMessages, .badMessages])
    }

    @Test func conformance() throws {
        guard let folder = shelf("docs/JSONTestSuite/test_parsing") else { return }
        let json = try StructuralJSON(maximumDepth: 256)
        var (accepted, refused) = (0, 0)
        for name in try names(in: folder, ".json") {
            let bytes = try contents("\(folder)/\(name)")
            let isFine = bytes.withUnsafeBufferPointer { (try? json.parse($0)) != nil }
            // Duplicate members are allowed by RFC 8259, but not here.
            let refusesDuplicates = name.contains("duplicated_key")
            if name.hasPrefix("y_") && !refusesDuplicates { #expect(isFine, "\(name)") }
            if name.hasPrefix("n_") || refusesDuplicates { #expect(!isFine, "\(name)") }
            if isFine { accepted += 1 } else { refused += 1 }
        }
        print("JSONTestSuite: \(accepted) accepted, \(refused) refused")
    }

    @Test func agreesWithTheStrictParserOnRandomText() throws {
        var random = SeededRandom(seed: 7)
        let pieces = [
            "{", "}", "[", "]", ":", ",", "\"a\"", "\"b\\n\"", "\"\\u00e9\"", "1", "-0", "1.5e3",
            "01", "true", "false", "null", " ", "\n", "\"", "\\", "tru", "-", "\"x\":1", "é",
        ]
        let json = try StructuralJSON(maximumDepth: 512)
        var (valid, total) = (0, 0)
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            let bytes = Array(text.utf8)
            let mine = bytes.withUnsafeBufferPointer { try? json.parse($0) }
            let theirs = try? JSONParser.parse(bytes)
            #expect(mine == theirs.map(numbersAsText), "\(text)")
            total += 1
            valid += mine == nil ? 0 : 1
        }
        print("JSON differential fuzz: \(total) texts, \(valid) valid")
    }

    /// The mapping is made from the first rows; what comes later is neither lost nor misnamed.
    @Test func columnsThatAppearLate() throws {
        let first = (0..<1500).map { #"{"body":"row \#($0)","stars":\#($0)}"# }
        let late = #"{"body":"late","stars":"x","text":"other","customer":"ann","extra":1}"#
        let text = (first + [late]).joined(separator: "\n")
        let out = try ingest(text, "a.jsonl") {
            $0.mapping = try FieldMapping("text=body,label=stars", subject: ["customer"])
        }
        #expect(out.rows.count == 1501 && out.rejected.isEmpty)
        #expect(
            out.rows[1500].fields == [
                "text": "late", "label": "x", "source.text": "other", "customer": "ann",
                "extra": "1",
            ])
        #expect(out.rows[1500].subjects == ["ann"])
        #expect(out.report.notes.contains { $0.hasPrefix("3 columns are not in the first rows") })
        let missing = #expect(throws: IngestionError.self) {
            try ingest(text, "a.jsonl") {
                $0.mapping = try FieldMapping("text=body", subject: ["custmer"])
            }
        }
        #expect(missing?.code == .unknownColumn && missing?.hint.contains("customer") == true)
        let inferred = try ingest(
            ((0..<1500).map { _ in #"{"text":"a"}"# } + [#"{"text":"b","label":"x"}"#]).joined(
                separator: "\n"), "a.jsonl")
        #expect(inferred.rows[1500].fields == ["text": "b", "label": "x"])
    }
}

func numbersAsText(_ value: JSONValue) -> JSONValue {
    switch value {
    case .number(let literal): .string(literal)
    case .array(let elements): .array(elements.map(numbersAsText))
    case .object(let members): .object(members.mapValues(numbersAsText))
    default: value
    }
}
