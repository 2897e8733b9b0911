internal import ReaderProtocol

/// One mail message (RFC 5322, RFC 2045 to 2049) as one record.
enum EMLReader {
    static func read(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        let document = try input.whole()
        let bytes = document[0..<document.count]
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        switch MailMessage.read(bytes[start...], limits: request.limits) {
        case .fields(let fields):
            try sink.record(fields, offset: 0, length: UInt64(bytes.count))
        case .refused("mail-empty", _):
            throw .malformed("no mail message: it has no header and no body")
        case .refused("encrypted", let message):
            throw .encrypted(message, hint: "decrypt it in a mail program and export it again")
        case .refused(_, let message):
            throw .overLimit(message)
        }
        return ReaderSummary(parser: "eml/1")
    }
}
