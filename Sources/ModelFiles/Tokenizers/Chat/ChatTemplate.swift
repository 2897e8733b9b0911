/// How a conversation becomes one text, and which of its tokens the model learns.
///
///     let template = ChatTemplate(style: .chatML, defaultSystem: nil)
///     let encoded = try template.encode(messages, with: tokenizer, addsGenerationPrompt: false)
///     // encoded.isLearned is true for the assistant's tokens and for what ends its turn
///
/// Four styles are built in; a model's own template (Jinja text) is not run, but recognised by its
/// marks (``detect(_:gguf:)``). `render` is what the model's template would give; `encode` is
/// what Hugging Face's `apply_chat_template` would give, but for one thing: **a message cannot say
/// a control token**. `<|im_end|>` inside a message is encoded as the characters that it is.
public struct ChatTemplate: Sendable, Hashable {
    /// The family of a template.
    public enum Style: String, CaseIterable, Sendable {
        /// `<|im_start|>role⏎content<|im_end|>⏎` (SmolLM2, Qwen2).
        case chatML = "chatml"
        /// `<|start_header_id|>role<|end_header_id|>⏎⏎content<|eot_id|>` (Meta's Llama 3).
        case llama3
        /// `<|role|>⏎content</s>⏎` (Zephyr, TinyLlama). The role marks are mostly plain text.
        case zephyr
        /// `### Instruction:⏎content⏎⏎### Response:⏎content</s>⏎⏎` (Stanford Alpaca), for base
        /// models without control tokens. The marks are plain text.
        case alpaca
    }

    /// A conversation in token ids.
    public struct Encoded: Sendable, Hashable {
        /// The ids, as a model reads them.
        public let ids: [Int32]
        /// For each id whether the loss counts it: the assistant's tokens, the token that ends its
        /// turn and, in ChatML, the newline after it. Nothing else.
        public let isLearned: [Bool]
    }

    /// The family.
    public let style: Style
    /// The system message of a conversation that brings none, nil if there is none then either.
    public let defaultSystem: String?
    /// What opens the text, if anything does (`<|begin_of_text|>`).
    let beginToken: String?
    /// What ends a turn where the style has no token of its own for it.
    let endToken: String
    /// Whether messages lose the white space around them.
    let trimsContent: Bool
    /// What stands before the system message (Llama 3.1's dates).
    let systemPreamble: String

    /// Makes a template of a style, with the tokens that the style usually has.
    ///
    /// - Parameter defaultSystem: nil: none. (``alpacaSystem`` is the one of Alpaca's paper.)
    public init(style: Style, defaultSystem: String?) {
        self.init(style: style, defaultSystem: defaultSystem, trimsContent: style.usuallyTrims)
    }

    init(
        style: Style, defaultSystem: String?, beginToken: String? = nil, endToken: String? = nil,
        trimsContent: Bool, systemPreamble: String = ""
    ) {
        self.style = style
        self.defaultSystem = defaultSystem
        self.beginToken = beginToken ?? (style == .llama3 ? "<|begin_of_text|>" : nil)
        self.endToken = endToken ?? "</s>"
        self.trimsContent = trimsContent
        self.systemPreamble = systemPreamble
    }

    /// The sentence that stands above an Alpaca instruction (Taori et al. 2023).
    public static let alpacaSystem =
        "Below is an instruction that describes a task. Write a response that appropriately "
        + "completes the request."

    /// The same template with another default system message.
    public func with(defaultSystem: String?) -> ChatTemplate {
        ChatTemplate(
            style: style, defaultSystem: defaultSystem, beginToken: beginToken,
            endToken: endToken, trimsContent: trimsContent, systemPreamble: systemPreamble)
    }
}

extension ChatTemplate.Style {
    /// Meta's and the common Alpaca template trim messages; the others take them as they stand.
    var usuallyTrims: Bool { self == .llama3 || self == .alpaca }
}
