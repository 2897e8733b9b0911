/// The nearest known word to one that is not known, for error hints.
public enum Suggestion {
    /// The candidate with the least edit distance, if that is at most `limit`, else nil.
    ///
    /// - Parameter limit: a third of the word's length, at least 1, unless given.
    public static func nearest(
        to word: String, in candidates: [String], limit: Int? = nil
    ) -> String? {
        let wanted = Array(word.lowercased().unicodeScalars)
        let limit = limit ?? max(1, wanted.count / 3)
        let ranked = candidates.map { candidate in
            (distance(wanted, Array(candidate.lowercased().unicodeScalars)), candidate)
        }
        guard let best = ranked.min(by: { $0 < $1 }), best.0 <= limit else { return nil }
        return best.1
    }

    /// "did you mean 'x'? " or nothing, then the whole list, cut at 20 names.
    public static func hint(for word: String, in candidates: [String], called what: String)
        -> String
    {
        let list = candidates.prefix(20).map { $0.count > 40 ? $0.prefix(40) + "…" : $0 }
        let rest = candidates.count > 20 ? " and \(candidates.count - 20) more" : ""
        let all = "\(what): \(list.joined(separator: ", "))\(rest)"
        return nearest(to: word, in: candidates).map { "did you mean '\($0)'? \(all)" } ?? all
    }

    /// Edit distance with swaps of neighbours (optimal string alignment). Complexity: O(a · b).
    static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var (older, old) = ([Int](), Array(0...b.count))
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(old[j] + (a[i] == b[j] ? 0 : 1), row[j] + 1, old[j + 1] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, older[j - 1] + 1)
                }
                row.append(best)
            }
            (older, old) = (old, row)
        }
        return old[b.count]
    }
}
