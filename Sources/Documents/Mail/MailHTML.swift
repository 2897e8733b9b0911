internal import CLibXML2

/// HTML bodies of mail as text: everything that is shown, in lines, quotes marked by `> `.
///
/// A tokenizer and no parser: mail programs write HTML that no grammar fits, and the text of a
/// message is all of it, not the main part of a page.
enum MailHTML {
    /// The text of a page or of a piece of one.
    static func text(_ html: String) -> String {
        var writer = Writer()
        let bytes = Array(html.utf8)
        var index = 0
        var run: [UInt8] = []
        var unclosed: Set<String> = []
        func flushRun() {
            writer.write(run)
            run = []
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x3C, let tag = Tag(bytes, at: index) {
                flushRun()
                index = tag.end
                if tag.hidesText, !tag.isClose, !unclosed.contains(tag.name) {
                    let end = Self.skip(bytes, from: index, name: tag.name)
                    // What is not closed once is not looked for again.
                    if end == index { unclosed.insert(tag.name) }
                    index = end
                } else {
                    writer.take(tag)
                }
            } else if byte == 0x26, let (scalar, end) = entity(bytes, at: index) {
                run.append(contentsOf: Array(String(scalar).utf8))
                index = end
            } else {
                run.append(byte)
                index += 1
            }
        }
        flushRun()
        return writer.finish()
    }

    /// Where the element `name` ends.
    private static func skip(_ bytes: [UInt8], from start: Int, name: String) -> Int {
        let wanted = Array("</\(name)".utf8)
        var index = start
        while index + wanted.count <= bytes.count {
            if bytes[index] == 0x3C,
                MailText.lowered(bytes[index..<(index + wanted.count)]).utf8.elementsEqual(wanted)
            {
                return Tag(bytes, at: index)?.end ?? bytes.count
            }
            index += 1
        }
        // Never closed: only a script or style hides all that follows.
        return name == "script" || name == "style" ? bytes.count : start
    }

    /// The character that `&…;` stands for, and where it ends.
    private static func entity(_ bytes: [UInt8], at start: Int) -> (Unicode.Scalar, Int)? {
        let name = bytes[(start + 1)...].prefix(32).prefix {
            ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x23
        }
        guard !name.isEmpty else { return nil }
        var end = name.endIndex
        let isClosed = end < bytes.count && bytes[end] == 0x3B
        if isClosed { end += 1 }
        if name.first == 0x23 {
            let digits = String(decoding: name.dropFirst(), as: UTF8.self)
            let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
            guard
                let number = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            else { return nil }
            // 128–159 mean Windows-1252 (HTML Standard §13.2.5.80).
            if (128..<160).contains(number),
                let scalar = Charset.decode([UInt8(number)], "windows-1252")?.unicodeScalars.first
            {
                return (scalar, end)
            }
            return (Unicode.Scalar(number) ?? "\u{FFFD}", end)
        }
        guard isClosed else { return nil }
        let key = String(decoding: name, as: UTF8.self)
        if key == "apos" { return ("'", end) }
        guard let found = unsafe key.withCString({ unsafe entityValue($0) }) else { return nil }
        return (found, end)
    }

    private static func entityValue(_ name: UnsafePointer<CChar>) -> Unicode.Scalar? {
        let raw = unsafe UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self)
        guard let entry = unsafe htmlEntityLookup(raw) else { return nil }
        return unsafe Unicode.Scalar(entry.pointee.value)
    }

    /// A tag, comment or declaration.
    struct Tag {
        var name = ""
        var isClose = false
        var isHidden = false
        var end: Int

        /// Elements whose content is never shown.
        var hidesText: Bool {
            isHidden || ["script", "style", "title", "template"].contains(name)
        }

        init?(_ bytes: [UInt8], at start: Int) {
            var index = start + 1
            guard index < bytes.count else { return nil }
            if bytes[index...].starts(with: [0x21, 0x2D, 0x2D]) {
                index += 3
                while index < bytes.count, !bytes[index...].starts(with: [0x2D, 0x2D, 0x3E]) {
                    index += 1
                }
                end = min(bytes.count, index + 3)
                return
            }
            isClose = bytes[index] == 0x2F
            if isClose { index += 1 }
            let nameStart = index
            while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
            name = MailText.lowered(bytes[nameStart..<index])
            let isDeclaration = name.isEmpty && index < bytes.count && bytes[index] == 0x21
            guard !name.isEmpty || isDeclaration || (index < bytes.count && bytes[index] == 0x3F)
            else { return nil }
            var quote: UInt8 = 0
            let attributes = index
            // Attributes of more than 64 KiB hold pictures, in which no `>` stands.
            let limit = min(bytes.count, index + 65_536)
            while index < limit, quote != 0 || bytes[index] != 0x3E {
                if quote == 0, bytes[index] == 0x22 || bytes[index] == 0x27,
                    bytes[index - 1] == 0x3D
                {
                    quote = bytes[index]
                } else if bytes[index] == quote {
                    quote = 0
                }
                index += 1
            }
            // A quote that never ends: the tag ends at the first `>`.
            if index == limit {
                index = bytes[attributes...].firstIndex(of: 0x3E) ?? bytes.count
            }
            end = min(bytes.count, index + 1)
            // Preview texts are in a small block that is not shown.
            if !isClose, ["div", "span", "p"].contains(name), index - attributes < 2000 {
                let style = MailText.lowered(bytes[attributes..<index].filter { $0 > 0x20 })
                isHidden = style.contains("style=") && style.contains("display:none")
            }
        }

        private static func isNameByte(_ byte: UInt8) -> Bool {
            (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
                || byte == 0x3A || byte == 0x2D
        }
    }
}
