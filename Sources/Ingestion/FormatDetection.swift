/// Finds out what a file is, by its name and by how it begins.
enum FormatDetection {
    /// The format of a file called `file` that begins with `sample` (as text).
    ///
    /// The extension decides where it says enough; `.json` that begins with one object per line is
    /// read as a sequence by the JSON reader anyway. `.txt`, an unknown extension and standard
    /// input are decided by content: JSON, regular delimited rows, else text.
    static func format(
        of file: InputFile, sample: UnsafeBufferPointer<UInt8>, isWhole: Bool,
        options: IngestOptions
    ) -> InputFormat {
        if let format = options.format { return format }
        let byName = InputFormat.byExtension[file.pathExtension]
        if let byName, byName != .text { return byName }
        let trimmed = unsafe ByteSearch.trimmed(sample)
        let body = unsafe UnsafeBufferPointer(rebasing: sample[trimmed])
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
        guard regular, enough else { return byName ?? .text }
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
        let signatures: [([UInt8], String)] = [
            ([0x50, 0x4B, 0x03, 0x04], "a zip archive or an Office document"),
            ([0x25, 0x50, 0x44, 0x46], "a PDF document"),
            ([0x1F, 0x8B], "compressed with gzip"),
            ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd"),
            ([0x42, 0x5A, 0x68], "compressed with bzip2"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz"),
            ([0x50, 0x41, 0x52, 0x31], "a Parquet file"),
            ([0xD0, 0xCF, 0x11, 0xE0], "an old Office document"),
            (Array("SQLite format 3".utf8), "an SQLite database"),
        ]
        if let (_, what) = signatures.first(where: { head.starts(with: $0.0) }) {
            throw IngestionError(
                .unsupportedFormat, "'\(name)' is \(what), which is not read here",
                hint: "export it as CSV, JSON Lines or text")
        }
        guard encoding != .utf16LE, encoding != .utf16BE else { return }
        let zeros = head.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
        guard zeros * 100 > head.count else { return }
        throw IngestionError(
            .unsupportedFormat, "'\(name)' is not text: it is full of zero bytes",
            hint: "give --encoding utf-16le or utf-16be if it is UTF-16")
    }
}
