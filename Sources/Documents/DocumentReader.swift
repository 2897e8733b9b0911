public import ReaderProtocol

/// The one entry to all parsers of hostile documents. It runs inside `tundish-reader`.
public enum DocumentReader {
    /// Reads the document behind `descriptor` and puts what it finds into `sink`.
    ///
    /// - Returns: What was read, when all of it was.
    /// - Throws: Why the file, or the rest of it, cannot be read; what was put before stays true.
    public static func read(
        _ request: ReaderRequest, descriptor: Int32, sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        try read(request, DocumentInput(descriptor: descriptor, limits: request.limits), sink)
    }

    static func read(
        _ request: ReaderRequest, _ input: DocumentInput, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        switch request.task {
        case .unpack: try UnpackReader.read(input, request, sink)
        case .xml: try XMLReader.read(input, request, sink)
        case .html: try HTMLReader.read(input, request, sink)
        case .ccda: try CCDAReader.read(input, request, sink)
        case .sqlite: try SQLiteReader.read(input, request, sink)
        case .eml: try EMLReader.read(input, request, sink)
        case .mbox: try MBOXReader.read(input, request, sink)
        case .docx: try DOCXReader.read(input, request, sink)
        case .xlsx: try XLSXReader.read(input, request, sink)
        case .pptx: try PPTXReader.read(input, request, sink)
        case .pdf: try PDFReader.read(input, request, sink)
        case .rtf: try RTFReader.read(input, request, sink)
        }
    }
}
