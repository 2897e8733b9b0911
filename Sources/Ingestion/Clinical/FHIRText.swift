internal import Records

/// The text of a FHIR resource: narrative, notes and text attachments; else its contents in words.
struct FHIRText {
    private(set) var text = ""
    /// What the text consists of: `narrative`, `notes`, `attachments`, or `contents`.
    private(set) var sources: [String] = []
    /// The members without what moved into the text.
    private(set) var rest: [String: JSONValue]

    init(type: String, resource: [String: JSONValue]) {
        rest = resource
        rest["text"] = nil
        var parts: [String] = []
        if let div = resource["text"]?["div"]?.stringValue {
            add([MarkupText.text(of: div)], "narrative", to: &parts)
        }
        let notes = resource["note"]?.arrayValue ?? resource["note"].map { [$0] } ?? []
        add(notes.compactMap { $0["text"]?.stringValue }, "notes", to: &parts)
        var attached: [String] = []
        rest = rest.mapValues { Self.withoutAttachments($0, into: &attached) }
        if let (text, kept) = Self.attachment(rest) {
            attached.append(text)
            rest = kept
        }
        add(attached, "attachments", to: &parts)
        if parts.isEmpty {
            add([FHIRSummary.text(type: type, resource: resource)], "contents", to: &parts)
        }
        text = parts.joined(separator: "\n\n")
    }

    private mutating func add(_ texts: [String], _ source: String, to parts: inout [String]) {
        let filled = texts.map(ResolvedMapping.trimmed).filter { !$0.isEmpty }
        guard !filled.isEmpty else { return }
        parts += filled
        sources.append(source)
    }

    /// The value without the `data` of attachments that are text, whose text goes to `texts`.
    private static func withoutAttachments(
        _ value: JSONValue, into texts: inout [String]
    ) -> JSONValue {
        switch value {
        case .array(let elements):
            return .array(elements.map { withoutAttachments($0, into: &texts) })
        case .object(let members):
            if let (text, kept) = attachment(members) {
                texts.append(text)
                return .object(kept)
            }
            return .object(members.mapValues { withoutAttachments($0, into: &texts) })
        default: return value
        }
    }

    /// The text of an attachment (or of a Binary) that holds text in base64.
    private static func attachment(
        _ members: [String: JSONValue]
    ) -> (String, [String: JSONValue])? {
        guard let type = members["contentType"]?.stringValue?.lowercased(),
            let data = members["data"]?.stringValue
        else { return nil }
        let parts = type.split(separator: ";").map { ResolvedMapping.trimmed(String($0)) }
        let isMarkup = ["text/html", "application/xhtml+xml"].contains(parts.first)
        guard isMarkup || ["text/plain", "text/markdown"].contains(parts.first),
            let bytes = Base64.decode(data.filter { !$0.isWhitespace })
        else { return nil }
        let charset = parts.first { $0.hasPrefix("charset=") }?.dropFirst(8)
        guard let text = decode(bytes, charset: charset.map { $0.filter { $0 != "\"" } }) else {
            return nil
        }
        var kept = members
        kept["data"] = nil
        return (isMarkup ? MarkupText.text(of: text) : text, kept)
    }

    static func decode(_ bytes: [UInt8], charset: String?) -> String? {
        if charset == nil || charset == "utf-8" || charset == "us-ascii",
            let text = String(validating: bytes, as: UTF8.self)
        {
            return text
        }
        guard let encoding = try? TextEncoding(option: charset ?? "windows-1252") else {
            return nil
        }
        if encoding == .utf8 { return nil }
        var transcoder = Transcoder(encoding)
        var output: [UInt8] = []
        transcoder.decode(bytes, into: &output)
        transcoder.finish(into: &output)
        return String(validating: output, as: UTF8.self)
    }
}
