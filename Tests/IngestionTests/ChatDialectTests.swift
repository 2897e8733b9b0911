import Records
import Testing

@testable import Ingestion

/// Each form is recognised by its rows alone, and becomes the standard fields.
@Suite struct ChatDialectTests {
    static let talk: JSONValue = [
        ["role": "user", "content": "hi"], ["role": "assistant", "content": "yo"],
    ]
    static let samples: [(ChatDialect, RecordKind, String, [String: JSONValue])] = [
        (
            .openai, .chat,
            #"{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yo"}],"id":7}"#,
            ["messages": talk, "id": "7"]
        ),
        (
            .shareGPT, .chat,
            #"{"conversations":[{"from":"human","value":"hi"},{"from":"gpt","value":"yo"}],"system":"Be kind."}"#,
            [
                "messages": [
                    ["role": "system", "content": "Be kind."], ["role": "user", "content": "hi"],
                    ["role": "assistant", "content": "yo"],
                ]
            ]
        ),
        (
            .alpaca, .instruction, #"{"instruction":"Add.","input":"1 2","output":"3","text":"t"}"#,
            ["instruction": "Add.", "input": "1 2", "output": "3", "text": "t"]
        ),
        (
            .alpaca, .instruction,
            #"{"instruction":"Who?","context":"","response":"Me.","category":"qa"}"#,
            ["instruction": "Who?", "input": "", "output": "Me.", "category": "qa"]
        ),
        (
            .alpaca, .chat,
            #"{"instruction":"And?","input":"x","output":"z","system":"s","history":[["hi","yo"]]}"#,
            [
                "messages": [
                    ["role": "system", "content": "s"], ["role": "user", "content": "hi"],
                    ["role": "assistant", "content": "yo"],
                    ["role": "user", "content": "And?\n\nx"],
                    ["role": "assistant", "content": "z"],
                ]
            ]
        ),
        (
            .promptCompletion, .instruction, #"{"prompt":"hi","completion":" yo","n":1.50}"#,
            ["instruction": "hi", "output": " yo", "n": "1.50"]
        ),
        (
            .promptCompletion, .chat,
            #"{"prompt":[{"role":"user","content":"hi"}],"completion":[{"role":"assistant","content":"yo"}]}"#,
            ["messages": talk]
        ),
        (
            .preference, .preference, #"{"prompt":"p","chosen":"c","rejected":"r","score":2}"#,
            ["prompt": "p", "chosen": "c", "rejected": "r", "score": "2"]
        ),
        (
            .preference, .preference,
            #"{"chosen":[{"role":"user","content":"p"},{"role":"assistant","content":"c"}],"rejected":[{"role":"user","content":"p"},{"role":"assistant","content":"r"}]}"#,
            ["prompt": "p", "chosen": "c", "rejected": "r"]
        ),
        (
            .preference, .preference,
            #"{"prompt":"p","chosen":[{"role":"user","content":"p"},{"role":"assistant","content":"c"}],"rejected":[{"role":"user","content":"p"},{"role":"assistant","content":"r"}],"messages":[{"role":"user","content":"p"},{"role":"assistant","content":"c"}]}"#,
            [
                "prompt": "p", "chosen": "c", "rejected": "r",
                "messages": [
                    ["role": "user", "content": "p"], ["role": "assistant", "content": "c"],
                ],
            ]
        ),
        (
            .openaiPreference, .preference,
            #"{"input":{"messages":[{"role":"user","content":"p"}],"tools":[],"parallel_tool_calls":true},"preferred_output":[{"role":"assistant","content":"c"}],"non_preferred_output":[{"role":"assistant","content":"r"}]}"#,
            ["prompt": "p", "chosen": "c", "rejected": "r", "tools": []]
        ),
        (
            .transcripts, .preference,
            #"{"chosen":"\n\nHuman: p\n\nAssistant: a\n\nHuman: q\n\nAssistant: c\n\nmore","rejected":"\n\nHuman: p\n\nAssistant: a\n\nHuman: q\n\nAssistant: r"}"#,
            [
                "prompt": "Human: p\n\nAssistant: a\n\nHuman: q", "chosen": "c\n\nmore",
                "rejected": "r",
                "prompt_messages": [
                    ["role": "user", "content": "p"], ["role": "assistant", "content": "a"],
                    ["role": "user", "content": "q"],
                ],
            ]
        ),
        (
            .turns, .chat,
            #"{"id":1,"log":[["customer","hi"],["agent","yo"],["agent","still here"],["action","looked up"]]}"#,
            [
                "id": "1",
                "messages": [
                    ["role": "user", "content": "hi"],
                    ["role": "assistant", "content": "yo\nstill here"],
                    ["role": "tool", "content": "looked up"],
                ], "chat_notes": ["merged-turns", "last-not-assistant", "tool-uncalled"],
            ]
        ),
        (
            .turns, .chat,
            #"{"turns":[{"speaker":"USER","utterance":"hi"},{"speaker":"SYSTEM","utterance":"yo"}]}"#,
            ["messages": talk]
        ),
    ]

    @Test(arguments: samples.indices)
    func formsAreRecognisedAndRewritten(index: Int) throws {
        let (dialect, kind, line, fields) = Self.samples[index]
        let lines = Array(repeating: line, count: 3).joined(separator: "\n")
        let out = try ingest(lines, "a.jsonl")
        #expect(out.rejected.isEmpty, "\(out.rejected.map(\.message))")
        #expect(out.rows.map(\.kind) == [kind, kind, kind])
        #expect(out.rows.first?.fields == fields)
        let mapping = try #require(out.report.chat)
        #expect(mapping.dialect == dialect && mapping.rowsSeen == 3 && mapping.rowsFitting == 3)
        #expect(out.report.form == dialect.rawValue)
        // What was shown can be given back, and reads the same.
        let again = try ingest(lines, "a.jsonl") {
            $0.chat.mapping = try ChatMapping(json: mapping.json)
        }
        #expect(again.rows == out.rows)
        let named = try ingest(lines, "a.jsonl") {
            $0.chat.dialect = try ChatDialect(option: "chat:\(dialect.rawValue)")
        }
        #expect(named.rows == out.rows)
        // As the elements of an array, too.
        let array = try ingest("[" + lines.replacing("\n", with: ",") + "]", "a.json")
        #expect(array.rows.map(\.fields) == out.rows.map(\.fields))
    }

    @Test func theWholeFirstBatchDecides() throws {
        let odd = #"{"prompt":"a","completion":"b","messages":[]}"#
        let usual =
            #"{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}"#
        let lines = [odd] + Array(repeating: usual, count: 9)
        let out = try ingest(lines.joined(separator: "\n"), "a.jsonl")
        #expect(out.report.chat?.dialect == .openai && out.report.chat?.rowsFitting == 9)
        #expect(out.rows.count == 9 && out.reasons == [.badMessages])
    }

    @Test func whatIsNoChatStaysWhatItWas() throws {
        let lines = [
            #"{"text":"a","from":"x","value":"y","question":"q","answer":"a"}"#,
            #"{"text":"b","label":"x"}"#,
        ]
        for line in lines {
            let out = try ingest(line, "a.jsonl")
            #expect(out.report.chat == nil && out.rows.count == 1)
        }
        let mapped = try ingest(#"{"prompt":"p","completion":"c"}"#, "a.jsonl") {
            $0.mapping = try FieldMapping("text=prompt")
        }
        #expect(mapped.report.chat == nil && mapped.texts == ["p"])
        #expect(throws: IngestionError.self) {
            try ingest(#"{"prompt":"p","completion":"c"}"#, "a.jsonl") {
                $0.chat.recognises = false
            }
        }
    }

    @Test func ktoIsRefusedByName() throws {
        let line = #"{"prompt":"p","completion":"c","label":true}"#
        let error = #expect(throws: IngestionError.self) { try ingest(line, "a.jsonl") }
        #expect(error?.message.contains("KTO") == true && error?.code == .noMapping)
        let read = try ingest(line, "a.jsonl") { $0.chat.dialect = .promptCompletion }
        #expect(read.rows[0].fields == ["instruction": "p", "output": "c", "label": true])
    }

    @Test func aDialectThatIsNotThereIsAnError() throws {
        let error = #expect(throws: IngestionError.self) {
            try ingest(#"{"a":"b"}"#, "a.jsonl") { $0.chat.dialect = .shareGPT }
        }
        #expect(error?.message.contains("chat:sharegpt") == true)
        #expect(throws: IngestionError.self) { try ChatDialect(option: "chat:sharegtp") }
        for text in [
            #"{"dialect":"x"}"#, "{}", #"{"dialect":"turns","columns":{"nope":"a"}}"#,
            #"{"dialect":"turns","roles":{"a":"boss"}}"#, #"{"dialect":"turns","x":1}"#,
        ] {
            let json = try JSONParser.parse(Array(text.utf8))
            #expect(throws: IngestionError.self) { try ChatMapping(json: json) }
        }
    }

    @Test func speakersAreMappedByTheFile() throws {
        let line = #"{"talk":[["anna","hi"],["ben","yo"]]}"#
        #expect(throws: IngestionError.self) {
            try ingest(line + "\n" + line, "a.jsonl") {
                $0.chat.dialect = .turns
            }
        }
        let out = try ingest(line, "a.jsonl") {
            $0.chat.mapping = ChatMapping(
                dialect: .turns, columns: ["messages": "talk"], roleKey: "0", contentKey: "1",
                roles: ["anna": "user", "ben": "assistant"])
        }
        #expect(out.rows[0].fields["messages"] == Self.talk)
    }

    static let turnRows = """
        conversation_id,speaker,text,order,tier
        a,customer,hi,1,gold
        b,agent,Hello.,1,blue
        a,agent,yo,2,gold
        b,customer,"Late, second",3,blue
        b,customer,First,2,blue
        a,customer,bye,3,gold

        """

    @Test func turnsInRowsBecomeConversations() throws {
        let out = try ingest(Self.turnRows) {
            $0.mapping = try FieldMapping("", subject: ["conversation_id"])
        }
        #expect(out.report.chat?.dialect == .turnRows && out.rejected.isEmpty)
        #expect(out.rows.map(\.kind) == [.chat, .chat])
        #expect(
            out.rows[0].fields == [
                "conversation_id": "a", "tier": "gold", "order": ["1", "2", "3"],
                "messages": [
                    ["role": "user", "content": "hi"], ["role": "assistant", "content": "yo"],
                    ["role": "user", "content": "bye"],
                ], "chat_notes": ["last-not-assistant"],
            ])
        #expect(
            out.rows[1].fields["messages"] == [
                ["role": "assistant", "content": "Hello."],
                ["role": "user", "content": "First\nLate, second"],
            ])
        #expect(out.rows.map(\.subjects) == [["a"], ["b"]])
        let bytes = Array(Self.turnRows.utf8)
        let first = out.rows[0]
        let piece = bytes[Int(first.offset)..<Int(first.offset + first.length)]
        #expect(String(decoding: piece, as: UTF8.self).hasPrefix("a,customer,hi"))
        // JSON Lines with the same columns.
        let lines = Self.turnRows.split(separator: "\n").dropFirst().map { row in
            let cells = row.replacing("\"", with: "").split(separator: ",", maxSplits: 2)
            return
                #"{"conversation_id":"\#(cells[0])","role":"\#(cells[1])","content":"\#(cells[2])"}"#
        }
        let json = try ingest(lines.joined(separator: "\n"), "a.jsonl")
        #expect(json.rows.count == 2 && json.rejected.isEmpty)
    }

    @Test func conversationsPastTheLimitAreTakenForComplete() throws {
        let mapping = ChatMapping(
            dialect: .turnRows, columns: ["conversation": "c", "role": "r", "text": "t"])
        let grouper = TurnGrouper(mapping, limit: 3000)
        var done = 0
        func add(_ id: Int) throws(JSONFault) -> Int {
            let row = TurnGrouper.Row(
                fields: ["c": .string("\(id)"), "r": "user", "t": "x"], subjects: [], key: nil,
                span: SourceSpan(offset: 0, length: 10))
            return try grouper.add(row).count
        }
        for id in 0..<40 { done += try add(id) }
        #expect(done > 20)
        let fault = #expect(throws: JSONFault.self) { try add(0) }
        #expect(fault?.reason == .chatScattered)
        #expect(done + grouper.close().count == 40)
    }

    @Test func delimitedTuningForms() throws {
        let rows = try ingest("prompt,completion,n\nhi,yo,1\n,x,2\n")
        #expect(rows.rows[0].fields == ["instruction": "hi", "output": "yo", "n": "1"])
        #expect(rows.rows[0].kind == .instruction && rows.reasons == [.missingField])
        let dolly = try ingest("instruction,context,response\nWho?,,Me.\n")
        #expect(dolly.rows[0].fields == ["instruction": "Who?", "input": "", "output": "Me."])
    }

    @Test func theShelfsCallsBecomeChats() throws {
        guard let folder = shelf("support") else { return }
        let out = try ingest(contents("\(folder)/abcd_sample.json"), "abcd_sample.json")
        #expect(out.rows.count == 3 && out.rejected.isEmpty, "\(out.rejected.map(\.message))")
        #expect(out.report.chat?.dialect == .turns)
        #expect(out.report.chat?.columns["messages"] == "original")
        for row in out.rows {
            let roles = row.fields["messages"]?.arrayValue?.compactMap { $0["role"]?.stringValue }
            #expect(Set(roles ?? []) == ["user", "assistant", "tool"])
            #expect(row.fields["scenario"] != nil && row.fields["delexed"] != nil)
        }
        print("chat forms: abcd_sample 3 read as", out.report.chat?.lines ?? [])
    }
}
