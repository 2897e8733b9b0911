extension ChatTemplate {
    /// The conversation as text, as Hugging Face's `apply_chat_template(…, tokenize=False)` gives
    /// it. Messages with a role that the style does not know are left out.
    ///
    /// - Parameter addsGenerationPrompt: whether the header of the assistant's next turn follows.
    public func render(_ messages: [ChatMessage], addsGenerationPrompt: Bool) -> String {
        pieces(messages, addsGenerationPrompt: addsGenerationPrompt).map(\.text).joined()
    }

    /// The conversation as ids, and which of them are learned.
    ///
    /// Plain text between two control tokens is encoded as one text, header and message together,
    /// as Hugging Face does. Where a reply starts with white space, its first token may hold the
    /// end of the header as well; that token is not learned.
    ///
    /// - Throws: `TokenizerError`: a role that the style does not know, or a tokenizer without a
    ///   control token of the style.
    public func encode(
        _ messages: [ChatMessage], with tokenizer: any TextTokenizer, addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> Encoded {
        try check(messages)
        var section = Section(tokenizer)
        for piece in pieces(messages, addsGenerationPrompt: addsGenerationPrompt) {
            switch piece.kind {
            case .text:
                section.add(piece)
            case .mark:
                if let id = tokenizer.id(of: piece.text), tokenizer.isSpecial(id) {
                    section.add(id, isLearned: piece.isLearned)
                } else {
                    section.add(piece)
                }
            case .control:
                guard let id = tokenizer.id(of: piece.text) else {
                    throw Self.missing(piece.text, style)
                }
                section.add(id, isLearned: piece.isLearned)
            case .end:
                guard let id = tokenizer.specialTokens.end ?? tokenizer.id(of: piece.text) else {
                    throw Self.missing(piece.text, style)
                }
                section.add(id, isLearned: piece.isLearned)
            }
        }
        section.close()
        return Encoded(ids: section.ids, isLearned: section.isLearned)
    }

    /// The ids that end the assistant's turn, and with it generation.
    public func stopTokens(_ tokenizer: any TextTokenizer) -> [Int32] {
        var ids: [Int32] = []
        let names: [String] =
            switch style {
            case .chatML: ["<|im_end|>"]
            case .llama3: ["<|eot_id|>", "<|end_of_text|>"]
            case .zephyr, .alpaca: []
            }
        let end = tokenizer.specialTokens.end ?? tokenizer.id(of: endToken)
        for id in names.map({ tokenizer.id(of: $0) }) + [end] {
            if let id, !ids.contains(id) { ids.append(id) }
        }
        return ids
    }

    private func check(_ messages: [ChatMessage]) throws(TokenizerError) {
        for (index, message) in messages.enumerated() {
            let isKnown =
                switch style {
                case .chatML, .llama3:
                    !message.role.isEmpty
                        && message.role.utf8.allSatisfy {
                            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
                        }
                case .zephyr: Self.plainRoles.contains(message.role)
                case .alpaca:
                    Self.plainRoles.contains(message.role)
                        && (message.role != "system" || index == 0)
                }
            guard isKnown else {
                throw TokenizerError(
                    .invalidChat,
                    "message \(index + 1) has the role '\(message.role)', which the "
                        + "\(style.rawValue) template does not know there",
                    hint: "roles are system (first), user and assistant")
            }
        }
    }

    private static func missing(_ token: String, _ style: Style) -> TokenizerError {
        TokenizerError(
            .missingToken,
            "the tokenizer has no token \(token), which the \(style.rawValue) template needs",
            hint: "choose the template that the model was trained with, or alpaca, whose marks are "
                + "plain text")
    }
}

/// Collects ids; plain text waits until the next control token, so that it is encoded as one.
private struct Section {
    private let tokenizer: any TextTokenizer
    private(set) var ids: [Int32] = []
    private(set) var isLearned: [Bool] = []
    private var header: [UInt8] = []
    private var learned: [UInt8] = []

    init(_ tokenizer: any TextTokenizer) { self.tokenizer = tokenizer }

    mutating func add(_ piece: ChatTemplate.Piece) {
        if piece.isLearned {
            learned.append(contentsOf: piece.text.utf8)
        } else {
            // No style has text that is not learned behind text that is, but for its end token.
            header.append(contentsOf: piece.text.utf8)
        }
    }

    mutating func add(_ id: Int32, isLearned: Bool) {
        close()
        ids.append(id)
        self.isLearned.append(isLearned)
    }

    mutating func close() {
        guard !header.isEmpty || !learned.isEmpty else { return }
        let whole = tokenizer.encodePlain(header + learned, startsInput: ids.isEmpty)
        let boundary =
            learned.isEmpty ? whole.count : header.isEmpty ? 0 : headerCount(whole)
        for (index, id) in whole.enumerated() {
            ids.append(id)
            isLearned.append(index >= boundary)
        }
        header.removeAll(keepingCapacity: true)
        learned.removeAll(keepingCapacity: true)
    }

    /// How many of the section's ids hold something of the header. Behind a header other words may
    /// begin than the header alone would end with, so its length in bytes decides.
    private func headerCount(_ whole: [Int32]) -> Int {
        let alone = tokenizer.encodePlain(header, startsInput: ids.isEmpty)
        let length = tokenizer.decode(alone, skipsSpecialTokens: false).count
        var count = zip(alone, whole).prefix { $0 == $1 }.count
        while count < whole.count,
            tokenizer.decode(Array(whole[..<count]), skipsSpecialTokens: false).count < length
        {
            count += 1
        }
        return count
    }
}
