import Records
import Redaction

/// Reads real sentences in which nothing is an entity: plain lines, the first column of a CSV file
/// (`"text, quoted",label`), or `{"train": [[text, label], …]}`.
enum PlainReader {
    /// The sentences, without those that hold a word known only as a name or place.
    static func sentences(_ path: String, lexicon: TaggerLexicon) throws -> [String] {
        let lines: [String]
        if path.hasSuffix(".json") {
            let text = try WordListsText.allLines(path).joined(separator: "\n")
            let rows = try JSONParser.parse(Array(text.utf8))["train"]?.arrayValue ?? []
            lines = rows.compactMap { $0.arrayValue?.first?.stringValue }
        } else {
            lines = try WordListsText.allLines(path).dropFirst().map { line in
                guard path.hasSuffix(".csv"), let comma = line.lastIndex(of: ",") else {
                    return String(line)
                }
                let text = line[..<comma]
                return text.hasPrefix("\"")
                    ? String(text.dropFirst().dropLast()).replacing("\"\"", with: "\"")
                    : String(text)
            }
        }
        return lines.filter { line in
            guard line.utf8.count > 8 else { return false }
            var tokens = TaggerTokenizer.tokens(of: Array(line.utf8))
            lexicon.mark(&tokens)
            return tokens.allSatisfy {
                let names = TaggerFlags.names.union(.group)
                let isName = !$0.flags.isDisjoint(with: names) && $0.flags.commonness < 4
                let inPhrase = !$0.phraseFlags.isDisjoint(with: names)
                return !isName && !inPhrase
            }
        }
    }
}
