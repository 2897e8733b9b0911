extension ChatTemplate {
    /// The style that a model's own template has, by the marks in its Jinja text; nil if the model
    /// brings no template, or one of another kind.
    ///
    /// Looked at in this order: `chat_template.jinja`, `tokenizer_config.json`, and GGUF's
    /// `tokenizer.chat_template`. The default system message is read out of the template's text,
    /// the tokens that open and end a text out of `tokenizer_config.json` or the GGUF file.
    ///
    /// - Parameter files: the model's files by name.
    public static func detect(_ files: [String: [UInt8]], gguf: GGUFFile?) -> ChatTemplate? {
        detect(files, metadata: gguf?.metadata ?? [:])
    }

    static func detect(
        _ files: [String: [UInt8]], metadata: [String: GGUFValue]
    ) -> ChatTemplate? {
        if let jinja = jinja(files) {
            return ChatTemplate(
                jinja: jinja, beginToken: tokenName("bos_token", files),
                endToken: tokenName("eos_token", files))
        }
        guard let jinja = metadata["tokenizer.chat_template"]?.stringValue else { return nil }
        let tokens = metadata["tokenizer.ggml.tokens"]?.elements ?? []
        func name(_ role: String) -> String? {
            guard let id = metadata["tokenizer.ggml.\(role)_token_id"]?.intValue,
                tokens.indices.contains(id)
            else { return nil }
            return tokens[id].stringValue
        }
        return ChatTemplate(jinja: jinja, beginToken: name("bos"), endToken: name("eos"))
    }

    init?(jinja: String, beginToken: String?, endToken: String?) {
        guard let style = Style(jinja: jinja) else { return nil }
        let usesBegin = style == .llama3 || jinja.contains("bos_token")
        self.init(
            style: style, defaultSystem: Self.defaultSystem(in: jinja, style: style),
            beginToken: usesBegin ? beginToken : nil, endToken: endToken,
            trimsContent: Self.trims(jinja), systemPreamble: Self.preamble(in: jinja))
    }

    /// The Jinja text among a model's files.
    static func jinja(_ files: [String: [UInt8]]) -> String? {
        if let text = files["chat_template.jinja"] { return String(decoding: text, as: UTF8.self) }
        guard let bytes = files["tokenizer_config.json"],
            let configuration = try? ByteJSONReader.read(bytes)
        else { return nil }
        if let text = configuration["chat_template"]?.text { return text }
        // Several templates by name: the default one.
        guard case .array(let list)? = configuration["chat_template"] else { return nil }
        return list.first { $0["name"]?.text == "default" }?["template"]?.text
    }

    /// The text of a special token in a tokenizer_config.json: a string, or an object's `content`.
    static func tokenName(_ role: String, _ files: [String: [UInt8]]) -> String? {
        guard let bytes = files["tokenizer_config.json"],
            let configuration = try? ByteJSONReader.read(bytes)
        else { return nil }
        return configuration[role]?.text ?? configuration[role]?["content"]?.text
    }

    /// `content | trim` or `content.strip()` anywhere.
    private static func trims(_ jinja: String) -> Bool {
        let text = jinja.replacing(" ", with: "")
        return [
            "content']|trim", "content\"]|trim", "content|trim", "content.strip()",
            "content'].strip()", "content\"].strip()",
        ].contains { text.contains($0) }
    }

    /// Llama 3.1 and 3.2 put dates before the system message. A template that asks for today's date
    /// gets the one that it falls back to: the same request must give the same text.
    private static func preamble(in jinja: String) -> String {
        guard jinja.contains("<|start_header_id|>"),
            let cutting = literal(after: "Cutting Knowledge Date: ", in: jinja)
        else { return "" }
        let today = literal(after: "date_string = \"", in: jinja) ?? "26 Jul 2024"
        return "Cutting Knowledge Date: \(cutting)\nToday Date: \(today)\n\n"
    }

    /// The characters after a mark up to a quote or an escape.
    private static func literal(after mark: String, in text: String) -> String? {
        guard let range = text.firstRange(of: mark) else { return nil }
        let found = text[range.upperBound...].prefix { !"\"'\\\n".contains($0) }
        return found.isEmpty ? nil : String(found)
    }

    /// The system message that the template itself writes: the text between the system header and
    /// the end of the turn, where no expression stands between them.
    private static func defaultSystem(in jinja: String, style: Style) -> String? {
        let marks: (open: [String], close: String)
        switch style {
        case .chatML: marks = (["<|im_start|>system\\n", "<|im_start|>system\n"], "<|im_end|>")
        case .zephyr: marks = (["<|system|>\\n", "<|system|>\n"], "</s>")
        case .llama3, .alpaca: return nil
        }
        for open in marks.open {
            var rest = jinja[...]
            while let range = rest.firstRange(of: open) {
                let quote = openQuote(jinja[..<range.lowerBound])
                rest = rest[range.upperBound...]
                guard let close = rest.firstRange(of: marks.close) else { break }
                let text = rest[..<close.lowerBound]
                if let message = literal(text, quote: quote), !message.isEmpty { return message }
            }
        }
        return nil
    }

    /// The quote of the string literal that a text breaks off in, nil outside of one.
    private static func openQuote(_ text: Substring) -> Character? {
        guard let index = text.lastIndex(where: { $0 == "'" || $0 == "\"" }) else { return nil }
        let inside = text[index...]
        return inside.contains("%}") || inside.contains("}}") ? nil : text[index]
    }

    /// The value of a part of a Jinja string literal, or of text outside of one; nil if an
    /// expression stands in between.
    private static func literal(_ text: Substring, quote: Character?) -> String? {
        guard let quote else {
            return text.contains("{{") || text.contains("{%") ? nil : String(text)
        }
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                switch character {
                case "n": result.append("\n")
                case "t": result.append("\t")
                default: result.append(character)
                }
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == quote {
                return nil
            } else {
                result.append(character)
            }
        }
        return isEscaped ? nil : result
    }
}

extension ChatTemplate.Style {
    /// The style whose marks stand in a Jinja template.
    init?(jinja: String) {
        if jinja.contains("<|im_start|>") {
            self = .chatML
        } else if jinja.contains("<|start_header_id|>") {
            self = .llama3
        } else if jinja.contains("### Instruction"), jinja.contains("### Response") {
            self = .alpaca
        } else if jinja.contains("<|user|>"), jinja.contains("<|assistant|>"),
            jinja.contains("eos_token")
        {
            self = .zephyr
        } else {
            return nil
        }
    }
}
