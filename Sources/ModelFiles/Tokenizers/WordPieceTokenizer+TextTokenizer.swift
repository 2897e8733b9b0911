extension WordPieceTokenizer: TextTokenizer {
    /// `[CLS]`, `[SEP]`, `[PAD]`, `[UNK]` and `[MASK]`.
    public var specialTokens: SpecialTokens {
        SpecialTokens(
            begin: classifyID, end: separatorID, pad: padID, unknown: unknownID, mask: maskID)
    }

    /// `[CLS] text [SEP]`, or the text alone.
    public func encode(_ text: [UInt8], addsSpecialTokens: Bool) -> [Int32] {
        addsSpecialTokens ? encode(text) : encodeWithoutSpecials(text)
    }

    /// The ids of a text in which `[MASK]` is a bracket, a word and a bracket.
    public func encodePlain(_ text: [UInt8], startsInput: Bool) -> [Int32] {
        var ids: [Int32] = []
        for part in added.split(text, readingSpecials: false) {
            switch part {
            case .token(let id): ids.append(id)
            case .text(let range): appendWords(text[range], to: &ids, limit: .max)
            }
        }
        return ids
    }

    /// `[CLS] words [SEP]`.
    public func encode(words: [[UInt8]]) -> (ids: [Int32], firstIDs: [Int]) {
        var ids = [classifyID]
        var firstIDs: [Int] = []
        firstIDs.reserveCapacity(words.count)
        for word in words {
            let first = ids.count
            append(word, to: &ids, limit: nil)
            firstIDs.append(ids.count > first ? first : -1)
        }
        ids.append(separatorID)
        return (ids, firstIDs)
    }

    /// Tokens joined by spaces, a piece that carries `##` joined to the one before. The space
    /// before punctuation stays: ``decode(_:skipSpecials:)`` is the one that tidies up.
    public func decode(_ ids: [Int32], skipsSpecialTokens: Bool) -> [UInt8] {
        joined(ids, skippingSpecials: skipsSpecialTokens)
    }

    /// The spelling of an id, `##` included.
    public func token(_ id: Int32) -> [UInt8]? {
        guard id >= 0, Int(id) < table.count, !table.bytes(of: id).isEmpty else { return nil }
        return Array(table.bytes(of: id))
    }

    /// Whether the id is one of the special tokens.
    public func isSpecial(_ id: Int32) -> Bool { specialIDs.contains(id) }
}
