internal import ReaderProtocol
internal import Records

/// What a message says: the text of its parts in order, and what is attached.
///
/// Rules: of alternatives the plain text, unless it is blank; the root of `related`; the first
/// part of `signed`; all text of `mixed`, unless it is attached or has a name; a message within
/// the message goes to the quotes; everything else is listed as an attachment.
struct MailBody {
    /// The text, not yet parted into answer, quotes and signature.
    var text = ""
    /// Messages inside of it, one after another, each under its From, Date and Subject.
    var inner = ""
    /// What is attached.
    var attachments: [Attachment] = []
    /// Whether the text is under a key that we do not have.
    var isEncrypted = false

    /// One attachment.
    struct Attachment {
        var name: String?
        var type: String
        var byteCount: Int
    }

    private let limits: ReaderLimits
    private var pieces: [String] = []

    init(_ message: MailPart, limits: ReaderLimits) {
        self.limits = limits
        take(message, isFirst: true)
        text = pieces.joined(separator: "\n\n")
    }

    private mutating func take(_ part: MailPart, isFirst: Bool) {
        switch part.type {
        case "multipart/alternative" where !part.children.isEmpty: takeBest(part)
        case "multipart/related" where !part.children.isEmpty: takeRoot(part)
        case "multipart/signed" where !part.children.isEmpty:
            for (index, child) in part.children.enumerated() {
                if index == 0 { take(child, isFirst: isFirst) } else { attach(child) }
            }
        case "multipart/encrypted":
            isEncrypted = true
            part.children.forEach { attach($0) }
        case "application/pkcs7-mime", "application/x-pkcs7-mime":
            // Opaque signatures have the text inside, too, but not in a form that we read.
            if part.parameters["smime-type"] != "signed-data" { isEncrypted = true }
            attach(part)
        case "message/rfc822", "message/global":
            attach(part)
            for child in part.children { quote(child) }
        case let type where type.hasPrefix("multipart/"):
            for (index, child) in part.children.enumerated() {
                take(child, isFirst: isFirst && index == 0)
            }
        default:
            if isText(part, isFirst: isFirst) { add(text(of: part)) } else { attach(part) }
        }
    }

    private mutating func add(_ text: String) {
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { $0 != 0x0A }),
            let last = bytes.lastIndex(where: { $0 > 0x20 })
        else { return }
        // White space at the end of the last line matters in `-- `, so only line ends go.
        let end = bytes[last...].firstIndex(of: 0x0A) ?? bytes.endIndex
        pieces.append(String(text[first..<end]))
    }

    private func isText(_ part: MailPart, isFirst: Bool) -> Bool {
        if part.disposition == "attachment" { return false }
        switch part.type {
        case "text/plain", "text/html", "text/enriched", "text/x-markdown", "text/markdown",
            "text/watch-html", "application/xhtml+xml":
            return part.fileName == nil || (isFirst && part.disposition != "attachment")
        default:
            return false
        }
    }

    private func text(of part: MailPart) -> String {
        switch part.type {
        case "text/html", "text/watch-html", "application/xhtml+xml", "text/enriched":
            return MailHTML.text(part.text)
        default:
            let text = part.text
            guard part.parameters["format"]?.lowercased() == "flowed" else { return text }
            return FlowedText.unfold(
                text, deletesSpace: part.parameters["delsp"]?.lowercased() == "yes")
        }
    }

    /// Plain text if it says anything, else the last alternative that does (RFC 2046 §5.1.4).
    private mutating func takeBest(_ part: MailPart) {
        var bodies = part.children.map { child -> (part: MailPart, body: MailBody) in
            (child, MailBody(child, limits: limits))
        }
        func says(_ body: MailBody) -> Bool { body.text.utf8.contains { $0 > 0x20 } }
        let best =
            bodies.firstIndex { $0.part.type == "text/plain" && says($0.body) }
            ?? bodies.lastIndex { says($0.body) }
        if let best { add(bodies[best].body.text) }
        for index in bodies.indices {
            // An alternative that is no text, such as an invitation, stays visible in the list.
            attachments += bodies[index].body.attachments
            isEncrypted = isEncrypted || bodies[index].body.isEncrypted
            addInner(bodies[index].body.inner)
        }
        bodies = []
    }

    /// The part that `start` names, else the first (RFC 2387 §3.2).
    private mutating func takeRoot(_ part: MailPart) {
        let start = part.parameters["start"]
        let root =
            start.flatMap { wanted in
                part.children.firstIndex { $0.header.text("content-id") == wanted }
            } ?? 0
        take(part.children[root], isFirst: true)
        for (index, child) in part.children.enumerated() where index != root {
            take(child, isFirst: false)
        }
    }

    private mutating func attach(_ part: MailPart) {
        if part.type.hasPrefix("multipart/") {
            part.children.forEach { attach($0) }
        } else {
            attachments.append(
                Attachment(
                    name: part.fileName, type: part.type, byteCount: part.decoded.count))
        }
    }

    /// A message within the message: its head in four lines, then its text.
    private mutating func quote(_ message: MailPart) {
        let body = MailBody(message, limits: limits)
        var lines: [String] = []
        if let from = message.header.raw("from") { lines.append("From: \(MailAddress.list(from))") }
        if let date = message.header.text("date") { lines.append("Date: \(date)") }
        if let to = message.header.joined("to") { lines.append("To: \(MailAddress.list(to))") }
        if let subject = message.header.text("subject") { lines.append("Subject: \(subject)") }
        lines.append("")
        lines.append(body.text)
        addInner(lines.joined(separator: "\n"))
        addInner(body.inner)
        attachments += body.attachments
    }

    private mutating func addInner(_ text: String) {
        guard text.utf8.contains(where: { $0 > 0x20 }) else { return }
        inner += inner.isEmpty ? text : "\n\n" + text
    }
}

/// `text/plain; format=flowed` (RFC 3676 §4).
enum FlowedText {
    /// Lines that end in a space go on in the next line of the same depth of quotes.
    static func unfold(_ text: String, deletesSpace: Bool) -> String {
        var out: [UInt8] = []
        var open: Int?
        for (number, line) in MailText.lines(text).enumerated() {
            var rest = line.utf8[...]
            let depth = rest.prefix { $0 == 0x3E }.count
            rest = rest.dropFirst(depth)
            if rest.first == 0x20 { rest = rest.dropFirst() }
            let isSignature = rest.elementsEqual("-- ".utf8)
            if open != depth || isSignature {
                if number > 0 { out.append(0x0A) }
                if depth > 0 {
                    out.append(contentsOf: Array(repeating: 0x3E, count: depth))
                    out.append(0x20)
                }
            }
            let isFlowed = rest.last == 0x20 && !isSignature
            out.append(contentsOf: isFlowed && deletesSpace ? rest.dropLast() : rest)
            open = isFlowed ? depth : nil
        }
        return String(decoding: out, as: UTF8.self)
    }
}
