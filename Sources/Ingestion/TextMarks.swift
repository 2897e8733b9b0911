/// Forms of text that begin in a way nothing else does.
enum TextMarks {
    /// The format that trimmed text begins as; nil where the name has to say.
    static func format(
        _ body: UnsafeBufferPointer<UInt8>, byName: InputFormat?
    ) -> InputFormat? {
        guard let first = unsafe body.first else { return nil }
        // A Markdown or CSV file may well begin with a tag, a mark or a word of these.
        let isLoose = byName != .markdown && byName != .csv && byName != .tsv
        switch first {
        case UInt8(ascii: "<"): return unsafe markup(body, isLoose: isLoose)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let mayBe = byName == nil || byName == .json || byName == .jsonl || byName == .text
            guard mayBe else { return nil }
            let isFirst = unsafe FirstMember.isNamed("resourceType", body)
            return unsafe isFirst || FHIRShape.isDeclared(body) ? .fhir : nil
        default: break
        }
        if byName == .eml || byName == .mbox { return byName }
        if first == 0x0B || (isLoose && byName != .sql) {
            let start = first == 0x0B ? 1 : 0
            for mark in ["MSH|", "FHS|", "BHS|"] {
                if unsafe starts(body, mark, at: start) { return .hl7 }
            }
        }
        guard isLoose else { return nil }
        if unsafe starts(body, "WEBVTT") { return .vtt }
        guard byName == nil || byName == .text else { return nil }
        if unsafe isSubRip(body) { return .srt }
        if unsafe ChatLogReader.isLog(body) { return .chatlog }
        if let mail = unsafe MailMarks.format(body) { return mail }
        for mark in [
            "-- MySQL dump", "-- MariaDB dump", "-- PostgreSQL database dump", "INSERT INTO ",
        ]
        where unsafe starts(body, mark) {
            return .sql
        }
        return nil
    }

    /// `<?xml`, `<!doctype html`, `<html`, `<ClinicalDocument`: the name of the root element
    /// decides, behind declarations and comments.
    private static func markup(
        _ body: UnsafeBufferPointer<UInt8>, isLoose: Bool
    ) -> InputFormat? {
        let isDeclared =
            unsafe starts(body, "<?xml") || starts(body, "<!DOCTYPE", ignoringCase: true)
        guard isLoose || isDeclared else { return nil }
        guard let root = unsafe rootName(body) else { return isDeclared ? .xml : nil }
        let name = root.split(separator: ":").last.map { $0.lowercased() } ?? ""
        if name == "html" || ["head", "body"].contains(name) && !isDeclared { return .html }
        if name == "clinicaldocument" { return .ccda }
        // A part of such a document: its templates and namespace are named in it.
        if clinicalParts.contains(name),
            unsafe find(body, "2.16.840.1.113883.10.20.", from: 0) != nil
                || find(body, "urn:hl7-org:v3", from: 0) != nil
        {
            return .ccda
        }
        return unsafe isDeclared || body.last == UInt8(ascii: ">") ? .xml : nil
    }

    /// Elements of the clinical document architecture that stand alone in examples and exports.
    private static let clinicalParts: Set<String> = [
        "section", "component", "structuredbody", "entry", "act", "observation", "encounter",
        "organizer", "procedure", "substanceadministration", "supply", "recordtarget",
        "patientrole",
        "author", "documentationof", "participant",
    ]

    /// The name in the first start tag; nil if none is at hand.
    private static func rootName(_ body: UnsafeBufferPointer<UInt8>) -> String? {
        var i = 0
        while i < body.count {
            guard unsafe body[i] == UInt8(ascii: "<") else {
                guard unsafe ByteSearch.isSpace(body[i]) else { return nil }
                i += 1
                continue
            }
            if unsafe starts(body, "<!--", at: i) {
                guard let end = unsafe find(body, "-->", from: i + 4) else { return nil }
                i = end + 3
            } else if unsafe starts(body, "<?", at: i) {
                guard let end = unsafe find(body, "?>", from: i + 2) else { return nil }
                i = end + 2
            } else if unsafe starts(body, "<!", at: i) {
                if unsafe starts(body, "<!DOCTYPE html", at: i, ignoringCase: true) {
                    return "html"
                }
                guard let end = unsafe doctypeEnd(body, from: i) else { return nil }
                i = end
            } else {
                let name = unsafe body[(i + 1)...].prefix {
                    !ByteSearch.isSpace($0) && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
                }
                return unsafe name.isEmpty || name.count > 200
                    ? nil : String(decoding: name, as: UTF8.self)
            }
        }
        return nil
    }

    /// Behind a document type declaration with or without an internal subset.
    private static func doctypeEnd(
        _ body: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        var depth = 0
        for i in start..<body.count {
            switch unsafe body[i] {
            case UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ">") where depth <= 0: return i + 1
            default: break
            }
        }
        return nil
    }

    /// A number alone on a line, then `hh:mm:ss,mmm --> hh:mm:ss,mmm`.
    private static func isSubRip(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        let number = unsafe body.prefix { (0x30...0x39).contains($0) }
        let digits = unsafe number.count
        guard (1...6).contains(digits) else { return false }
        let rest = unsafe body[digits...].drop { ByteSearch.isSpace($0) }
        let line = unsafe Array(rest.prefix(17))
        guard line.count == 17 else { return false }
        return line[2] == 0x3A && line[5] == 0x3A && (line[8] == 0x2C || line[8] == 0x2E)
            && line[13..<16].elementsEqual(Array("-->".utf8))
    }

    static func starts(
        _ body: UnsafeBufferPointer<UInt8>, _ text: String, at start: Int = 0,
        ignoringCase: Bool = false
    ) -> Bool {
        guard start + text.utf8.count <= body.count else { return false }
        var i = start
        for byte in text.utf8 {
            let own = unsafe body[i]
            let isLetter = (0x41...0x5A).contains(byte & 0xDF)
            guard own == byte || (ignoringCase && isLetter && own | 0x20 == byte | 0x20) else {
                return false
            }
            i += 1
        }
        return true
    }

    private static func find(
        _ body: UnsafeBufferPointer<UInt8>, _ text: String, from start: Int
    ) -> Int? {
        var i = start
        while i + text.utf8.count <= body.count {
            if unsafe starts(body, text, at: i) { return i }
            i += 1
        }
        return nil
    }
}

/// The first member's name of JSON that begins with an object or an array of them.
enum FirstMember {
    /// Whether the first object has a member called `name` at its own level, as far as is at hand.
    static func isNamed(_ name: String, _ body: UnsafeBufferPointer<UInt8>) -> Bool {
        var (depth, objectDepth) = (0, 0)
        var i = 0
        let wanted = Array("\"\(name)\"".utf8)
        while i < body.count {
            let byte = unsafe body[i]
            switch byte {
            case UInt8(ascii: "{"):
                depth += 1
                if objectDepth == 0 { objectDepth = depth }
            case UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth < objectDepth { return false }
            case UInt8(ascii: "\""):
                if depth == objectDepth, unsafe body[i...].starts(with: wanted) {
                    let rest = unsafe body[(i + wanted.count)...].first { !ByteSearch.isSpace($0) }
                    if rest == UInt8(ascii: ":") { return true }
                }
                i += 1
                while i < body.count, unsafe body[i] != UInt8(ascii: "\"") {
                    i += unsafe body[i] == UInt8(ascii: "\\") ? 2 : 1
                }
            default: break
            }
            i += 1
        }
        return false
    }
}

/// Mail by its first lines.
enum MailMarks {
    private static let names: Set<String> = [
        "from", "to", "cc", "subject", "date", "received", "return-path", "message-id",
        "mime-version", "content-type", "delivered-to", "reply-to", "x-mailer", "sender",
        "in-reply-to", "references", "x-original-to", "dkim-signature", "bcc",
    ]

    /// `mbox` if the first line is `From ` with an envelope (RFC 4155) and fields follow; `eml` if
    /// at least three of the first fields (RFC 5322 §3.6) are known ones, two of them different.
    static func format(_ body: UnsafeBufferPointer<UInt8>) -> InputFormat? {
        let start = unsafe Array(body.prefix(16384))
        let lines = start.split(
            separator: 0x0A, maxSplits: 60, omittingEmptySubsequences: false)
        guard let first = lines.first else { return nil }
        let isEnvelope = first.starts(with: Array("From ".utf8)) && first.count < 200
        let fields = isEnvelope ? lines.dropFirst() : lines[...]
        var found: Set<String> = []
        for line in fields {
            guard let head = line.first, head != 0x0D else { break }
            if head == 0x20 || head == 0x09 { continue }
            guard let colon = line.firstIndex(of: 0x3A) else { break }
            let name = line[line.startIndex..<colon]
            guard !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { break }
            let known = String(decoding: name, as: UTF8.self).lowercased()
            if names.contains(known) { found.insert(known) }
        }
        guard found.count >= (isEnvelope ? 2 : 3) else { return nil }
        return isEnvelope ? .mbox : .eml
    }
}
