extension MailHTML {
    /// Puts text into lines: blocks begin a line, white space is one space, cells part by a tab.
    struct Writer {
        private var lines: [[UInt8]] = []
        private var line: [UInt8] = []
        private var needsSpace = false
        private var quoteDepth = 0
        private var preDepth = 0

        mutating func write(_ run: [UInt8]) {
            for byte in run {
                if preDepth > 0 && byte == 0x0A {
                    endLine(evenEmpty: true)
                } else if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
                    if preDepth > 0 && byte != 0x0D { line.append(byte) } else { needsSpace = true }
                } else {
                    if needsSpace, let last = line.last, last != 0x09 { line.append(0x20) }
                    needsSpace = false
                    line.append(byte)
                }
            }
        }

        mutating func take(_ tag: Tag) {
            switch tag.name {
            case "br": endLine(evenEmpty: true)
            case "p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "hr":
                endLine()
                blankLine()
            case "div", "tr", "li", "dt", "dd", "center", "section", "article", "header",
                "footer", "address", "form", "body", "html", "tbody":
                endLine()
                if tag.name == "li", !tag.isClose { write(Array("- ".utf8)) }
            case "td", "th":
                if tag.isClose, !line.isEmpty { line.append(0x09) }
                needsSpace = false
            case "blockquote":
                endLine()
                if tag.isClose { blankLine() }
                quoteDepth = min(20, max(0, quoteDepth + (tag.isClose ? -1 : 1)))
            case "pre":
                endLine()
                preDepth = max(0, preDepth + (tag.isClose ? -1 : 1))
            default: break
            }
        }

        /// All lines; white space at their ends goes, two blank lines become one.
        mutating func finish() -> String {
            endLine()
            var out: [[UInt8]] = []
            for line in lines where !(line.isEmpty && (out.last?.isEmpty ?? true)) {
                out.append(line)
            }
            while out.last?.isEmpty == true { out.removeLast() }
            return String(decoding: Array(out.joined(separator: [0x0A])), as: UTF8.self)
        }

        private mutating func blankLine() {
            if let last = lines.last, !last.isEmpty { lines.append([]) }
        }

        private mutating func endLine(evenEmpty: Bool = false) {
            needsSpace = false
            // `-- ` keeps its space: it begins a signature.
            let isMark = line == [0x2D, 0x2D] || line == [0x2D, 0x2D, 0x20]
            while let last = line.last, last == 0x20 || last == 0x09 { line.removeLast() }
            if isMark { line.append(0x20) }
            // No-break spaces alone are a blank line.
            if line.elementsEqual([0xC2, 0xA0]) { line = [] }
            if !line.isEmpty || evenEmpty {
                let marks = Array(repeating: UInt8(0x3E), count: quoteDepth)
                let prefix = quoteDepth == 0 ? [] : marks + [0x20]
                lines.append(line.isEmpty && quoteDepth == 0 ? [] : prefix + line)
            }
            line = []
        }
    }
}
