import Records
import Testing

@testable import Ingestion

@Suite struct MappingTests {
    @Test func specsAndKinds() throws {
        #expect(try FieldMapping("text=review").kind == .text)
        #expect(try FieldMapping("text=review, label=stars").kind == .labelled)
        #expect(try FieldMapping("messages=m").kind == .chat)
        #expect(try FieldMapping("instruction=i,output=o").kind == .instruction)
        #expect(try FieldMapping("prompt=p,chosen=c,rejected=r").kind == .preference)
        #expect(try FieldMapping("", subject: ["id"]).kind == nil)
        let mapping = try FieldMapping("text=a=b,subject=s,key=k,drop=d")
        #expect(mapping.fields == ["text": "a=b"] && mapping.subject == ["s"])
        #expect(mapping.key == ["k"] && mapping.dropping == ["d"])
        #expect(try FieldMapping(json: mapping.json) == mapping)
    }

    @Test(arguments: [
        ("txet=a", "did you mean 'text'"), ("text", "FIELD=COLUMN"), ("text=", "FIELD=COLUMN"),
        ("text=a,text=b", "once"), ("text=a,messages=b", "labelled: text label"),
    ])
    func badSpecs(spec: String, part: String) {
        let error = #expect(throws: IngestionError.self) { try FieldMapping(spec) }
        #expect(error?.code == .badMapping && "\(error!)".contains(part), "\(error!)")
    }

    @Test func missingColumnNamesTheOthersAndTheNearest() {
        let error = #expect(throws: IngestionError.self) {
            try ingest("review_text,stars\na,1\n") {
                $0.mapping = try FieldMapping("text=reviewtext,label=stars")
            }
        }
        #expect(error?.code == .unknownColumn)
        #expect(error?.hint == "did you mean 'review_text'? columns: review_text, stars")
        let json = #expect(throws: IngestionError.self) {
            try ingest("{\"body\":\"x\"}", "a.jsonl") { $0.mapping = try FieldMapping("text=bodi") }
        }
        #expect(json?.hint == "did you mean 'body'? columns: body")
    }

    @Test func noMappingAndNothingToInfer() {
        let error = #expect(throws: IngestionError.self) { try ingest("review,stars\nfine,1\n") }
        #expect(error?.code == .noMapping && error?.hint.contains("--map text=review") == true)
    }

    @Test func extraColumnsStayAndCollisionsAreRenamed() throws {
        let out = try ingest("body,text,stars,secret\nhello,other,5,x\n") {
            $0.mapping = try FieldMapping("text=body,label=stars", dropping: ["secret"])
        }
        #expect(out.rows[0].fields == ["text": "hello", "source.text": "other", "label": "5"])
    }

    @Test func subjectsAndKeys() throws {
        let out = try ingest("id,a,b,text\n1, ann ,bob,x\n2,,bob,y\n,ann,,z\n") {
            $0.mapping = try FieldMapping("text=text", subject: ["a", "b"], key: ["id"])
        }
        #expect(out.rows.map(\.subjects) == [["ann", "bob"], ["bob"]])
        #expect(out.rows.map(\.key) == ["1", "2"] && out.reasons == [.missingKey])
        let json = try ingest(#"{"text":"x","who":["ann",7],"id":3}"#, "a.jsonl") {
            $0.mapping = try FieldMapping("text=text", subject: ["who"], key: ["id", "who"])
        }
        #expect(json.rows[0].subjects == ["ann", "7"] && json.rows[0].key == "3\u{1F}ann,7")
    }

    @Test func blankAndWrongValues() throws {
        let out = try ingest(
            """
            {"text":"a","label":true}
            {"text":"  ","label":"x"}
            {"text":"b","label":null}
            {"text":["c"],"label":"x"}
            {"label":"x"}
            """, "a.jsonl")
        #expect(out.rows.count == 1 && out.rows[0].fields["label"] == "true")
        #expect(out.reasons == [.missingText, .missingLabel, .badValue, .missingText])
    }

    @Test func inheritsPeopleKeysAndDroppedColumns() throws {
        let earlier = try FieldMapping(
            "text=review,label=stars", subject: ["email"], key: ["id"], dropping: ["note", "ip"])
        let asked = try FieldMapping("text=note").inheriting(earlier)
        #expect(asked.fields == ["text": "note"])
        #expect(asked.subject == ["email"] && asked.key == ["id"])
        #expect(asked.dropping == ["ip"])
        let own = try FieldMapping("text=note", subject: ["who"], key: ["n"], dropping: ["x"])
        #expect(own.inheriting(earlier) == own)
    }

    @Test func errorsAndMessagesHoldNoContent() throws {
        let out = try ingest("text,label\nsecret-4711\n,secret-4711\n")
        #expect(out.rejected.count == 2)
        #expect(out.rejected.allSatisfy { !$0.message.contains("4711") })
    }

    @Test func declaredTypes() throws {
        let mapping = try FieldMapping(
            json: [
                "fields": ["text": "text"],
                "types": ["n": "integer", "x": "number", "b": "boolean", "d": "date"],
            ])
        #expect(try FieldMapping(json: mapping.json) == mapping)
        let text = """
            text,n,x,b,d
            a,1,1.5e3,true,2026-11-22
            b,NULL,-,,n/a
            c,1.5,2,true,2026-11-22
            d,1,x,true,2026-11-22
            e,1,2,yes,2026-11-22
            f,1,2,true,22.11.2026
            g,-7,.5,FALSE,2026-11-22T10:00:00.5+01:00
            h,007,1,true,2026-11-22

            """
        let out = try ingest(text) { $0.mapping = mapping }
        #expect(out.texts == ["a", "b", "g"])
        #expect(out.reasons == Array(repeating: .typeMismatch, count: 5))
        #expect(out.rejected[0].message == "the column 'n' is not an integer")
        let json = try ingest(
            #"{"text":"a","n":1}{"text":"b","n":"2"}{"text":"c","n":[1]}{"text":"d"}"#, "a.json"
        ) { $0.mapping = mapping }
        #expect(json.texts == ["a", "b", "d"] && json.reasons == [.typeMismatch])
        let bad = #expect(throws: IngestionError.self) {
            try FieldMapping(json: ["types": ["n": "nmber"]])
        }
        #expect(bad?.hint.contains("did you mean 'number'") == true)
    }

    @Test func columnsOverTheWholeFile() throws {
        let out = try ingest(
            "text,n,code,when,who\na,1,007,2026-01-01,N/A\nb,2.5,12,,null\nc,-,1,2026-02-01,x\n")
        let columns = Dictionary(
            uniqueKeysWithValues: out.report.columns.map { ($0.name, $0) })
        #expect(
            columns.mapValues(\.type) == [
                "text": .string, "n": .number, "code": .string, "when": .date, "who": .string,
            ])
        #expect(columns["n"]?.nulls == ["-": 1] && columns["n"]?.missing == 1)
        #expect(columns["when"]?.nulls == ["": 1])
        #expect(columns["who"]?.nulls == ["N/A": 1, "null": 1] && columns["who"]?.filled == 1)
        let json = try ingest(
            #"{"text":"a","n":1,"o":{}}{"text":"b","n":2.5}{"text":"c","n":null,"o":[]}"#,
            "a.json")
        let types = Dictionary(uniqueKeysWithValues: json.report.columns.map { ($0.name, $0) })
        #expect(types.mapValues(\.type) == ["text": .string, "n": .number, "o": .mixed])
        #expect(types["o"]?.missing == 1 && types["n"]?.nulls == ["null": 1])
    }

    @Test func driftBetweenFiles() throws {
        try withFolder { folder in
            try write("text,n,old\na,1,x\n", to: "\(folder)/1.csv")
            try write("text,n,new\nb,two,y\n", to: "\(folder)/2.csv")
            try write("text\tn\told\nc\t3\tz\n", to: "\(folder)/3.tsv")
            try write(#"{"text":"d"}"#, to: "\(folder)/4.jsonl")
            let reports = try Ingestor().read(InputFiles.expand([folder])) { _, _ in }
            let drift = IngestReport(reports).drift
            #expect(
                drift.map(\.text) == [
                    "drift: 2.csv: column 'n' is string, was integer",
                    "drift: 2.csv: column 'new' is new (string)",
                    "drift: 2.csv: column 'old' is missing",
                ])
            #expect(IngestReport(reports).json["drift"]?.arrayValue?.count == 3)
        }
    }

    @Test func theOnlyFileThrowsAndOneOfSeveralIsRefused() throws {
        try withFolder { folder in
            try write("text\nfine\n", to: "\(folder)/a.csv")
            try write("review,stars\nfine,1\n", to: "\(folder)/b.csv")
            try write("PAR1", to: "\(folder)/c.parquet")
            let files = try InputFiles.expand([folder])
            var rejected: [RejectedRow] = []
            let reports = try Ingestor().read(files) { rejected += $1.rejected }
            #expect(rejected.map(\.reason.rawValue) == ["no-mapping", "unsupported-format"])
            #expect(rejected.allSatisfy { $0.isWholeFile && $0.content.isEmpty })
            #expect(
                reports.map { $0.refusal?.reason } == [nil, "no-mapping", "unsupported-format"])
            for (file, code) in zip(
                files.dropFirst(), [IngestionError.Code.noMapping, .unsupportedFormat])
            {
                let error = #expect(throws: IngestionError.self) {
                    try Ingestor().read([file]) { _, _ in }
                }
                #expect(error?.code == code)
            }
            // Where nothing at all could be read, the first refusal says why.
            let error = #expect(throws: IngestionError.self) {
                try Ingestor().read(Array(files.dropFirst())) { _, _ in }
            }
            #expect(error?.code == .noMapping)
        }
    }

    @Test func previewTellsShapesAndNoContent() throws {
        try withFolder { folder in
            let rows = (0..<5000).map { "secret-\($0) words here,\($0),ann\n" }.joined()
            try write("body;stars\nx;1\n", to: "\(folder)/b.csv")
            try write("body,stars,who\n" + rows, to: "\(folder)/a.csv")
            var options = IngestOptions()
            options.mapping = try FieldMapping("text=body,label=stars", dropping: ["who"])
            let previews = try Ingestor(options: options).preview(InputFiles.expand([folder]))
            #expect(previews.map(\.kind) == [.labelled, nil])
            #expect(
                previews[0].columns == [
                    MappedColumn(column: "body", field: "text", role: .field, type: .string),
                    MappedColumn(column: "stars", field: "label", role: .field, type: .integer),
                    MappedColumn(column: "who", field: nil, role: .dropped, type: .string),
                ])
            #expect(previews[0].shapes.count == 3)
            #expect(previews[0].shapes[0]["text"] == "string, 19 characters, 3 words")
            #expect(previews[1].refusal?.reason == "unknown-column")
            let all = previews.flatMap(\.lines).joined() + "\(previews.map(\.json))"
            #expect(!all.contains("secret"))
        }
    }
}
