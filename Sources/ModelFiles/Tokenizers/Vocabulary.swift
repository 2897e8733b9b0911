/// Vocabularies as lists by id.
enum Vocabulary {
    /// Tokens in a dense array by id; a hole is an empty token.
    ///
    /// - Throws: `TokenizerError` for ids that are missing, doubled or far out of range.
    static func ordered(
        _ entries: [(token: [UInt8], id: Int)], _ file: String
    ) throws(TokenizerError) -> [[UInt8]] {
        // A bound on ids, so that one absurd id cannot ask for all memory.
        let limit = entries.count * 4 + 1024
        guard let last = entries.map(\.id).max(), last < limit,
            entries.allSatisfy({ $0.id >= 0 })
        else {
            throw damaged(file, "token ids are missing or far out of range")
        }
        var tokens = [[UInt8]](repeating: [], count: last + 1)
        for (token, id) in entries {
            guard tokens[id].isEmpty || tokens[id] == token else {
                throw damaged(file, "two tokens share id \(id)")
            }
            tokens[id] = token
        }
        return tokens
    }

    /// The members of a JSON object of token → id.
    static func entries(
        _ json: ByteJSON?, _ file: String
    ) throws(TokenizerError) -> [(token: [UInt8], id: Int)] {
        guard case .object(let members)? = json else {
            throw damaged(file, "there is no vocabulary")
        }
        var entries: [(token: [UInt8], id: Int)] = []
        entries.reserveCapacity(members.count)
        for (token, value) in members {
            guard let id = value.integer else { throw damaged(file, "a token's id is no number") }
            entries.append((token, id))
        }
        return entries
    }

    static func damaged(_ file: String, _ what: String) -> TokenizerError {
        TokenizerError(.malformed, "\(file): \(what)", hint: "fetch the file again")
    }
}
