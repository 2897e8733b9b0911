extension AddedToken {
    /// The `added_tokens` of a tokenizer.json.
    static func list(_ document: ByteJSON) throws(TokenizerError) -> [AddedToken] {
        guard case .array(let list)? = document["added_tokens"] else { return [] }
        var tokens: [AddedToken] = []
        for entry in list {
            guard let number = entry["id"]?.integer, let id = Int32(exactly: number) else {
                throw damaged("tokenizer.json: an added token has no id")
            }
            tokens.append(try AddedToken(id: id, json: entry))
        }
        return tokens
    }

    /// The `added_tokens_decoder` of a tokenizer_config.json: members named by their ids.
    static func list(configuration: ByteJSON?) throws(TokenizerError) -> [AddedToken] {
        guard case .object(let members)? = configuration?["added_tokens_decoder"] else { return [] }
        var tokens: [AddedToken] = []
        for (name, entry) in members {
            guard let id = Int32(String(decoding: name, as: UTF8.self)) else {
                throw damaged("tokenizer_config.json: an added token's id is no number")
            }
            tokens.append(try AddedToken(id: id, json: entry))
        }
        return tokens
    }

    private init(id: Int32, json: ByteJSON) throws(TokenizerError) {
        guard id >= 0, case .string(let content)? = json["content"], !content.isEmpty else {
            throw Self.damaged("the tokenizer's added token \(id) has no content")
        }
        self.init(
            id: id, content: content, isSpecial: json["special"]?.truth ?? false,
            isNormalized: json["normalized"]?.truth ?? false,
            isSingleWord: json["single_word"]?.truth ?? false,
            stripsLeft: json["lstrip"]?.truth ?? false,
            stripsRight: json["rstrip"]?.truth ?? false)
    }

    private static func damaged(_ what: String) -> TokenizerError {
        TokenizerError(.malformed, what, hint: "fetch the file again")
    }
}
