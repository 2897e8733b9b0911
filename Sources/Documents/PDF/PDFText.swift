/// Text of pages as `pdftotext` gives it, made fit to be read on.
///
/// Rules: ligatures become letters and soft hyphens go. Lines that stand at the same end of at
/// least four of ten pages (three at the least), alike but for their digits, are headers, footers
/// or page numbers and are left out. Within a block, a line that fills at least three quarters of
/// the page's usual width goes on in the next one; a word broken by a hyphen becomes whole.
struct PDFText {
    /// The text of each page; empty where a page has none.
    private(set) var pages: [String]

    /// - Parameter output: Pages that end in form feeds, lines that end in LF.
    init(_ output: [UInt8]) {
        var raw = output.split(separator: 0x0C, omittingEmptySubsequences: false)
        if let last = raw.last, last.allSatisfy({ $0 <= 0x20 }) { raw.removeLast() }
        var lines = raw.map { page in
            MailText.lines(Self.normalised(String(decoding: page, as: UTF8.self))).map {
                Self.trimmedEnd($0)
            }
        }
        Self.removeRepeated(&lines)
        pages = lines.map(Self.joined)
    }

    /// All pages; a paragraph that a page end cut goes on.
    var whole: String {
        var out = ""
        for page in pages where !page.isEmpty {
            if out.isEmpty {
                out = page
            } else if let last = out.unicodeScalars.last, let first = page.unicodeScalars.first,
                first.properties.isLowercase,
                last.properties.isAlphabetic || last == "," || last == "-"
            {
                if last == "-" { out.unicodeScalars.removeLast() } else { out += " " }
                out += page
            } else {
                out += "\n\n" + page
            }
        }
        return out
    }

    private static func normalised(_ text: String) -> String {
        let ligatures: [Unicode.Scalar: String] = [
            "\u{FB00}": "ff", "\u{FB01}": "fi", "\u{FB02}": "fl", "\u{FB03}": "ffi",
            "\u{FB04}": "ffl", "\u{FB05}": "st", "\u{FB06}": "st",
        ]
        guard text.utf8.contains(where: { $0 == 0xEF || $0 == 0xC2 || $0 == 0 }) else {
            return text
        }
        var out = ""
        for scalar in text.unicodeScalars {
            if let letters = ligatures[scalar] {
                out += letters
            } else if scalar == "\u{AD}" {
                // At a line's end it joins, as a hyphen does; elsewhere it is not seen.
                out += "\u{AD}"
            } else if scalar.value != 0 && scalar.value != 0xFEFF {
                out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    private static func trimmedEnd(_ line: Substring) -> String {
        let bytes = line.utf8
        let end = bytes.lastIndex { $0 > 0x20 }
        return end.map { String(line[...$0]) } ?? ""
    }

    // MARK: Headers and footers

    private static func removeRepeated(_ pages: inout [[String]]) {
        let filled = pages.filter { $0.contains { !$0.isEmpty } }.count
        guard filled >= 3 else { return }
        let needed = max(3, (filled * 4 + 9) / 10)
        for isTop in [true, false] {
            var counts: [String: Int] = [:]
            for page in pages {
                for key in Set(ends(page, isTop).map { key(page[$0]) }) {
                    counts[key, default: 0] += 1
                }
            }
            for index in pages.indices {
                for line in ends(pages[index], isTop)
                where counts[key(pages[index][line]), default: 0] >= needed {
                    pages[index][line] = ""
                }
            }
        }
    }

    /// The first or last two lines of a page that hold anything.
    private static func ends(_ page: [String], _ isTop: Bool) -> [Int] {
        let filled = page.indices.filter { !page[$0].isEmpty }
        // A page of few lines is all content.
        guard filled.count > 4 else {
            return isTop ? [] : Array(filled.suffix(filled.count > 1 ? 1 : 0))
        }
        return Array(isTop ? filled.prefix(2) : filled.suffix(2))
    }

    private static func key(_ line: String) -> String {
        var out = ""
        var wasDigit = false
        for scalar in line.unicodeScalars where !scalar.properties.isWhitespace {
            let isDigit = scalar.properties.numericType == .decimal
            if !isDigit {
                out.unicodeScalars.append(scalar)
            } else if !wasDigit {
                out += "#"
            }
            wasDigit = isDigit
        }
        return out
    }

    // MARK: Lines

    private static func joined(_ lines: [String]) -> String {
        let widths = lines.map(\.unicodeScalars.count).filter { $0 > 0 }.sorted()
        guard !widths.isEmpty else { return "" }
        let usual = max(40, widths[(widths.count - 1) * 4 / 5])
        var out = ""
        var last = ""
        for line in lines {
            if line.isEmpty {
                if !last.isEmpty { out += "\n" }
                last = ""
                continue
            }
            if last.isEmpty {
                out += out.isEmpty ? line : "\n" + line
            } else if let stem = brokenWord(last, line) {
                out.unicodeScalars.removeLast(last.unicodeScalars.count - stem)
                out += line
            } else if last.unicodeScalars.count * 4 >= usual * 3, !beginsItem(line) {
                out += " " + line
            } else {
                out += "\n" + line
            }
            last = line
        }
        out.unicodeScalars.removeAll { $0 == "\u{AD}" }
        return MailText.trimmed(out)
    }

    /// The length of a line without the hyphen that breaks its last word; nil if none does.
    private static func brokenWord(_ line: String, _ next: String) -> Int? {
        let scalars = Array(line.unicodeScalars.suffix(2))
        guard scalars.count == 2, scalars[0].properties.isAlphabetic,
            ["-", "\u{AD}", "\u{2010}"].contains(scalars[1]),
            let first = next.unicodeScalars.first, first.properties.isLowercase
        else { return nil }
        return line.unicodeScalars.count - 1
    }

    private static func beginsItem(_ line: String) -> Bool {
        guard let first = line.unicodeScalars.first else { return false }
        if ["•", "◦", "▪", "‣", "–", "-", "*", "·", "○", "■"].contains(first) { return true }
        let digits = line.unicodeScalars.prefix { $0.properties.numericType == .decimal }
        guard (1...3).contains(digits.count) else { return false }
        let rest = line.unicodeScalars.dropFirst(digits.count)
        return (rest.first == "." || rest.first == ")") && rest.dropFirst().first == " "
    }
}
