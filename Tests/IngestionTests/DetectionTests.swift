import Records
import Testing

@testable import Ingestion

/// What a file is taken for, by content first and by name second.
@Suite struct DetectionTests {
    static func format(_ bytes: [UInt8], _ name: String) throws -> InputFormat {
        let ingestor = Ingestor()
        return try ingestor.open(
            ingestor.survey(InputFile(path: name), source: MemorySource(bytes))
        ).facts.format
    }

    static let mail = "From: a@b.example\nTo: c@d.example\nSubject: hello\nDate: now\n\nbody\n"

    @Test(arguments: [
        ("<?xml version=\"1.0\"?><orders><order/></orders>", "a.txt", InputFormat.xml),
        ("<?xml version=\"1.0\"?><!-- c --><ClinicalDocument xmlns=\"x\">", "a.xml", .ccda),
        ("<ClinicalDocument>", "a", .ccda), ("<hl7:ClinicalDocument>", "a.xml", .ccda),
        ("<!DOCTYPE html><p>x", "a.xml", .html), ("<!doctype HTML>\n<p>", "a.txt", .html),
        ("<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"x\" \"y\">\n<html>", "a", .html),
        ("<html><body>", "a.dat", .html), ("<head><title>", "a", .html),
        ("<!DOCTYPE a [<!ENTITY b \"c>\">]><a>&b;</a>", "a", .xml),
        ("<3 this product\nso much", "a.txt", .text), ("<p>fragment", "a.html", .html),
        ("<details>\n# Title", "a.md", .markdown), ("<a>,b\nc,d\n", "a.csv", .csv),
        ("{\"resourceType\":\"Patient\"}", "a.json", .fhir),
        ("{\"id\":{\"x\":[1]},\"resourceType\" : \"Bundle\"}", "a", .fhir),
        ("{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Patient\"}", "a.ndjson", .fhir),
        ("[{\"resourceType\":\"Patient\"}]", "a.json", .fhir),
        ("{\"a\":{\"resourceType\":\"x\"}}", "a.json", .json),
        ("{\"a\":\"\\\"resourceType\\\":\"}", "a.json", .json),
        ("{\"text\":1}\n{\"text\":2}\n", "a.txt", .jsonl), ("[1,\n2]", "a", .json),
        ("MSH|^~\\&|A|B\rPID|1\r", "a.txt", .hl7), ("\u{B}MSH|^~\\&|A\r\u{1C}\r", "a", .hl7),
        ("FHS|^~\\&|A\r", "a.dat", .hl7), ("MSH is a drug", "a.txt", .text),
        (mail, "a.txt", .eml), (mail, "a", .eml), (mail, "a.csv", .csv),
        ("From x@y.example Mon Jan  1 00:00:00 2026\n" + mail, "a", .mbox),
        ("From x@y.example Mon Jan  1 00:00:00 2026\n" + mail, "a.eml", .eml),
        ("From here on: it was fine.\nTo: me\n\nx", "a.txt", .text),
        ("Note: a\nTo: b\n", "a.txt", .text), (mail, "inbox.mbox", .mbox),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n", "a.txt", .vtt),
        ("1\n00:00:01,000 --> 00:00:02,000\nhi\n", "a.txt", .srt),
        ("1\n2\n3\n", "a.srt", .srt), ("INSERT INTO a VALUES (1);", "a", .sql),
        ("CREATE TABLE a(b);", "a.sql", .sql), ("-- MySQL dump 10.13\n", "dump.txt", .sql),
        ("{\\rtf1 x}", "a.doc", .rtf), ("%PDF-1.7", "a.txt", .pdf), ("junk %PDF-1.7", "a", .pdf),
        ("plain", "a.docx", .docx), ("SQLite format 3\0", "a.dat", .sqlite),
        ("BZh91AY", "a.csv", .archive), ("plain text", "a", .text), ("", "a.csv", .csv),
        ("a\tb\nc\td\n", "a", .tsv), ("a;b\nc;d\ne;f\n", "a", .csv),
    ])
    func byContentThenByName(text: String, name: String, format: InputFormat) throws {
        #expect(try Self.format(Array(text.utf8), name) == format, "\(text.debugDescription)")
    }

    @Test func markedTextIsFoundInUTF16Too() throws {
        let bytes = try #require(
            encode("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>", .utf16LE))
        #expect(try Self.format(bytes, "a") == .xml)
    }

    @Test(arguments: [
        ("word/document.xml", "a.bin", InputFormat.docx), ("xl/workbook.xml", "a.zip", .xlsx),
        ("ppt/presentation.xml", "a", .pptx), ("readme.txt", "a", .archive),
        ("readme.txt", "a.docx", .docx),
    ])
    func zipFilesByTheirParts(part: String, name: String, format: InputFormat) throws {
        let types = part == "readme.txt" ? "other.txt" : "[Content_Types].xml"
        let bytes = [0x50, 0x4B, 0x03, 0x04] + Array("\(types) PK \(part)".utf8)
        #expect(try Self.format(bytes, name) == format)
    }

    @Test(arguments: [
        ("a.doc", "", "unsupported-format", "soffice --headless --convert-to docx"),
        ("a.xls", "", "unsupported-format", "CSV"), ("a.ppt", "", "unsupported-format", ".pptx"),
        ("a.msg", "", "unsupported-format", ".eml"),
        ("a.docx", "", "document-encrypted", "without"),
        ("a", "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", "document-encrypted", "without"),
    ])
    func oldAndEncryptedOffice(name: String, body: String, reason: String, hint: String) throws {
        let bytes = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + Array(body.utf8)
        let error = #expect(throws: IngestionError.self) { try Self.format(bytes, name) }
        #expect(error?.reason == reason && error?.hint.contains(hint) == true, "\(error!)")
    }

    @Test func parquetSaysTheWayRound() throws {
        let error = #expect(throws: IngestionError.self) {
            try Self.format(Array("PAR1".utf8), "a.parquet")
        }
        #expect(error?.code == .unsupportedFormat && error?.hint.contains("duckdb") == true)
    }

    @Test func everyFormatIsAnOption() throws {
        for format in InputFormat.allCases {
            #expect(try InputFormat(option: format.rawValue.uppercased()) == format)
        }
        let error = #expect(throws: IngestionError.self) { try InputFormat(option: "docs") }
        #expect(error?.hint.contains("did you mean 'docx'") == true)
    }
}
