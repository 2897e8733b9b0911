extension ChatTemplate {
    /// The example as a person reads it before a run: what is learned stands between ⟦ and ⟧, and
    /// the last line says which token makes the model stop, and whether this example teaches it.
    ///
    ///     <|im_start|>user
    ///     Hi<|im_end|>
    ///     <|im_start|>assistant
    ///     ⟦Hello.<|im_end|>
    ///     ⟧
    ///     learned: 4 of 16 tokens; stop token: <|im_end|> (2), learned
    public func preview(_ encoded: Encoded, with tokenizer: any TextTokenizer) -> String {
        var text: [UInt8] = []
        var start = 0
        while start < encoded.ids.count {
            let isLearned = encoded.isLearned[start]
            let end = encoded.isLearned[start...].firstIndex(of: !isLearned) ?? encoded.ids.count
            if isLearned { text.append(contentsOf: "⟦".utf8) }
            text.append(
                contentsOf: tokenizer.decode(
                    Array(encoded.ids[start..<end]), skipsSpecialTokens: false))
            if isLearned { text.append(contentsOf: "⟧".utf8) }
            start = end
        }
        let count = encoded.isLearned.count(where: { $0 })
        return String(decoding: text, as: UTF8.self)
            + "\nlearned: \(count) of \(encoded.ids.count) tokens; "
            + stopSentence(encoded, tokenizer)
    }

    private func stopSentence(_ encoded: Encoded, _ tokenizer: any TextTokenizer) -> String {
        let stops = stopTokens(tokenizer)
        let learned = encoded.ids.indices.last {
            encoded.isLearned[$0] && stops.contains(encoded.ids[$0])
        }
        func name(_ id: Int32) -> String {
            "\(String(decoding: tokenizer.token(id) ?? [], as: UTF8.self)) (\(id))"
        }
        if let learned { return "stop token: \(name(encoded.ids[learned])), learned" }
        guard let first = stops.first else { return "stop token: none" }
        return "stop token: \(name(first)), NOT learned from this example"
    }
}
