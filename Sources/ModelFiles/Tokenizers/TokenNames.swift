/// Ids by name, for the files that name special tokens by what they are called.
struct TokenNames {
    private let table: TokenTable
    let unknown: Int32?

    init(_ tokens: [[UInt8]], _ added: [AddedToken], unknown: [UInt8]? = nil) {
        var tokens = tokens
        for token in added where tokens.indices.contains(Int(token.id)) {
            tokens[Int(token.id)] = token.content
        }
        table = TokenTable(tokens)
        self.unknown = unknown.flatMap(table.id(of:))
    }

    func id(of token: [UInt8]) -> Int32? { table.id(of: token) }
}

extension SpecialTokens {
    /// The roles that `tokenizer_config.json` and `special_tokens_map.json` name. A model that
    /// frames a text (`[CLS] … [SEP]`) begins and ends with those.
    init(_ names: TokenNames, _ documents: [ByteJSON]) {
        func id(_ roles: String...) -> Int32? {
            for role in roles {
                for document in documents {
                    let name = document[role]?.bytes ?? document[role]?["content"]?.bytes
                    if let name, let id = names.id(of: name) { return id }
                }
            }
            return nil
        }
        self.init(
            begin: id("bos_token", "cls_token"), end: id("eos_token", "sep_token"),
            pad: id("pad_token"), unknown: id("unk_token") ?? names.unknown,
            mask: id("mask_token"))
    }
}
