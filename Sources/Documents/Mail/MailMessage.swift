internal import ReaderProtocol
internal import Records

/// One message as a record.
enum MailMessage {
    /// What became of a message.
    enum Outcome {
        case fields([String: JSONValue])
        case refused(reason: String, message: String)
    }

    /// The columns of a message: `text`, `subject`, `from`, `to`, `cc`, `date`, `message_id`,
    /// `in_reply_to`, `quoted`, `signature`, `attachments`; those that it does not have are left
    /// out, except for `text`.
    static func read(_ bytes: ArraySlice<UInt8>, limits: ReaderLimits) -> Outcome {
        // Parts within parts: beyond 50 it is no mail that anybody wrote.
        var budget = MailPart.Budget(
            depth: min(50, Int(clamping: limits.depth)), parts: Int(clamping: limits.memberCount))
        guard let message = MailPart.parse(withUnixLines(bytes), budget: &budget) else {
            return .refused(
                reason: "mail-too-nested", message: "parts within parts beyond the limit")
        }
        guard !message.header.fields.isEmpty || message.body.contains(where: { $0 > 0x20 }) else {
            return .refused(reason: "mail-empty", message: "neither a header nor a body")
        }
        let body = MailBody(message, limits: limits)
        if body.isEncrypted && !body.text.utf8.contains(where: { $0 > 0x20 }) {
            return .refused(
                reason: "encrypted",
                message: "the body is encrypted (S/MIME or PGP); decrypt it in a mail program and "
                    + "export it again")
        }
        return .fields(fields(message.header, body))
    }

    private static func fields(_ header: MailHeader, _ body: MailBody) -> [String: JSONValue] {
        var split = QuotedReply.split(body.text)
        if !body.inner.isEmpty {
            split.quoted += (split.quoted.isEmpty ? "" : "\n\n") + body.inner
        }
        var fields: [String: JSONValue] = ["text": .string(split.text)]
        func set(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { fields[name] = .string(value) }
        }
        set("subject", header.text("subject"))
        set("from", header.joined("from").map(MailAddress.list))
        set("to", header.joined("to").map(MailAddress.list))
        set("cc", header.joined("cc").map(MailAddress.list))
        set("date", header.text("date").map { MailDate.iso($0) ?? $0 })
        set("message_id", header.text("message-id").flatMap { identifiers($0).first })
        set(
            "in_reply_to",
            header.text("in-reply-to").flatMap { identifiers($0).first }
                ?? header.text("references").flatMap { identifiers($0).last })
        set("quoted", split.quoted)
        set("signature", split.signature)
        if !body.attachments.isEmpty {
            fields["attachments"] = .array(
                body.attachments.map { attachment in
                    [
                        "name": attachment.name.map { .string($0) } ?? .null,
                        "type": .string(attachment.type),
                        "bytes": .string(String(attachment.byteCount)),
                    ]
                })
        }
        return fields
    }

    /// Message identifiers without their angle brackets; a bare word where there are none.
    private static func identifiers(_ text: String) -> [String] {
        var found: [String] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            let after = rest.index(after: open)
            guard let close = rest[after...].firstIndex(of: ">") else { break }
            if close > after { found.append(String(rest[after..<close])) }
            rest = rest[rest.index(after: close)...]
        }
        if found.isEmpty, !text.contains("<"), text.contains("@"), !text.contains(" ") {
            return [text]
        }
        return found
    }

    /// Old Macs ended lines with CR alone; everything here looks for LF.
    private static func withUnixLines(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard bytes.contains(0x0D), !bytes.contains(0x0A) else { return bytes }
        return bytes.map { $0 == 0x0D ? 0x0A : $0 }[...]
    }
}
