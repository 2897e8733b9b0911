import Records
import Testing

@testable import Ingestion

/// What makes a chat unusable, and what is only noted.
@Suite struct ChatValidatorTests {
    static func messages(
        _ text: String, _ options: ChatOptions = ChatOptions()
    ) throws -> (messages: [JSONValue], notes: [ChatNote], tally: ChatTally) {
        let value = try JSONParser.parse(Array(text.utf8))
        let judge = ChatMessages(ChatMapping(dialect: .openai, columns: [:]), options: options)
        var tally = ChatTally()
        let out = try judge.normalised(value.arrayValue ?? [], tally: &tally)
        return (out.messages, out.notes, tally)
    }

    static let call =
        #"{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}"#

    @Test(arguments: [
        ("[]", RejectReason.badMessages), (#"[{"role":"user"}]"#, .badMessages),
        (#"[{"content":"x"}]"#, .badMessages), (#"["x"]"#, .badMessages),
        (#"[["a"]]"#, .badMessages), (#"[{"role":"boss","content":"x"}]"#, .chatUnknownRole),
        (#"[{"role":"user","content":" \n"}]"#, .chatEmptyTurn),
        (#"[{"role":"user","content":"x"},{"role":"system","content":"y"}]"#, .chatRoleOrder),
        (#"[{"role":"user","content":{"x":1}}]"#, .chatContent),
        (
            #"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"u"}}]}]"#,
            .chatContent
        ),
        (#"[{"role":"assistant","content":null,"tool_calls":[{"id":"a"}]}]"#, .chatToolCall),
        (
            #"[{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":"{bad"}}]}]"#,
            .chatToolCall
        ),
        ("[\(call),{\"role\":\"user\",\"content\":\"and?\"}]", .chatToolCall),
        (
            "[\(call),{\"role\":\"tool\",\"tool_call_id\":\"c2\",\"content\":\"x\"}]", .chatToolCall
        ),
        (
            #"[{"role":"user","content":"x","tool_calls":[{"function":{"name":"f"}}]}]"#,
            .chatToolCall
        ),
        (#"[{"from":"function_call","value":"not json"}]"#, .chatToolCall),
    ])
    func refusals(text: String, reason: RejectReason) {
        let fault = #expect(throws: JSONFault.self) { try Self.messages(text) }
        #expect(fault?.reason == reason, "\(text): \(fault?.message ?? "")")
    }

    @Test(
        arguments: [
            (#"[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]"#, []),
            (
                #"[{"role":"developer","content":"s"},{"role":"user","content":"a"}]"#,
                [.noAssistant]
            ),
            (
                #"[{"role":"assistant","content":"a"},{"role":"user","content":"b"}]"#,
                [.assistantFirst, .lastNotAssistant]
            ),
            (
                #"[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"}]"#,
                [.sameRole]
            ),
            ("[{\"role\":\"user\",\"content\":\"a\"},\(call)]", [.callOpen]),
            (
                "[{\"role\":\"user\",\"content\":\"a\"},\(call),{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"\"},{\"role\":\"assistant\",\"content\":\"b\"}]",
                []
            ),
            (
                #"[{"role":"user","content":"a"},{"role":"function","name":"f","content":"x"},{"role":"assistant","content":"b"}]"#,
                [.toolUncalled]
            ),
        ] as [(String, [ChatNote])])
    func remarks(text: String, notes: [ChatNote]) throws {
        #expect(try Self.messages(text).notes == notes)
    }

    @Test func contentAndCallsAreSetRight() throws {
        let parts = try Self.messages(
            #"[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"role":"assistant","content":null,"refusal":"No."},{"role":"user","content":"go"},{"role":"assistant","content":"","function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"1"},{"role":"assistant","content":"x","mood":"fine","weight":0}]"#
        )
        #expect(parts.messages[0] == ["role": "user", "content": "a\nb"])
        #expect(parts.messages[1]["content"] == "No.")
        #expect(parts.messages[3]["tool_calls"]?.arrayValue?.count == 1)
        #expect(parts.messages[3]["function_call"] == nil)
        #expect(parts.messages[4]["role"] == "tool")
        #expect(parts.tally.unknownKeys == ["mood": 1] && parts.messages[5]["mood"] == "fine")
        let shareGPT = try Self.messages(
            #"[{"from":"human","value":"w?"},{"from":"function_call","value":"{\"name\":\"f\",\"arguments\":{\"b\":1,\"a\":2}}"},{"from":"observation","value":"rain"},{"from":"gpt","value":"Rain."}]"#
        )
        #expect(shareGPT.notes == [])
        let function = shareGPT.messages[1]["tool_calls"]?.arrayValue?.first?["function"]
        #expect(function == ["name": "f", "arguments": #"{"a":2,"b":1}"#])
        #expect(shareGPT.messages[2] == ["role": "tool", "content": "rain"])
    }

    @Test func policies() throws {
        let twice =
            #"[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"}]"#
        var options = ChatOptions()
        options.sameRole = .merge
        let merged = try Self.messages(twice, options)
        #expect(merged.messages.count == 2 && merged.notes == [.merged])
        #expect(merged.messages[0] == ["role": "user", "content": "a\nb"])
        options.sameRole = .reject
        #expect(throws: JSONFault.self) { try Self.messages(twice, options) }
        options = ChatOptions()
        options.emptyTurns = .drop
        let blank =
            #"[{"role":"user","content":"a"},{"role":"user","content":""},{"role":"assistant","content":"c"}]"#
        #expect(try Self.messages(blank, options).notes == [.emptyDropped])
    }

    @Test func theReportCountsWhatWasNoticed() throws {
        let line =
            #"{"messages":[{"role":"user","content":"a","x":1},{"role":"user","content":"b"}]}"#
        let out = try ingest(line + "\n" + line, "a.jsonl")
        #expect(out.report.chatTally?.unknownKeys == ["x": 2])
        #expect(out.report.chatTally?.notes == ["same-role": 2, "no-assistant": 2])
        #expect(out.report.notes.contains { $0.hasPrefix("chat:openai") })
        #expect(out.rows[0].fields["chat_notes"] == ["same-role", "no-assistant"])
    }

    @Test func randomRowsNeverCrashAndAlwaysBalance() throws {
        var random = SeededRandom(seed: 41)
        let keys = [
            "messages", "conversations", "prompt", "completion", "chosen", "rejected",
            "instruction", "output", "input", "history", "system", "role", "content", "from",
            "value", "text", "conversation_id", "label", "tool_calls", "function", "name",
            "arguments", "preferred_output", "non_preferred_output", "turns",
        ]
        let texts = ["user", "assistant", "gpt", "human", "tool", "", "hi", "Human: x", "{}", "["]
        func value(_ depth: Int) -> String {
            switch Int.random(in: 0..<(depth > 3 ? 4 : 7), using: &random) {
            case 0: return "null"
            case 1: return ["true", "1.5", "0"].randomElement(using: &random) ?? ""
            case 2, 3: return "\"\(texts.randomElement(using: &random) ?? "")\""
            case 4:
                let count = Int.random(in: 0...3, using: &random)
                return "[" + (0..<count).map { _ in value(depth + 1) }.joined(separator: ",") + "]"
            default: return object(depth + 1)
            }
        }
        func object(_ depth: Int) -> String {
            let some = keys.shuffled(using: &random).prefix(Int.random(in: 0...5, using: &random))
            return "{" + some.map { "\"\($0)\":\(value(depth))" }.joined(separator: ",") + "}"
        }
        var (files, rows, errors, chats) = (0, 0, 0, 0)
        /// A row of one of the forms, two pieces of which are exchanged.
        func mixed() -> String {
            let line = ChatDialectTests.samples.randomElement(using: &random)?.2 ?? ""
            var parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            let (a, b) = (parts.indices.randomElement(using: &random) ?? 0, parts.count / 2)
            parts.swapAt(a, Int.random(in: 0...b, using: &random))
            return parts.joined(separator: "\"")
        }
        for round in 0..<2000 {
            let lines = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                round % 2 == 0 ? object(0) : mixed()
            }
            files += 1
            do {
                let out = try ingest(lines.joined(separator: "\n"), "a.jsonl") {
                    $0.chunkBytes = 4096
                }
                #expect(out.rows.count + out.rejected.count <= lines.count)
                rows += out.rows.count
                chats += out.report.chat == nil ? 0 : 1
            } catch let error as IngestionError {
                #expect([.noMapping, .unknownColumn].contains(error.code))
                errors += 1
            }
        }
        print("chat fuzz: \(files) files, \(chats) recognised, \(rows) rows, \(errors) no mapping")
    }
}
