internal import ReaderProtocol

/// The text of a document as headings, paragraphs and lines, in order.
struct TextBlocks {
    /// What a block is.
    enum Kind: Hashable {
        /// A heading; 1 is the highest level.
        case heading(Int)
        /// A paragraph, apart from its neighbours by a blank line.
        case paragraph
        /// A line of a list or a table, below the line before it.
        case line
    }

    /// A piece of text that stands for itself.
    struct Block: Hashable {
        var kind: Kind
        var text: String
    }

    /// What becomes one record.
    enum Unit: String, CaseIterable {
        case document, heading, paragraph

        /// The unit that a request names; nil means the document.
        ///
        /// - Throws: `.unsupported` with the units there are.
        init(_ name: String?) throws(ReaderFault) {
            guard let unit = Unit(rawValue: name ?? "document") else {
                throw .unsupported(
                    "a unit that this format does not have",
                    hint: "the units are document, heading and paragraph")
            }
            self = unit
        }
    }

    /// A unit's text and the heading above it.
    struct Part: Hashable {
        var heading: String?
        var text: String
    }

    private(set) var blocks: [Block] = []

    /// Adds a block unless it is empty.
    mutating func add(_ kind: Kind, _ text: String) {
        if !text.isEmpty { blocks.append(Block(kind: kind, text: text)) }
    }

    /// Takes the last block back.
    mutating func removeLast() { _ = blocks.popLast() }

    /// All of it: lines below one another, everything else apart by a blank line.
    var text: String { Self.joined(blocks[...]) }

    /// The parts that become records. A heading without any text below it is a part by itself.
    func parts(_ unit: Unit) -> [Part] {
        guard unit != .document else {
            return blocks.isEmpty ? [] : [Part(heading: nil, text: text)]
        }
        var out: [Part] = []
        var heading: String?
        var isUsed = true
        var at = 0
        while at < blocks.count {
            if case .heading = blocks[at].kind {
                if !isUsed, let heading { out.append(Part(heading: heading, text: heading)) }
                (heading, isUsed) = (blocks[at].text, false)
                at += 1
                continue
            }
            var end = at + 1
            while end < blocks.count {
                if case .heading = blocks[end].kind { break }
                if unit == .paragraph && blocks[end].kind == .paragraph { break }
                if unit == .paragraph && blocks[end - 1].kind != blocks[end].kind { break }
                end += 1
            }
            out.append(Part(heading: heading, text: Self.joined(blocks[at..<end])))
            isUsed = true
            at = end
        }
        if !isUsed, let heading { out.append(Part(heading: heading, text: heading)) }
        return out
    }

    private static func joined(_ blocks: ArraySlice<Block>) -> String {
        var out = ""
        var previous: Kind?
        for block in blocks {
            if let previous {
                out += previous == .line && block.kind == .line ? "\n" : "\n\n"
            }
            out += block.text
            previous = block.kind
        }
        return out
    }
}
