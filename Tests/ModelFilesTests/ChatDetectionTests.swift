import Testing

@testable import ModelFiles

@Suite("Chat templates of models")
struct ChatDetectionTests {
    static let chatML =
        "{% for m in messages %}{% if loop.first and m['role'] != 'system' %}"
        + #"{{ '<|im_start|>system\nIt\'s \"late\".\nBe brief.<|im_end|>\n' }}{% endif %}"#
        + #"{{'<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n'}}{% endfor %}"#

    /// Two branches: one that puts in the caller's message, one with a message of its own.
    static let branches =
        #"{%- if messages[0].role == 'system' %}{{- '<|im_start|>system\n' + messages[0].content"#
        + #" + '<|im_end|>\n' }}{%- else %}{{- "<|im_start|>system\nYou help.<|im_end|>\n" }}"#
        + "{%- endif %}"

    static func detect(_ jinja: String, _ config: String = "") -> ChatTemplate? {
        var escaped = ""
        for scalar in jinja.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        let file = "{\(config)\"chat_template\":\"\(escaped)\"}"
        return ChatTemplate.detect(["tokenizer_config.json": Array(file.utf8)], gguf: nil)
    }

    @Test("ChatML and its default system message")
    func chatMLStyle() {
        #expect(
            Self.detect(Self.chatML)
                == ChatTemplate(style: .chatML, defaultSystem: "It's \"late\".\nBe brief."))
        #expect(
            Self.detect(Self.branches) == ChatTemplate(style: .chatML, defaultSystem: "You help."))
        let plain = "{{'<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>'}}"
        #expect(Self.detect(plain) == ChatTemplate(style: .chatML, defaultSystem: nil))
        #expect(Self.detect(plain.replacing("]}", with: "] | trim }"))?.trimsContent == false)
        #expect(
            Self.detect(plain.replacing("m['content']", with: "m['content'] | trim"))?.trimsContent
                == true)
    }

    @Test("Llama 3, with 3.1's dates in front of the system message")
    func llama3() throws {
        let jinja =
            "{% set content = '<|start_header_id|>' + m['role'] + '<|end_header_id|>\\n\\n'"
            + " + m['content'] | trim + '<|eot_id|>' %}{{ bos_token + content }}"
        let template = try #require(Self.detect(jinja, #""bos_token":"<|begin_of_text|>","#))
        #expect(template == ChatTemplate(style: .llama3, defaultSystem: nil))
        let dated = try #require(
            Self.detect(
                jinja + #"{{- "Cutting Knowledge Date: December 2023\n" }}"#
                    + #"{%- set date_string = "26 Jul 2024" %}"#))
        let text = dated.render(
            [ChatMessage(role: "user", content: " Hi ")], addsGenerationPrompt: false)
        #expect(
            text == "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n"
                + "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>")
    }

    @Test("Zephyr and Alpaca, with the model's own end token")
    func plainMarks() throws {
        let zephyr = try #require(
            Self.detect(
                "{{ '<|user|>\\n' + c + eos_token }}{{ '<|assistant|>\\n' + c + eos_token }}",
                #""eos_token":{"content":"<end>"},"#))
        #expect(zephyr.style == .zephyr && zephyr.endToken == "<end>" && zephyr.beginToken == nil)
        let alpaca = try #require(
            Self.detect(
                "{{ bos_token }}### Instruction:\n{{ c }}\n\n### Response:\n",
                #""bos_token":"<s>","eos_token":"</s>","#))
        #expect(alpaca.style == .alpaca && alpaca.beginToken == "<s>" && !alpaca.trimsContent)
    }

    @Test("Templates of other kinds, or none, are not guessed")
    func unknown() {
        #expect(Self.detect("[INST] {{ messages[0].content }} [/INST]") == nil)
        #expect(Self.detect("<|user|>\n{{ c }}<|end|>\n<|assistant|>\n") == nil)
        #expect(ChatTemplate.detect([:], gguf: nil) == nil)
        #expect(ChatTemplate.detect(["tokenizer_config.json": Array("{".utf8)], gguf: nil) == nil)
    }

    @Test("Where the template is looked for")
    func places() {
        let named =
            #"{"chat_template":[{"name":"rag","template":"x"},{"name":"default","template":"<|im_start|>"}]}"#
        var files = ["tokenizer_config.json": Array(named.utf8)]
        #expect(ChatTemplate.detect(files, gguf: nil)?.style == .chatML)
        files["chat_template.jinja"] = Array("<|start_header_id|>".utf8)
        #expect(ChatTemplate.detect(files, gguf: nil)?.style == .llama3)
        let metadata: [String: GGUFValue] = [
            "tokenizer.chat_template": .text("<|user|> <|assistant|> eos_token"),
            "tokenizer.ggml.tokens": .strings(["a", "<end>"].map { Array($0.utf8) }),
            "tokenizer.ggml.eos_token_id": .uint32(1),
        ]
        let template = ChatTemplate.detect([:], metadata: metadata)
        #expect(template?.style == .zephyr && template?.endToken == "<end>")
    }
}
