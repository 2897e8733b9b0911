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

    @Test func errorsAndMessagesHoldNoContent() throws {
        let out = try ingest("text,label\nsecret-4711\n,secret-4711\n")
        #expect(out.rejected.count == 2)
        #expect(out.rejected.allSatisfy { !$0.message.contains("4711") })
    }
}
