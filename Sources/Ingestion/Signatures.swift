internal import Records

/// Binary formats by their first bytes.
enum Signatures {
    /// The format that `head` (the first 64 KiB at most) begins as; nil for text.
    ///
    /// Throws `unsupportedFormat` for what is known and not read, `refused` for what is encrypted.
    static func format(_ head: [UInt8], file: InputFile) throws(IngestionError) -> InputFormat? {
        let byName = InputFormat.byExtension[file.pathExtension]
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 5, 6]) {
            return try zip(head, file: file)
        }
        for (signature, format) in known where head.starts(with: signature) { return format }
        // The signature of tar stands behind its first header's name (POSIX pax, ustar).
        if head.count > 262, head[257..<262].elementsEqual(Array("ustar".utf8)) { return .archive }
        // PDF allows bytes before its header (ISO 32000-1, Annex H.3.4.1).
        if contains(head.prefix(1024), "%PDF-") { return .pdf }
        if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            throw compoundFile(head, file: file)
        }
        if head.starts(with: Array("PAR1".utf8)) {
            throw refusal(
                file, "a Parquet file, which is not read yet",
                hint: "write it as JSON Lines: duckdb -c \"COPY (FROM 'FILE.parquet') TO "
                    + "'FILE.jsonl'\", or pandas.read_parquet(…).to_json(…, orient='records', "
                    + "lines=True)")
        }
        for (signature, what, hint) in unread where head.starts(with: signature) {
            throw refusal(file, what, hint: hint)
        }
        // LZMA alone has no signature that nothing else has.
        return byName == .archive && file.pathExtension == "lzma" ? .archive : nil
    }

    private static let known: [([UInt8], InputFormat)] = [
        ([0x1F, 0x8B], .archive),  // gzip, RFC 1952 §2.3.1
        ([0x28, 0xB5, 0x2F, 0xFD], .archive),  // Zstandard, RFC 8878 §3.1.1
        (Array("BZh".utf8), .archive), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .archive),
        ([0x04, 0x22, 0x4D, 0x18], .archive), ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .archive),
        (Array("SQLite format 3\0".utf8), .sqlite), (Array("{\\rtf".utf8), .rtf),
    ]

    private static let unread: [([UInt8], String, String)] = [
        (Array("ARROW1".utf8), "an Arrow or Feather file", "write it as JSON Lines with pandas"),
        (Array("Obj\u{1}".utf8), "an Avro file", "write it as JSON Lines: avro cat FILE"),
        (Array("Rar!".utf8), "a RAR archive", "pack it again as .zip or .tar.gz"),
        ([0x89, 0x50, 0x4E, 0x47], "a PNG picture", "run text recognition (OCR) on it first"),
        ([0xFF, 0xD8, 0xFF], "a JPEG picture", "run text recognition (OCR) on it first"),
        (Array("GIF8".utf8), "a GIF picture", "run text recognition (OCR) on it first"),
        ([0x7F, 0x45, 0x4C, 0x46], "a program", "leave it out"),
    ]

    /// The parts of an OPC package (ECMA-376-2) say which kind of document a zip file is.
    private static func zip(
        _ head: [UInt8], file: InputFile
    ) throws(IngestionError) -> InputFormat {
        for (mark, what) in [
            ("mimetypeapplication/vnd.oasis.opendocument", "an OpenDocument file"),
            ("mimetypeapplication/epub+zip", "an EPUB book"),
        ] where contains(head.prefix(256), mark) {
            throw refusal(
                file, "\(what), which is not read yet",
                hint: "convert it: soffice --headless --convert-to docx FILE (or xlsx, pptx)")
        }
        let byName = InputFormat.byExtension[file.pathExtension]
        if byName == .docx || byName == .xlsx || byName == .pptx { return byName ?? .archive }
        guard contains(head[...], "[Content_Types].xml") || contains(head[...], "_rels/.rels")
        else { return .archive }
        for (part, format) in [("word/", InputFormat.docx), ("xl/", .xlsx), ("ppt/", .pptx)]
        where contains(head[...], part) {
            return format
        }
        return .archive
    }

    /// OLE2: Word, Excel and PowerPoint before 2007, Outlook messages, or an encrypted package
    /// (MS-OFFCRYPTO §2.3.4).
    private static func compoundFile(_ head: [UInt8], file: InputFile) -> IngestionError {
        let byName = InputFormat.byExtension[file.pathExtension]
        if contains(head[...], "EncryptedPackage", wide: true)
            || byName == .docx || byName == .xlsx || byName == .pptx
        {
            return IngestionError(
                .refused, "'\(file.relativePath)' is under a password",
                hint: "open it in Office and save it without one", reason: "document-encrypted")
        }
        switch file.pathExtension {
        case "msg":
            return refusal(
                file, "an Outlook message", hint: "save it as .eml, or convert it with msgconvert")
        case "xls":
            return refusal(
                file, "an old Excel workbook",
                hint: "save it as .xlsx or CSV: soffice --headless --convert-to xlsx FILE")
        case "ppt":
            return refusal(
                file, "an old PowerPoint presentation",
                hint: "save it as .pptx: soffice --headless --convert-to pptx FILE")
        default:
            return refusal(
                file, "an old Office document",
                hint: "save it as .docx: soffice --headless --convert-to docx FILE")
        }
    }

    private static func refusal(
        _ file: InputFile, _ what: String, hint: String
    ) -> IngestionError {
        IngestionError(.unsupportedFormat, "'\(file.relativePath)' is \(what)", hint: hint)
    }

    /// Whether ASCII `text` occurs; `wide`: as UTF-16LE.
    private static func contains(
        _ bytes: ArraySlice<UInt8>, _ text: String, wide: Bool = false
    ) -> Bool {
        let wanted: [UInt8] = text.utf8.reduce(into: []) { $0 += wide ? [$1, 0] : [$1] }
        guard let first = wanted.first, bytes.count >= wanted.count else { return false }
        var start = bytes.startIndex
        while let at = bytes[start...].firstIndex(of: first) {
            if bytes[at...].starts(with: wanted) { return true }
            start = at + 1
        }
        return false
    }
}
