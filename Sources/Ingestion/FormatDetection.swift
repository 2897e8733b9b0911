internal import Records

/// Finds out what a file is: by its content first, by its name where the content leaves it open.
///
/// Order: signatures of binary formats; forms of text that begin in a way nothing else does; the
/// extension; then JSON, regular delimited rows, else text.
enum FormatDetection {
    /// The format of a text file called `file` that begins with `sample` (as text).
    static func format(
        of file: InputFile, sample: UnsafeBufferPointer<UInt8>, isWhole: Bool,
        options: IngestOptions
    ) -> InputFormat {
        if let format = options.format, format != .archive { return format }
        let byName = InputFormat.byExtension[file.pathExtension]
        let trimmed = unsafe ByteSearch.trimmed(sample)
        let body = unsafe UnsafeBufferPointer(rebasing: sample[trimmed])
        if let marked = unsafe TextMarks.format(body, byName: byName) { return marked }
        if let byName, byName != .text { return byName }
        if unsafe body.first == UInt8(ascii: "{") || body.first == UInt8(ascii: "[") {
            if let json = unsafe jsonFormat(body) { return json }
        }
        if options.delimiter != nil { return .csv }
        let sniffer = CSVSniffer(options: options, format: .csv)
        let finding = unsafe sniffer.sniff(sample, isWhole: isWhole)
        // Prose has commas too: a .txt file has to be delimited by tabs, or mapped by columns.
        let isMapped = options.mapping?.namedColumns.contains { finding.columns.contains($0) }
        let needed = isMapped == true || finding.dialect.delimiter == 0x09 ? 0.9 : 0.98
        let regular = finding.columns.count > 1 && finding.regularity >= needed
        let enough = finding.recordCount >= (byName == .text && isMapped != true ? 3 : 2)
        guard regular, enough else { return .text }
        if finding.dialect.delimiter == 0x09 { return .tsv }
        return byName == .text && isMapped != true ? .text : .csv
    }

    /// JSON Lines if the first line is a whole value and another line follows.
    private static func jsonFormat(_ body: UnsafeBufferPointer<UInt8>) -> InputFormat? {
        guard let json = try? StructuralJSON(maximumDepth: 512) else { return nil }
        let line = unsafe body.prefix { $0 != 0x0A && $0 != 0x0D }
        let first = unsafe UnsafeBufferPointer(rebasing: line)
        if unsafe (try? json.parse(first)) != nil {
            return first.count < body.count ? .jsonl : .json
        }
        return .json
    }

    /// Refuses what is not text at all. `head` is the first 64 KiB at most.
    static func refuseBinary(
        _ head: [UInt8], name: String, encoding: TextEncoding
    ) throws(IngestionError) {
        guard encoding != .utf16LE, encoding != .utf16BE else { return }
        let zeros = head.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
        guard zeros * 100 > head.count else { return }
        throw IngestionError(
            .unsupportedFormat, "'\(name)' is not text: it is full of zero bytes",
            hint: "give --encoding utf-16le or utf-16be if it is UTF-16")
    }
}
