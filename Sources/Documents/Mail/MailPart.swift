/// A message or a part of one (RFC 2045, RFC 2046), with the parts inside of it.
struct MailPart {
    /// Its header.
    var header: MailHeader
    /// `type/subtype`, in lower case; `text/plain` where none or nonsense stands.
    var type: String
    /// The parameters of its `Content-Type`.
    var parameters: [String: String]
    /// `attachment`, `inline`, or nothing.
    var disposition: String
    /// The name it would be saved under.
    var fileName: String?
    /// Its bytes as they are transferred.
    var body: ArraySlice<UInt8>
    /// The parts of a multipart; the message inside a `message/rfc822`.
    var children: [MailPart] = []

    /// Its bytes, transfer encoding undone.
    var decoded: [UInt8] {
        TransferEncoding.decode(body, header.text("content-transfer-encoding"))
    }

    /// Its text, with LF line ends.
    var text: String {
        MailText.unixLines(MailCharset.text(decoded, parameters["charset"]))
    }

    /// How far parts may go: deeper or more of them are no mail but an attack.
    struct Budget {
        var depth: Int
        var parts: Int
    }

    /// Reads a message or part; nil where parts nest too deep or are too many.
    static func parse(
        _ bytes: ArraySlice<UInt8>, defaultType: String = "text/plain", budget: inout Budget
    ) -> MailPart? {
        guard budget.depth > 0, budget.parts > 0 else { return nil }
        budget.depth -= 1
        budget.parts -= 1
        defer { budget.depth += 1 }
        let (header, start) = MailHeader.parse(bytes)
        let content = MailParameters(header.raw("content-type") ?? [])
        let isType = content.value.utf8.filter { $0 == 0x2F }.count == 1
        let isGiven = header.raw("content-type") != nil
        var part = MailPart(
            header: header, type: isType ? content.value : isGiven ? "text/plain" : defaultType,
            parameters: content.parameters, disposition: "", body: bytes[start...])
        if content.value == "text" { part.type = "text/plain" }
        let disposition = MailParameters(header.raw("content-disposition") ?? [])
        part.disposition = disposition.value
        let name = disposition.parameters["filename"] ?? content.parameters["name"]
        part.fileName = name.map(Self.lastPathPart).flatMap { $0.isEmpty ? nil : $0 }
        if part.type.hasPrefix("multipart/") {
            return parseChildren(of: &part, budget: &budget) ? part : nil
        }
        if part.type == "message/rfc822" || part.type == "message/global" {
            let inner = part.decoded[...]
            // Some programs put two blank lines before the message.
            guard
                let child = parse(
                    inner.drop { $0 == 0x0A || $0 == 0x0D }, budget: &budget)
            else { return nil }
            part.children = [child]
        }
        return part
    }

    private static func parseChildren(of part: inout MailPart, budget: inout Budget) -> Bool {
        let encoding = part.header.text("content-transfer-encoding").map { $0.lowercased() } ?? ""
        if encoding == "base64" || encoding == "quoted-printable" {
            // Not allowed (RFC 2045 §6.4), but seen.
            let decoded = part.decoded[...]
            if Self.pieces(of: decoded, boundary: part.parameters["boundary"]) != nil {
                part.body = decoded
            }
        }
        guard let pieces = pieces(of: part.body, boundary: part.parameters["boundary"]) else {
            // No boundary anywhere: the body is all there is.
            part.type = "text/plain"
            return true
        }
        let child = part.type == "multipart/digest" ? "message/rfc822" : "text/plain"
        for piece in pieces {
            guard let parsed = parse(piece, defaultType: child, budget: &budget) else {
                return false
            }
            part.children.append(parsed)
        }
        return true
    }

    /// The parts between the delimiter lines (RFC 2046 §5.1.1). A missing boundary is taken from
    /// the first line that looks like one, a missing end from the end of the bytes.
    private static func pieces(
        of body: ArraySlice<UInt8>, boundary: String?
    ) -> [ArraySlice<UInt8>]? {
        if let boundary, !boundary.isEmpty,
            let pieces = split(body, delimiter: [0x2D, 0x2D] + Array(boundary.utf8))
        {
            return pieces
        }
        return guessDelimiter(body).flatMap { split(body, delimiter: $0) }
    }

    private static func split(
        _ body: ArraySlice<UInt8>, delimiter: [UInt8]
    ) -> [ArraySlice<UInt8>]? {
        var pieces: [ArraySlice<UInt8>] = []
        var start: Int?
        var position = body.startIndex
        while position < body.endIndex {
            let (line, next) = MailLines.line(body, at: position)
            if line.first == 0x2D, line.starts(with: delimiter) {
                let rest = line.dropFirst(delimiter.count)
                let isClose = rest.starts(with: [0x2D, 0x2D])
                let tail = isClose ? rest.dropFirst(2) : rest
                if tail.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
                    if let start {
                        pieces.append(body[start..<max(start, beforeBreak(body, position, start))])
                    }
                    start = isClose ? nil : next
                }
            }
            position = next
        }
        if let start, start < body.endIndex { pieces.append(body[start...]) }
        return pieces.isEmpty ? nil : pieces
    }

    /// The line break before a delimiter belongs to the delimiter.
    private static func beforeBreak(_ body: ArraySlice<UInt8>, _ end: Int, _ start: Int) -> Int {
        var end = end
        if end > start, body[end - 1] == 0x0A { end -= 1 }
        if end > start, body[end - 1] == 0x0D { end -= 1 }
        return end
    }

    /// The first line `--something` after which a header field stands.
    private static func guessDelimiter(_ body: ArraySlice<UInt8>) -> [UInt8]? {
        var position = body.startIndex
        while position < body.endIndex {
            let (line, next) = MailLines.line(body, at: position)
            if line.count > 3, line.starts(with: [0x2D, 0x2D]), line.count <= 78,
                line.dropFirst(2).contains(where: { $0 != 0x2D && $0 > 0x20 })
            {
                let field = MailText.lowered(body[next...].prefix(8))
                if field == "content-" {
                    return Array(line.reversed().drop { $0 <= 0x20 }.reversed())
                }
            }
            position = next
        }
        return nil
    }

    private static func lastPathPart(_ name: String) -> String {
        let bytes = name.utf8.split { $0 == 0x2F || $0 == 0x5C }.last
        return MailText.trimmed(String(bytes.map { Substring($0) } ?? ""))
    }
}
