/// A token that is found in the raw text, before anything else looks at it (`[SEP]`, `[MASK]`).
struct AddedToken: Sendable, Hashable {
    let id: Int32
    let content: [UInt8]
    let isSpecial: Bool
}

/// Finds added tokens in raw text: leftmost, and the longest of those that start there.
struct AddedTokens: Sendable {
    enum Part: Equatable {
        case text(Range<Int>)
        case token(Int32)
    }

    private let byFirstByte: [UInt8: [AddedToken]]

    init(_ tokens: [AddedToken]) {
        byFirstByte = Dictionary(grouping: tokens.filter { !$0.content.isEmpty }) {
            $0.content[0]
        }.mapValues { $0.sorted { $0.content.count > $1.content.count } }
    }

    /// The text cut at its added tokens; empty stretches are left out.
    func split(_ text: [UInt8]) -> [Part] {
        var parts: [Part] = []
        var start = 0
        var index = 0
        while index < text.count {
            if let candidates = byFirstByte[text[index]],
                let token = candidates.first(where: { text[index...].starts(with: $0.content) })
            {
                if start < index { parts.append(.text(start..<index)) }
                parts.append(.token(token.id))
                index += token.content.count
                start = index
            } else {
                index += 1
            }
        }
        if start < text.count { parts.append(.text(start..<text.count)) }
        return parts
    }
}
