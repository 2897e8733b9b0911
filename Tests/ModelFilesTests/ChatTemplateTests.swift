import Testing

@testable import ModelFiles

@Suite("Chat templates")
struct ChatTemplateTests {
    static let messages = [
        ChatMessage(role: "system", content: "Be brief."),
        ChatMessage(role: "user", content: "Hi"), ChatMessage(role: "assistant", content: "Yo!"),
        ChatMessage(role: "user", content: " Bye \n"),
    ]

    static let controls = [
        "<s>", "</s>", "<|im_start|>", "<|im_end|>", "<|begin_of_text|>", "<|end_of_text|>",
        "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
    ]

    /// A byte-level tokenizer with the control tokens of every style, in which two newlines merge.
    static func tokenizer(
        _ controls: [String] = controls, eos: String = "</s>", splits: Bool = true
    ) throws -> any TextTokenizer {
        let added = controls.enumerated().map { TokenizerJSON.added(263 + $0, $1, "special") }
        var file = String(decoding: TokenizerJSON.file(added: added), as: UTF8.self)
        // "ĊĊ" takes the place of the last merge.
        file = file.replacing("\"12\":262", with: "\"ĊĊ\":262").replacing("1 2", with: "Ċ Ċ")
        return try TokenizerFiles.load([
            "tokenizer.json": Array(file.utf8),
            "tokenizer_config.json": Array(#"{"eos_token":"\#(eos)"}"#.utf8),
        ])
    }

    @Test(
        "Rendered conversations",
        arguments: [
            (
                ChatTemplate.Style.chatML,
                "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                    + "<|im_start|>assistant\nYo!<|im_end|>\n<|im_start|>user\n Bye \n<|im_end|>\n"
                    + "<|im_start|>assistant\n"
            ),
            (
                .llama3,
                "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
                    + "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
                    + "<|start_header_id|>assistant<|end_header_id|>\n\nYo!<|eot_id|>"
                    + "<|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|>"
                    + "<|start_header_id|>assistant<|end_header_id|>\n\n"
            ),
            (
                .zephyr,
                "<|system|>\nBe brief.</s>\n<|user|>\nHi</s>\n<|assistant|>\nYo!</s>\n"
                    + "<|user|>\n Bye \n</s>\n<|assistant|>\n"
            ),
            (
                .alpaca,
                "Be brief.\n\n### Instruction:\nHi\n\n### Response:\nYo!</s>\n\n"
                    + "### Instruction:\nBye\n\n### Response:\n"
            ),
        ])
    func rendered(style: ChatTemplate.Style, text: String) throws {
        let template = ChatTemplate(style: style, defaultSystem: nil)
        #expect(template.render(Self.messages, addsGenerationPrompt: true) == text)
        let encoded = try template.encode(
            Self.messages, with: Self.tokenizer(), addsGenerationPrompt: true)
        #expect(
            try Self.tokenizer().decode(encoded.ids, skipsSpecialTokens: false) == Array(text.utf8))
        #expect(encoded.ids.count == encoded.isLearned.count)
    }

    @Test(
        "Learned are the reply and what ends it, nothing else",
        arguments: [
            (ChatTemplate.Style.chatML, "Yo!<|im_end|>\n"), (.llama3, "Yo!<|eot_id|>"),
            (.zephyr, "Yo!</s>"), (.alpaca, "Yo!</s>"),
        ])
    func mask(style: ChatTemplate.Style, reply: String) throws {
        let tokenizer = try Self.tokenizer()
        let template = ChatTemplate(style: style, defaultSystem: "Default.")
        let encoded = try template.encode(
            Self.messages, with: tokenizer, addsGenerationPrompt: true)
        let learned = zip(encoded.ids, encoded.isLearned).filter(\.1).map(\.0)
        #expect(tokenizer.decode(learned, skipsSpecialTokens: false) == Array(reply.utf8))
        // The reply lies in one piece.
        let first = try #require(encoded.isLearned.firstIndex(of: true))
        #expect(encoded.isLearned[first..<first + learned.count].allSatisfy { $0 })
        let two = try template.encode(
            Self.messages + [ChatMessage(role: "assistant", content: "See you")], with: tokenizer,
            addsGenerationPrompt: false)
        let all = zip(two.ids, two.isLearned).filter(\.1).map(\.0)
        #expect(
            tokenizer.decode(all, skipsSpecialTokens: false)
                == Array((reply + reply.replacing("Yo!", with: "See you")).utf8))
    }

    @Test("A message cannot say a control token", arguments: ChatTemplate.Style.allCases)
    func injection(style: ChatTemplate.Style) throws {
        let tokenizer = try Self.tokenizer()
        let template = ChatTemplate(style: style, defaultSystem: nil)
        func count(_ text: String) throws -> [Int32] {
            let messages = ["user", "assistant"].map { ChatMessage(role: $0, content: text) }
            let encoded = try template.encode(
                messages, with: tokenizer, addsGenerationPrompt: false)
            #expect(
                tokenizer.decode(encoded.ids, skipsSpecialTokens: false)
                    == Array(template.render(messages, addsGenerationPrompt: false).utf8))
            return encoded.ids.filter(tokenizer.isSpecial)
        }
        #expect(try count("x" + Self.controls.joined() + "y") == count("harmless"))
    }

    @Test("A token that holds the end of the header is not learned")
    func straddling() throws {
        let tokenizer = try Self.tokenizer()
        let template = ChatTemplate(style: .chatML, defaultSystem: nil)
        let encoded = try template.encode(
            [ChatMessage(role: "assistant", content: "\n\nab")], with: tokenizer,
            addsGenerationPrompt: false)
        let learned = zip(encoded.ids, encoded.isLearned).filter(\.1).map(\.0)
        #expect(encoded.ids.contains(262))
        #expect(
            tokenizer.decode(learned, skipsSpecialTokens: false) == Array("\nab<|im_end|>\n".utf8))
    }

    @Test("The default system message stands where there is none")
    func defaultSystem() {
        let template = ChatTemplate(style: .chatML, defaultSystem: "Be kind.")
        let user = [ChatMessage(role: "user", content: "Hi")]
        let system = "<|im_start|>system\nBe kind.<|im_end|>\n"
        #expect(template.render(user, addsGenerationPrompt: false).hasPrefix(system))
        #expect(!template.render(Self.messages, addsGenerationPrompt: false).contains("kind"))
        #expect(template.render([], addsGenerationPrompt: false) == "")
        let none = template.with(defaultSystem: nil)
        #expect(!none.render(user, addsGenerationPrompt: false).contains("system"))
    }

    @Test("Roles that a style does not know are an error")
    func roles() throws {
        let wrong: [(ChatTemplate.Style, [String])] = [
            (.zephyr, ["tool"]), (.alpaca, ["user", "system"]), (.chatML, ["user\nassistant"]),
            (.llama3, [""]), (.chatML, ["<|im_end|>"]),
        ]
        for (style, roles) in wrong {
            let error = try #require(throws: TokenizerError.self) {
                try ChatTemplate(style: style, defaultSystem: nil).encode(
                    roles.map { ChatMessage(role: $0, content: "x") }, with: Self.tokenizer(),
                    addsGenerationPrompt: false)
            }
            #expect(error.code == .invalidChat)
        }
    }

    @Test("A tokenizer without the style's tokens is an error, but for plain marks")
    func missing() throws {
        let tokenizer = try Self.tokenizer(["</s>"])
        for style in [ChatTemplate.Style.chatML, .llama3] {
            let error = try #require(throws: TokenizerError.self) {
                try ChatTemplate(style: style, defaultSystem: nil).encode(
                    Self.messages, with: tokenizer, addsGenerationPrompt: false)
            }
            #expect(error.code == .missingToken)
        }
        for style in [ChatTemplate.Style.zephyr, .alpaca] {
            _ = try ChatTemplate(style: style, defaultSystem: nil).encode(
                Self.messages, with: tokenizer, addsGenerationPrompt: false)
        }
    }

    @Test("Role marks are tokens where the tokenizer has them")
    func marks() throws {
        let tokenizer = try Self.tokenizer(["</s>", "<|user|>", "<|assistant|>"])
        let encoded = try ChatTemplate(style: .zephyr, defaultSystem: nil).encode(
            [ChatMessage(role: "user", content: "<|user|>")], with: tokenizer,
            addsGenerationPrompt: true)
        #expect(encoded.ids.count { $0 == 264 } == 1 && encoded.ids.contains(265))
    }

    @Test("What stops the model")
    func stops() throws {
        let tokenizer = try Self.tokenizer(eos: "<|im_end|>")
        func stops(_ style: ChatTemplate.Style) -> [Int32] {
            ChatTemplate(style: style, defaultSystem: nil).stopTokens(tokenizer)
        }
        #expect(stops(.chatML) == [266])
        #expect(stops(.llama3) == [271, 268, 266])
        #expect(stops(.zephyr) == [266] && stops(.alpaca) == [266])
        #expect(
            ChatTemplate(style: .chatML, defaultSystem: nil).stopTokens(try Self.tokenizer())
                == [266, 264])
    }

    @Test("The preview marks what is learned and names the stop token")
    func preview() throws {
        let tokenizer = try Self.tokenizer()
        let template = ChatTemplate(style: .chatML, defaultSystem: nil)
        let messages = Array(Self.messages[1...2])
        let encoded = try template.encode(messages, with: tokenizer, addsGenerationPrompt: false)
        #expect(
            template.preview(encoded, with: tokenizer) == """
                <|im_start|>user
                Hi<|im_end|>
                <|im_start|>assistant
                ⟦Yo!<|im_end|>
                ⟧
                learned: 5 of 26 tokens; stop token: <|im_end|> (266), learned
                """)
        let prompt = try template.encode(
            [messages[0]], with: tokenizer, addsGenerationPrompt: true)
        #expect(
            template.preview(prompt, with: tokenizer).hasSuffix(
                "(266), NOT learned from this example"))
    }
}
