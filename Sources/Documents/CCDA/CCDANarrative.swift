/// A section's text block (CDA R2 §4.3.5, the narrative block) as text: paragraphs apart, lists as
/// lines, a table's rows as lines with cells by tab.
enum CCDANarrative {
    /// Adds what `element` says to `blocks`.
    static func render(_ element: XMLTree, into blocks: inout TextBlocks) {
        var writer = Writer()
        writer.children(of: element)
        writer.close()
        for block in writer.blocks.blocks { blocks.add(block.kind, block.text) }
    }

    /// The text of an element in one line.
    static func line(_ element: XMLTree) -> String {
        var blocks = TextBlocks()
        render(element, into: &blocks)
        return XMLColumns.collapsed(blocks.text)
    }

    private struct Writer {
        var blocks = TextBlocks()
        private var open = ""
        private var kind = TextBlocks.Kind.paragraph
        private var depth = 0
        private var marker: String?

        mutating func children(of element: XMLTree) {
            for child in element.children {
                switch child {
                case .text(let text): open += text
                case .element(let inner): write(inner)
                }
            }
        }

        private mutating func write(_ element: XMLTree) {
            switch element.name {
            case "br":
                // A line of its own, but not a paragraph.
                close(.line)
                kind = .line
            case "paragraph": block(element)
            case "caption":
                close()
                children(of: element)
                close(.line)
            case "list": list(element)
            case "table":
                close()
                for part in element.elements { table(part) }
            case "renderMultiMedia":
                // The picture is elsewhere; its caption says what it shows.
                children(of: element)
            case "footnoteRef": break
            default: children(of: element)
            }
        }

        private mutating func block(_ element: XMLTree) {
            close()
            children(of: element)
            close()
        }

        private mutating func list(_ element: XMLTree) {
            close()
            let isOrdered = element[attribute: "listType"] == "ordered"
            for caption in element.all("caption") { write(caption) }
            depth += 1
            for (index, item) in element.all("item").enumerated() {
                marker = isOrdered ? "\(index + 1). " : "- "
                children(of: item)
                close(.line)
                marker = nil
            }
            depth -= 1
        }

        private mutating func table(_ element: XMLTree) {
            switch element.name {
            case "caption": write(element)
            case "tr":
                var cells = element.elements.filter { $0.name == "td" || $0.name == "th" }
                    .map { CCDANarrative.line($0) }
                while cells.last == "" { cells.removeLast() }
                blocks.add(.line, cells.joined(separator: "\t"))
            case "thead", "tbody", "tfoot": for row in element.elements { table(row) }
            default: break
            }
        }

        mutating func close(_ as: TextBlocks.Kind? = nil) {
            let text = XMLColumns.collapsed(open)
            open = ""
            defer { kind = .paragraph }
            guard !text.isEmpty else { return }
            if depth > 0 {
                let indent = String(repeating: "  ", count: depth - (marker == nil ? 0 : 1))
                blocks.add(.line, indent + (marker ?? "") + text)
                marker = nil
            } else {
                blocks.add(`as` ?? kind, text)
            }
        }
    }
}
