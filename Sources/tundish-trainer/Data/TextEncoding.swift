import EngineProtocol
import ModelFiles
import Records

/// A text and its label.
struct TextEncoding: RecordEncoding {
    let tokenizer: any TextTokenizer
    let maxLength: Int
    let textField: String
    let labelField: String
    let needsLabel: Bool

    func encode(_ fields: JSONValue, rid: [UInt8]) throws -> ReadRecord {
        guard let text = fields[textField]?.stringValue else {
            throw Self.missing(
                "no text in field '\(textField)'", rid,
                "ingest the dataset with --map text=COLUMN,label=COLUMN")
        }
        let label = fields[labelField]?.stringValue
        if needsLabel, label == nil {
            throw Self.missing(
                "no label in field '\(labelField)'", rid,
                "ingest the dataset with --map text=COLUMN,label=COLUMN")
        }
        let (ids, wasCut) = ids(text)
        return ReadRecord(rid: rid, ids: ids, target: .label(label), wasCut: wasCut)
    }

    /// The ids of a text, cut before its last special token.
    func ids(_ text: String) -> (ids: [Int32], wasCut: Bool) {
        var ids = tokenizer.encode(Array(text.utf8), addsSpecialTokens: true)
        guard ids.count > maxLength else { return (ids, false) }
        let last = ids[ids.count - 1]
        ids.removeLast(ids.count - maxLength)
        if tokenizer.isSpecial(last) { ids[maxLength - 1] = last }
        return (ids, true)
    }
}

/// A text of words, each with a tag: whitespace stands between words, and between tags.
struct WordEncoding: RecordEncoding {
    let tokenizer: any TextTokenizer
    let maxLength: Int
    let textField: String
    let labelField: String
    let needsTags: Bool

    func encode(_ fields: JSONValue, rid: [UInt8]) throws -> ReadRecord {
        guard let text = fields[textField]?.stringValue else {
            throw Self.missing(
                "no text in field '\(textField)'", rid,
                "a record to tag holds its words in one text, apart by spaces")
        }
        let words = Self.words(text)
        let tags = fields[labelField]?.stringValue.map { Self.words($0) }
        if needsTags || tags != nil, tags?.count != words.count {
            throw Self.missing(
                "\(words.count) words and \(tags?.count ?? 0) tags", rid,
                "field '\(labelField)' needs one tag for each word of '\(textField)'; redaction must "
                    + "put one word in the place of one word")
        }
        let (ids, firstTokens, wasCut) = ids(words)
        return ReadRecord(
            rid: rid, ids: ids, target: .tags(tags, firstTokens: firstTokens), wasCut: wasCut)
    }

    static func words(_ text: String) -> [String] {
        text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace).map(String.init)
    }

    /// The ids of words, and each one's first; words behind `maxLength` are cut off.
    func ids(_ words: [String]) -> (ids: [Int32], firstTokens: [Int], wasCut: Bool) {
        var (ids, first) = tokenizer.encode(words: words.map { Array($0.utf8) })
        guard ids.count > maxLength else { return (ids, first, false) }
        let last = ids[ids.count - 1]
        ids.removeLast(ids.count - maxLength)
        var end = maxLength
        if tokenizer.isSpecial(last) {
            end -= 1
            ids[end] = last
        }
        return (ids, first.map { $0 < end ? $0 : -1 }, true)
    }
}
