internal import Glibc

/// A file after the first pass: its digest is known, and how its bytes would be read as text.
struct SurveyedFile {
    let file: InputFile
    let source: any ByteSource
    let found: EncodingSurvey.Finding
    /// Size and times, for a regular file that a reader process reads.
    let state: [Int]
}

/// A file whose format is known, ready for the second pass.
struct OpenedFile {
    /// How the second pass reads.
    enum Body {
        /// In this process; rows have to be checked one by one for damaged text, or not.
        case text(ByteWindow, checksUTF8: Bool)
        /// In a reader process.
        case document
        /// In a reader process, whose answer is files.
        case archive
    }

    let facts: FileFacts
    let body: Body
    let surveyed: SurveyedFile
}

extension Ingestor {
    func survey(_ file: InputFile) throws(IngestionError) -> SurveyedFile {
        if file.path == "-" {
            return try survey(
                file, source: SealedSpool(reading: STDIN_FILENO, name: "standard input"))
        }
        let source = try FileSource(path: file.path, name: file.relativePath)
        if source.isSeekable { return try survey(file, source: source) }
        return try survey(file, source: source.spooled())
    }

    func survey(
        _ file: InputFile, source: any ByteSource
    ) throws(IngestionError) -> SurveyedFile {
        let state = (source as? FileSource)?.state ?? []
        var survey = EncodingSurvey()
        var buffer = [UInt8](repeating: 0, count: max(1, options.chunkBytes))
        var isFirst = true
        while true {
            let count = try unsafe buffer.withUnsafeMutableBufferPointer {
                bytes throws(IngestionError) in
                let raw = UnsafeMutableRawBufferPointer(bytes)
                let count = try unsafe source.read(into: raw)
                let part = unsafe UnsafeRawBufferPointer(rebasing: raw[..<count])
                if isFirst { survey.isBinary = unsafe Self.isBinary(Array(part.prefix(65536))) }
                unsafe survey.add(part)
                return count
            }
            isFirst = false
            if count == 0 { break }
        }
        try source.rewind()
        return SurveyedFile(
            file: file, source: source, found: survey.finish(declared: options.encoding),
            state: state)
    }

    /// Whether the first chunk has a signature; a chunk too small to say so only costs time.
    private static func isBinary(_ head: [UInt8]) -> Bool {
        do throws(IngestionError) {
            return try Signatures.format(head, file: InputFile(path: "")) != nil
        } catch {
            return true
        }
    }

    /// Finds out the format; throws what makes a file unreadable as a whole.
    func open(_ surveyed: SurveyedFile) throws(IngestionError) -> OpenedFile {
        let (file, found) = (surveyed.file, surveyed.found)
        let signature = try Signatures.format(found.head, file: file)
        if let signature {
            let format =
                signature == .archive && options.format?.isDocument == true
                ? options.format ?? signature : signature
            return opened(surveyed, as: format)
        }
        if let format = options.format, format.document != nil {
            return opened(surveyed, as: format)
        }
        if let fault = found.fault { throw fault }
        let window = ByteWindow(
            surveyed.source, encoding: found.encoding, markBytes: found.markBytes,
            chunkBytes: options.chunkBytes)
        try window.fill(Self.sampleBytes)
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
        guard looked.0.document == nil else {
            try surveyed.source.rewind()
            return opened(surveyed, as: looked.0)
        }
        try FormatDetection.refuseBinary(
            found.head, name: file.relativePath, encoding: found.encoding)
        var notes: [String] = []
        if found.guessed {
            notes.append("the encoding \(found.encoding.rawValue) is a guess from the bytes")
        }
        let facts = facts(
            surveyed, looked.0, encodingName: found.encoding.rawValue, guessed: found.guessed,
            finding: looked.1, notes: notes + (looked.1?.notes ?? []))
        return OpenedFile(
            facts: facts, body: .text(window, checksUTF8: !found.isSound), surveyed: surveyed)
    }

    private func opened(_ surveyed: SurveyedFile, as format: InputFormat) -> OpenedFile {
        let facts = facts(
            surveyed, format, encodingName: options.encoding?.rawValue ?? "document")
        return OpenedFile(
            facts: facts, body: format == .archive ? .archive : .document, surveyed: surveyed)
    }

    /// The facts of a file that is refused before its format is known for sure.
    func refusedFacts(_ surveyed: SurveyedFile) -> FileFacts {
        let byName = InputFormat.byExtension[surveyed.file.pathExtension]
        return facts(
            surveyed, options.format ?? byName ?? .text,
            encodingName: surveyed.found.encoding.rawValue)
    }

    private func facts(
        _ surveyed: SurveyedFile, _ format: InputFormat, encodingName: String,
        guessed: Bool = false, finding: CSVSniffer.Finding? = nil, notes: [String] = []
    ) -> FileFacts {
        FileFacts(
            file: surveyed.file, digest: surveyed.found.digest,
            byteCount: surveyed.found.byteCount, encoding: surveyed.found.encoding,
            encodingName: encodingName, encodingGuessed: guessed, format: format,
            parser: parserName(format), dialect: finding?.dialect, columns: finding?.columns,
            canReread: surveyed.source is FileSource && !surveyed.file.isMember
                && format.document == nil,
            notes: notes)
    }

    /// The parser and the version of its rules.
    private func parserName(_ format: InputFormat) -> String {
        switch format {
        case .text, .markdown: "\(format.rawValue)-\(options.textUnit.rawValue)/1"
        default: "\(format.rawValue)/1"
        }
    }
}
