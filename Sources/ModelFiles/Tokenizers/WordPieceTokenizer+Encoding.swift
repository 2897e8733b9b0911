extension WordPieceTokenizer {
    /// `[CLS] text [SEP]`.
    ///
    /// - Parameter maximumLength: the most ids in all, both special tokens counted (at least 2);
    ///   what does not fit is cut off at the end of the text.
    public func encode(_ text: String, maximumLength: Int? = nil) -> [Int32] {
        encode(Array(text.utf8), maximumLength: maximumLength)
    }

    /// `[CLS] text [SEP]` of UTF-8 bytes; bytes that are no UTF-8 count as U+FFFD, which is dropped.
    public func encode(_ utf8: [UInt8], maximumLength: Int? = nil) -> [Int32] {
        var ids = [classifyID]
        append(utf8, to: &ids, limit: maximumLength.map { max($0, 2) - 1 })
        ids.append(separatorID)
        return ids
    }

    /// The ids of the text alone.
    public func encodeWithoutSpecials(_ utf8: [UInt8]) -> [Int32] {
        var ids: [Int32] = []
        append(utf8, to: &ids, limit: nil)
        return ids
    }

    /// Tokens as readable text: pieces joined, and the space before common punctuation removed, as
    /// Hugging Face's clean-up does.
    public func decode(_ ids: [Int32], skipSpecials: Bool = true) -> String {
        let text = joined(ids, skippingSpecials: skipSpecials)
        return Self.tidied(String(decoding: text, as: UTF8.self))
    }

    /// Tokens joined by spaces, and pieces inside a word joined to it.
    func joined(_ ids: [Int32], skippingSpecials: Bool) -> [UInt8] {
        var text: [UInt8] = []
        for id in ids where id >= 0 && Int(id) < table.count {
            if skippingSpecials, specialIDs.contains(id) { continue }
            let token = table.bytes(of: id)
            if token.starts(with: continuingPrefix), !text.isEmpty {
                text.append(contentsOf: token.dropFirst(continuingPrefix.count))
            } else {
                if !text.isEmpty { text.append(0x20) }
                text.append(contentsOf: token)
            }
        }
        return text
    }

    /// The replacements of `clean_up_tokenization`, in its order.
    private static func tidied(_ text: String) -> String {
        let replacements = [
            (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
            (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
        ]
        return replacements.reduce(text) { text, pair in
            text.replacing(pair.0, with: pair.1)
        }
    }

    /// Appends ids until there are `limit` of them in all.
    func append(_ utf8: [UInt8], to ids: inout [Int32], limit: Int?) {
        let limit = limit ?? Int.max
        for part in added.split(utf8) {
            guard ids.count < limit else { break }
            switch part {
            case .token(let id):
                ids.append(id)
            case .text(let range):
                appendWords(utf8[range], to: &ids, limit: limit)
            }
        }
        if ids.count > limit { ids.removeLast(ids.count - limit) }
    }

    /// Appends the pieces of words until there are `limit` of them, or a few more.
    func appendWords(_ text: ArraySlice<UInt8>, to ids: inout [Int32], limit: Int) {
        for word in basic.words(text) {
            guard ids.count < limit else { break }
            appendPieces(of: word, to: &ids)
        }
    }

    /// Greedy longest match of one word, one hash pass per piece.
    private func appendPieces(of word: [UInt8], to ids: inout [Int32]) {
        // Scalar boundaries: every byte that is no UTF-8 continuation.
        let scalars = word.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        guard scalars <= maximumWordLength else {
            ids.append(unknownID)
            return
        }
        let first = ids.count
        var start = 0
        var hashes: [(end: Int, hash: UInt64)] = []
        while start < word.count {
            let prefix = start == 0 ? [] : continuingPrefix
            var hash = prefix.reduce(TokenTable.hashSeed, TokenTable.hash(_:adding:))
            hashes.removeAll(keepingCapacity: true)
            for index in start..<word.count {
                hash = TokenTable.hash(hash, adding: word[index])
                if index + 1 == word.count || word[index + 1] & 0xC0 != 0x80 {
                    hashes.append((index + 1, hash))
                }
            }
            var matched: Int?
            for (end, hash) in hashes.reversed() {
                if let id = table.id(prefix: prefix, word: word, range: start..<end, hash: hash) {
                    ids.append(id)
                    matched = end
                    break
                }
            }
            guard let end = matched else {
                ids.removeLast(ids.count - first)
                ids.append(unknownID)
                return
            }
            start = end
        }
    }
}
