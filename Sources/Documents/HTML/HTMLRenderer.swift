/// Turns what is left of a page into text.
///
/// Paragraphs stand apart; list items begin with `- ` or their number, indented by two spaces for
/// each list around theirs; a table's rows are lines with cells by tab, unless the table only lays
/// out the page; an image is its alternative text in brackets.
struct HTMLRenderer {
    private let tree: HTMLTree
    private(set) var blocks = TextBlocks()
    /// The text of the block that is open, with white space collapsed.
    private var line: [UInt8] = []
    private var needsSpace = false
    private var kind = TextBlocks.Kind.paragraph
    private var lists: [Int?] = []
    /// What the next block of a list item begins with.
    private var marker: String?
    private var isPreformatted = false
    private var isInLink = false

    /// The text of the page.
    static func blocks(_ tree: HTMLTree) -> TextBlocks {
        var renderer = HTMLRenderer(tree: tree)
        renderer.render(0)
        renderer.close()
        return renderer.blocks
    }

    private init(tree: HTMLTree) { self.tree = tree }

    private mutating func render(_ index: Int) {
        let node = tree.nodes[index]
        guard !node.isDropped else { return }
        if node.tag.isBlock { close() }
        switch node.tag {
        case .text: append(tree.text(index))
        case .lineBreak: breakLine()
        case .image: appendImage(index)
        case .rule: return
        case .heading:
            renderChildren(index)
            kind = .heading(Int(node.level))
        case .list, .orderedList:
            let start = tree.attributes[index]?["start"].flatMap { Int($0) } ?? 1
            lists.append(node.tag == .orderedList ? start : nil)
            renderChildren(index)
            close()
            lists.removeLast()
        case .item:
            openItem()
            renderChildren(index)
            close()
            marker = nil
        case .table: renderTable(index)
        case .row:
            // A row of a table that lays out the page can be one of data all the same.
            let cells = cells(index)
            let texts = cells.allSatisfy { isPlain($0) } ? cells.map { inlineText($0) } : []
            if texts.count > 1, texts.allSatisfy({ $0.utf8.count < 100 }) {
                addRow(texts)
            } else {
                renderChildren(index)
            }
        case .term, .definition, .caption:
            renderChildren(index)
            kind = .line
        case .preformatted:
            isPreformatted = true
            renderChildren(index)
            close()
            isPreformatted = false
        case .link:
            isInLink = true
            renderChildren(index)
            isInLink = false
        case .quotation:
            append(Array("\"".utf8)[...])
            renderChildren(index)
            append(Array("\"".utf8)[...])
        default: renderChildren(index)
        }
        if node.tag.isBlock { close() }
    }

    private mutating func renderChildren(_ index: Int) {
        for child in tree.children(index) { render(child) }
    }

    private mutating func openItem() {
        let indent = String(repeating: "  ", count: max(0, lists.count - 1))
        if let last = lists.last, let number = last {
            marker = "\(indent)\(number). "
            lists[lists.count - 1] = number + 1
        } else {
            marker = "\(indent)- "
        }
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        if isPreformatted {
            line += bytes
            return
        }
        var at = bytes.startIndex
        while at < bytes.endIndex {
            let byte = bytes[at]
            if byte <= 0x20 {
                needsSpace = true
            } else if byte == 0xC2, at + 1 < bytes.endIndex, bytes[at + 1] == 0xA0 {
                needsSpace = true
                at += 1
            } else {
                if needsSpace, !line.isEmpty, line.last != 0x0A { line.append(0x20) }
                needsSpace = false
                line.append(byte)
            }
            at += 1
        }
    }

    private mutating func breakLine() {
        if !isPreformatted, line.last == 0x0A { return close() }
        if !line.isEmpty || isPreformatted { line.append(0x0A) }
        needsSpace = false
    }

    private mutating func appendImage(_ index: Int) {
        let alt = XMLColumns.collapsed(tree.attributes[index]?["alt"] ?? "")
        guard !alt.isEmpty else { return }
        // The name of a button's picture says nothing; a sentence in a link does.
        if isInLink, alt.utf8.count(where: { $0 == 0x20 }) < 2 { return }
        needsSpace = true
        append(Array("[\(alt)]".utf8)[...])
        needsSpace = true
    }

    /// Ends the open block.
    private mutating func close() {
        defer {
            line.removeAll(keepingCapacity: true)
            needsSpace = false
            kind = .paragraph
        }
        while let last = line.last, last <= 0x20 { line.removeLast() }
        let trimmed = line.drop { $0 == 0x0A || $0 == 0x0D || !isPreformatted && $0 <= 0x20 }
        guard !trimmed.isEmpty else { return }
        var text = String(decoding: trimmed, as: UTF8.self)
        if let begin = marker {
            text = begin + text
            marker = nil
            kind = .line
        } else if !lists.isEmpty, kind == .paragraph {
            text = String(repeating: "  ", count: lists.count) + text
            kind = .line
        }
        // A picture above the same words as its caption.
        if blocks.blocks.last?.text == "[\(text)]" { blocks.removeLast() }
        blocks.add(kind, text)
    }

    // MARK: Tables

    private mutating func renderTable(_ index: Int) {
        var rows: [Int] = []
        var others: [Int] = []
        guard collect(index, &rows, &others) else { return renderChildren(index) }
        for other in others { render(other) }
        close()
        for row in rows {
            addRow(cells(row).map { inlineText($0) })
        }
        // The next table's rows are its own.
        kind = .paragraph
    }

    private mutating func addRow(_ texts: [String]) {
        var texts = texts
        while let last = texts.last, last.isEmpty { texts.removeLast() }
        blocks.add(.line, texts.joined(separator: "\t"))
    }

    private func cells(_ row: Int) -> [Int] {
        tree.children(row).filter {
            let tag = tree.nodes[$0].tag
            return (tag == .cell || tag == .headerCell) && !tree.nodes[$0].isDropped
        }
    }

    /// The rows of a table of data; false where it only lays out the page: one column, a table
    /// inside, or several blocks in one cell.
    private func collect(_ index: Int, _ rows: inout [Int], _ others: inout [Int]) -> Bool {
        var columns = 0
        for child in tree.children(index) where !tree.nodes[child].isDropped {
            switch tree.nodes[child].tag {
            case .row:
                let cells = cells(child)
                guard cells.allSatisfy({ isPlain($0) }) else { return false }
                columns = max(columns, cells.count)
                rows.append(child)
            case .box:
                guard collect(child, &rows, &others) else { return false }
                columns = 2
            case .text: continue
            default: others.append(child)
            }
        }
        return columns >= 2 || tree.nodes[index].tag != .table
    }

    private func isPlain(_ cell: Int) -> Bool {
        var blocks = 0
        var stack = tree.children(cell)
        while let one = stack.popLast() {
            switch tree.nodes[one].tag {
            case .table, .heading, .article, .form: return false
            case .paragraph, .box, .list, .orderedList, .preformatted: blocks += 1
            default: break
            }
            if blocks > 1 { return false }
            stack += tree.children(one)
        }
        return true
    }

    /// A cell's text in one line.
    private func inlineText(_ index: Int) -> String {
        var inner = HTMLRenderer(tree: tree)
        for child in tree.children(index) { inner.render(child) }
        inner.close()
        return XMLColumns.collapsed(inner.blocks.text)
    }
}
