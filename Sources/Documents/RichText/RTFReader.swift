internal import ReaderProtocol

/// Rich text (RTF 1.9.1).
enum RTFReader {
    static func read(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        let document = try input.whole()
        let bytes = document[0..<document.count]
        let start = bytes.firstIndex { $0 > 0x20 && ![0xEF, 0xBB, 0xBF].contains($0) } ?? 0
        guard bytes[start...].starts(with: Array("{\\rtf".utf8)) else {
            throw .malformed(
                "no rich text: it does not begin with {\\rtf",
                hint: "name it by its kind, or save it as rich text again")
        }
        var parser = RTFParser(Array(bytes[start...]), limits: request.limits)
        try parser.parse()
        try parser.text.put(request, sink)
        return ReaderSummary(parser: "rtf/1")
    }
}
