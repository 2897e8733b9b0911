/// The formats that are read in this process, beside delimited text, JSON and plain text.
enum Forms {
    /// Reads a file of the format in `facts` to its end.
    static func read(
        _ facts: FileFacts, window: ByteWindow, sink: RowSink, options: IngestOptions
    ) throws {
        switch facts.format {
        case .fhir:
            sink.recognisesForms = false
            try FHIRReader(window: window, sink: sink, options: options).run()
        case .hl7:
            sink.recognisesForms = false
            var reader = HL7Reader(
                window: window, sink: sink, options: options, encoding: facts.encoding)
            try reader.run()
        case .sql: try SQLReader(window: window, sink: sink, options: options).run()
        case .srt, .vtt:
            sink.recognisesForms = false
            var reader = SubtitleReader(window: window, sink: sink, options: options)
            try reader.run()
        case .chatlog:
            sink.recognisesForms = false
            var reader = ChatLogReader(window: window, sink: sink, options: options)
            try reader.run()
        default:
            throw IngestionError(
                .unsupportedFormat, "\(facts.format.rawValue) is not read yet",
                hint: "export it as CSV, JSON Lines or text")
        }
    }
}
