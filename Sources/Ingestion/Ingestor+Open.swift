internal import Glibc

/// A file after the first pass, ready for the second.
struct OpenedFile {
    let facts: FileFacts
    let window: ByteWindow
    /// Whether rows have to be checked one by one for damaged text.
    let checksUTF8: Bool
}

extension Ingestor {
    func open(_ file: InputFile) throws(IngestionError) -> OpenedFile {
        if file.path == "-" {
            return try open(
                file, source: SealedSpool(reading: STDIN_FILENO, name: "standard input"))
        }
        let source = try FileSource(path: file.path, name: file.relativePath)
        if source.isSeekable { return try open(file, source: source) }
        return try open(file, source: source.spooled())
    }

    func open(
        _ file: InputFile, source: any ByteSource
    ) throws(IngestionError) -> OpenedFile {
        let found = try survey(source)
        try FormatDetection.refuseBinary(
            found.head, name: file.relativePath, encoding: found.encoding)
        try source.rewind()
        let window = ByteWindow(
            source, encoding: found.encoding, markBytes: found.markBytes,
            chunkBytes: options.chunkBytes)
        try window.fill(Self.sampleBytes)
        var notes: [String] = []
        if found.guessed {
            notes.append("the encoding \(found.encoding.rawValue) is a guess from the bytes")
        }
        let looked = unsafe window.withBytes { view -> (InputFormat, CSVSniffer.Finding?) in
            let isWhole = window.isAtEnd
            // The whole file even where more was buffered: the same sample for every chunk size.
            let sample = unsafe UnsafeBufferPointer(rebasing: view.prefix(Self.sampleBytes))
            let whole = isWhole && sample.count == view.count
            let format = unsafe FormatDetection.format(
                of: file, sample: sample, isWhole: whole, options: options)
            guard format.isDelimited else { return (format, nil) }
            let sniffer = CSVSniffer(options: options, format: format)
            return unsafe (format, sniffer.sniff(sample, isWhole: whole))
        }
        let facts = FileFacts(
            file: file, digest: found.digest, byteCount: found.byteCount,
            encoding: found.encoding, encodingGuessed: found.guessed, format: looked.0,
            parser: parserName(looked.0), dialect: looked.1?.dialect, columns: looked.1?.columns,
            notes: notes + (looked.1?.notes ?? []))
        return OpenedFile(facts: facts, window: window, checksUTF8: !found.isSound)
    }

    private func survey(
        _ source: any ByteSource
    ) throws(IngestionError) -> EncodingSurvey.Finding {
        var survey = EncodingSurvey()
        var buffer = [UInt8](repeating: 0, count: max(1, options.chunkBytes))
        while true {
            let count = try unsafe buffer.withUnsafeMutableBufferPointer {
                bytes throws(IngestionError) in
                let raw = UnsafeMutableRawBufferPointer(bytes)
                let count = try unsafe source.read(into: raw)
                unsafe survey.add(UnsafeRawBufferPointer(rebasing: raw[..<count]))
                return count
            }
            if count == 0 { return try survey.finish(declared: options.encoding) }
        }
    }

    /// The parser and the version of its rules.
    private func parserName(_ format: InputFormat) -> String {
        switch format {
        case .csv, .tsv, .json, .jsonl: "\(format.rawValue)/1"
        case .text, .markdown: "\(format.rawValue)-\(options.textUnit.rawValue)/1"
        }
    }
}
