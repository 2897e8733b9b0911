/// Parts what somebody wrote from what they quoted and from how they signed.
///
/// Rules, in this order:
/// 1. From the first separator on (`-----Original Message-----`, a block of `From:`, `Sent:`,
///    `Subject:` lines, in many languages) everything is quoted.
/// 2. Lines that begin with `>` are quoted, and so is the line before them that announces them
///    (`On … wrote:`). An announcement that no `>` follows makes everything after it quoted.
/// 3. What follows a line `-- ` is the signature (RFC 3676 §4.3); else a closing (`Best regards,`)
///    near the end with the few short lines after it.
/// 4. If nothing would be left, the message is a forward or a bare quote: all of it is text.
struct QuotedReply {
    /// What was written.
    var text = ""
    /// What was quoted.
    var quoted = ""
    /// How it was signed.
    var signature = ""

    /// Parts a body with LF line ends.
    static func split(_ body: String) -> QuotedReply {
        var own: [Substring] = []
        var quoted: [Substring] = []
        let lines = MailText.lines(body)
        var index = 0
        while index < lines.count {
            if ReplyMarks.isSeparator(lines, at: index) {
                quoted += lines[index...]
                break
            }
            if isQuote(lines[index]) {
                quoted.append(lines[index])
                index += 1
                continue
            }
            if let count = ReplyMarks.announcementLength(lines, at: index) {
                let next = lines[(index + count)...].first { !isBlank($0) }
                if let next, isQuote(next) {
                    quoted += lines[index..<(index + count)]
                    index += count
                    continue
                }
                if next != nil, index > 0 {
                    quoted += lines[index...]
                    break
                }
            }
            own.append(lines[index])
            index += 1
        }
        let (text, signature) = partSignature(own)
        guard text.contains(where: { !isBlank($0) }) else {
            // A signature alone is no message either, but it is not a quote.
            if quoted.isEmpty { return QuotedReply(text: joined(own)) }
            return QuotedReply(text: joined(lines))
        }
        return QuotedReply(
            text: joined(text), quoted: joined(quoted), signature: joined(signature))
    }

    private static func isQuote(_ line: Substring) -> Bool {
        // `>From` at a line's start is how a mailbox escapes, not a quote; it is undone before.
        let bytes = line.utf8
        guard let first = bytes.first(where: { $0 != 0x20 && $0 != 0x09 }) else { return false }
        return first == 0x3E
    }

    static func isBlank(_ line: Substring) -> Bool {
        line.utf8.allSatisfy { $0 <= 0x20 } || line == "\u{A0}"
    }

    private static func partSignature(
        _ lines: [Substring]
    ) -> (text: [Substring], signature: [Substring]) {
        let last = lines.lastIndex { !isBlank($0) } ?? -1
        guard last >= 0 else { return ([], []) }
        if let mark = lines.firstIndex(where: { $0 == "-- " }) {
            return (Array(lines[..<mark]), Array(lines[(mark + 1)...]))
        }
        // Programs that strip the space: only near the end, lest a rule of dashes cuts the text.
        if let mark = lines.lastIndex(where: { $0 == "--" || $0 == "—" }), last - mark <= 25 {
            return (Array(lines[..<mark]), Array(lines[(mark + 1)...]))
        }
        var seen = 0
        var index = last
        while index >= 0, seen < 10, last - index < 20 {
            let line = lines[index]
            if !isBlank(line) {
                if ReplyMarks.isClosing(line) || (seen == 0 && ReplyMarks.isDeviceLine(line)) {
                    return (Array(lines[..<index]), Array(lines[index...]))
                }
                if line.utf8.count > 80 { break }
                seen += 1
            }
            index -= 1
        }
        return (lines, [])
    }

    /// Lines without the blank ones at both ends, and without white space at line ends.
    private static func joined(_ lines: [Substring]) -> String {
        guard let first = lines.firstIndex(where: { !isBlank($0) }),
            let last = lines.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return lines[first...last].map { line in
            let bytes = line.utf8
            let end = bytes.lastIndex { $0 != 0x20 && $0 != 0x09 }
            return end.map { Substring(bytes[...$0]) } ?? ""
        }.joined(separator: "\n")
    }
}
