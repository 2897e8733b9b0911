internal import ReaderProtocol

/// Reads rich text (RTF 1.9.1) as blocks.
///
/// Kept: paragraphs, headings by outline level, list marks as they are shown, tables (cells by
/// tab, rows by line), results of fields, text boxes, footnotes. Dropped: hidden and deleted text,
/// headers and footers, pictures, embedded objects, everything under an unknown `\*`.
struct RTFParser {
    private(set) var text = OfficeText()

    /// What a group inherits and gives back.
    private struct State {
        var destination = RTFDestination.body
        var font = 0
        var isHidden = false
        var isDeleted = false
        /// How many bytes stand for a character after `\uN`.
        var fallback = 1
        /// The group begins with `\*`.
        var isOptional = false
        var hasBegun = false
        /// Inside `\upr`: the group for old programs is skipped, `\ud` is read.
        var isOldText = false
    }

    private var scanner: RTFScanner
    private let depthLimit: Int
    private var state = State()
    private var stack: [State] = []
    private var documentPage = 1252
    private var defaultFont = 0
    private var fontPages: [Int: Int] = [:]
    private var definedFont = 0

    /// Bytes of one code page that wait to be decoded together.
    private var pending: [UInt8] = []
    private var pendingPage = 1252
    private var highSurrogate: UInt16?
    private var skipFallback = 0

    private var paragraph = ""
    private var level: Int?
    private var isInTable = false
    private var isItem = false
    private var cells: [String] = []
    private var info: (title: String, author: String) = ("", "")
    private var noteText = ""
    private var noteDepth: Int?
    private var commentText = ""

    init(_ bytes: [UInt8], limits: ReaderLimits) {
        scanner = RTFScanner(bytes)
        depthLimit = Int(clamping: limits.depth)
    }

    /// Reads it all.
    ///
    /// - Throws: `.overLimit` where groups nest too deep.
    mutating func parse() throws(ReaderFault) {
        while let token = scanner.next() {
            switch token {
            case .open:
                skipFallback = 0
                flush()
                guard stack.count < depthLimit else {
                    throw .overLimit("groups that nest deeper than \(depthLimit)")
                }
                stack.append(state)
                state.isOptional = false
                state.hasBegun = false
                if state.isOldText { state.destination = .skipped }
            case .close:
                skipFallback = 0
                flush()
                close()
            case .byte(let byte):
                if skipFallback > 0 {
                    skipFallback -= 1
                } else {
                    take(byte)
                }
            case .symbol(let byte): symbol(byte)
            case .word(let word, let number):
                if skipFallback > 0, word != Array("u".utf8) {
                    skipFallback -= 1
                    continue
                }
                control(String(decoding: word, as: UTF8.self), number)
            }
            if case .byte = token { state.hasBegun = true }
        }
        flush()
        endParagraph()
        endRow()
        text.title = trimmedOrNil(info.title)
        text.author = trimmedOrNil(info.author)
    }

    // MARK: Groups

    private mutating func close() {
        guard let outer = stack.popLast() else { return }
        if noteDepth == stack.count {
            noteDepth = nil
            text.notes.append(MailText.trimmed(noteText))
            noteText = ""
        }
        if state.destination == .comment, outer.destination != .comment {
            let comment = MailText.trimmed(commentText)
            if !comment.isEmpty { text.comments.append(comment) }
            commentText = ""
        }
        if state.destination == .listText, outer.destination != .listText { endListText() }
        state = outer
    }

    private mutating func enter(_ word: String) -> Bool {
        if let destination = RTFDestination.named(word) {
            if state.isOptional, destination == .body, word == "ud" {
                // The twin of a text in Unicode: what the group around it may not show.
                state.isOldText = false
                state.destination = .body
                return true
            }
            if state.destination == .skipped { return true }
            if word == "upr" {
                state.isOldText = true
                return true
            }
            if destination == .note {
                if noteDepth == nil { noteDepth = stack.count - 1 }
                return true
            }
            if destination == .title { info.title = "" }
            if destination == .author { info.author = "" }
            if destination != .body { state.destination = destination }
            return true
        }
        if state.isOptional {
            state.destination = .skipped
            return true
        }
        return false
    }

    // MARK: Text

    /// Fonts decide in the text; title and author have none.
    private var page: Int {
        switch state.destination {
        case .title, .author: documentPage
        default: fontPages[state.font] ?? documentPage
        }
    }

    private mutating func take(_ byte: UInt8) {
        if page != pendingPage { flush() }
        pendingPage = page
        pending.append(byte)
    }

    private mutating func flush() {
        guard !pending.isEmpty else { return }
        let bytes = pending
        pending = []
        if state.destination == .skipped { return }
        if state.destination == .fontTable { return }
        emit(RTFCodePage.decode(bytes, pendingPage))
    }

    private mutating func emit(_ string: String) {
        guard !state.isHidden, !state.isDeleted else { return }
        switch state.destination {
        case .body, .listText:
            if noteDepth != nil { noteText += string } else { paragraph += string }
        case .title: info.title += string
        case .author: info.author += string
        case .comment: commentText += string
        case .note, .skipped, .fontTable: break
        }
    }

    /// The mark of a list item as it was shown: a bullet becomes `- `, a number keeps its form.
    private mutating func endListText() {
        guard noteDepth == nil else { return }
        let mark = MailText.trimmed(paragraph)
        let isBullet =
            mark.unicodeScalars.count == 1
            && !(mark.utf8.first.map { $0 >= 0x30 && $0 <= 0x39 } ?? false)
        paragraph = mark.isEmpty || isBullet ? "- " : mark + " "
        isItem = true
    }

    private mutating func unicode(_ number: Int) {
        flush()
        skipFallback = state.fallback
        let unit = UInt16(truncatingIfNeeded: number)
        if let high = highSurrogate {
            highSurrogate = nil
            if (0xDC00...0xDFFF).contains(unit) {
                let value = 0x10000 + (UInt32(high) - 0xD800) << 10 + UInt32(unit) - 0xDC00
                emit(Unicode.Scalar(value).map { String($0) } ?? "\u{FFFD}")
                return
            }
            emit("\u{FFFD}")
        }
        if (0xD800...0xDBFF).contains(unit) {
            highSurrogate = unit
        } else if (0xF020...0xF0FF).contains(unit) {
            // Private use: how Word writes symbol fonts.
            emit(RTFCodePage.decode([UInt8(unit & 0xFF)], 42))
        } else if number > 0xFFFF, let scalar = Unicode.Scalar(UInt32(clamping: number)) {
            emit(String(scalar))
        } else if unit != 0 {
            emit(Unicode.Scalar(UInt32(unit)).map { String($0) } ?? "\u{FFFD}")
        }
    }

    private mutating func symbol(_ byte: UInt8) {
        if skipFallback > 0, byte != 0x2A {
            skipFallback -= 1
            return
        }
        switch byte {
        case 0x5C, 0x7B, 0x7D: take(byte)
        case 0x7E: special("\u{A0}")
        case 0x5F: special("\u{2011}")
        case 0x2A: state.isOptional = true
        case 0x0A, 0x0D: newParagraph()
        case 0x09: special("\t")
        default: break
        }
    }

    private mutating func special(_ string: String) {
        flush()
        emit(string)
    }

    // MARK: Control words

    private mutating func control(_ word: String, _ number: Int?) {
        let isFirst = !state.hasBegun
        state.hasBegun = true
        if word == "bin" { return scanner.skip(number ?? 0) }
        if isFirst, enter(word) { return }
        if state.destination == .fontTable { return fontWord(word, number) }
        switch word {
        case "u": if let number { unicode(number) }
        case "uc": state.fallback = min(8, max(0, number ?? 1))
        case "ansicpg": if let number, number > 0 { documentPage = number }
        case "mac": documentPage = 10000
        case "pc": documentPage = 437
        case "pca": documentPage = 850
        case "deff":
            defaultFont = number ?? 0
            state.font = defaultFont
        case "f":
            flush()
            state.font = number ?? 0
        case "plain":
            flush()
            (state.font, state.isHidden, state.isDeleted) = (defaultFont, false, false)
        case "v":
            flush()
            state.isHidden = number != 0
        case "deleted":
            flush()
            state.isDeleted = number != 0
        default: layout(word, number)
        }
    }

    private mutating func layout(_ word: String, _ number: Int?) {
        guard state.destination != .skipped else { return }
        switch word {
        case "par", "sect", "page": newParagraph()
        case "line", "lbr", "softline": special("\n")
        case "tab": special("\t")
        case "cell", "nestcell": newCell()
        case "row", "nestrow":
            flush()
            if noteDepth == nil { endRow() }
        case "pard":
            flush()
            (level, isInTable) = (nil, false)
        case "intbl": isInTable = true
        case "outlinelevel": level = number.flatMap { (0...8).contains($0) ? $0 + 1 : nil }
        case "chftn": noteMark()
        case "emdash": special("\u{2014}")
        case "endash": special("\u{2013}")
        case "emspace", "enspace", "qmspace": special(" ")
        case "lquote": special("\u{2018}")
        case "rquote": special("\u{2019}")
        case "ldblquote": special("\u{201C}")
        case "rdblquote": special("\u{201D}")
        case "bullet": special("\u{2022}")
        case "zwj": special("\u{200D}")
        case "zwnj": special("\u{200C}")
        default: break
        }
    }

    /// The mark itself stands in the text; within the note it is repeated and dropped.
    private mutating func noteMark() {
        flush()
        if noteDepth == nil { emit("[\(text.notes.count + 1)]") }
    }

    /// Fonts: their number, charset and code page (`{\f1\fswiss\fcharset238 Name;}`).
    private mutating func fontWord(_ word: String, _ number: Int?) {
        switch word {
        case "f": definedFont = number ?? 0
        case "fcharset":
            if let number, let page = RTFCodePage.ofCharset(number) {
                fontPages[definedFont] = page
            }
        case "cpg": if let number, number > 0 { fontPages[definedFont] = number }
        default: break
        }
    }

    // MARK: Blocks

    private mutating func newParagraph() {
        flush()
        switch state.destination {
        case .comment: commentText += "\n"
        case .body where noteDepth != nil: noteText += "\n"
        case .body: isInTable ? emit(" ") : endParagraph()
        default: break
        }
    }

    private mutating func endParagraph() {
        let block = OfficeBlock(
            text: paragraph, kind: isItem && level == nil ? .item : .paragraph, level: level)
        paragraph = ""
        isItem = false
        if !cells.isEmpty { endRow() }
        if !block.isBlank { text.blocks.append(block) }
    }

    private mutating func newCell() {
        flush()
        guard state.destination == .body, noteDepth == nil else { return }
        cells.append(paragraph.split { $0.isWhitespace }.joined(separator: " "))
        paragraph = ""
        isItem = false
    }

    private mutating func endRow() {
        guard !cells.isEmpty else { return }
        let row = OfficeBlock(text: cells.joined(separator: "\t"), kind: .row)
        cells = []
        if !row.isBlank { text.blocks.append(row) }
    }

    private func trimmedOrNil(_ text: String) -> String? {
        let text = MailText.trimmed(text)
        return text.isEmpty ? nil : text
    }
}
