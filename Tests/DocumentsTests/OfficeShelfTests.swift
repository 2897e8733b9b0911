import ReaderProtocol
import Records
import Testing

@testable import Documents

/// Other people's documents: each is read, or refused for a stated reason.
@Suite struct OfficeShelfTests {
    @Test(arguments: [
        ("docx", DocumentFormat.docx, 57), ("xlsx", .xlsx, 31), ("rtf", .rtf, 41),
        ("pdf", .pdf, 48),
        ("eml", .eml, 6), ("mbox", .mbox, 9),
    ])
    func tika(ending: String, format: DocumentFormat, most: Int) throws {
        guard let folder = shelf("docs/tika") else { return }
        var reasons: [String: [String]] = [:]
        var (files, whole, records, refused) = (0, 0, 0, 0)
        for name in try names(in: folder, ".\(ending)") {
            let out = read(try contents("\(folder)/\(name)"), format, name: name)
            files += 1
            #expect((out.summary == nil) != (out.fault == nil), "\(name)")
            if let fault = out.fault {
                if fault.code == .unsupported, format == .pdf { return }
                reasons[fault.code.rawValue, default: []].append(name)
            } else {
                whole += 1
            }
            records += out.sink.records.count
            refused += out.sink.refusals.count
        }
        #expect(files <= most && files > 0)
        let why = reasons.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.count)" }
        print(
            "tika \(ending): \(files) files, \(whole) read, \(records) records, \(refused) parts refused; "
                + why.joined(separator: ", "))
    }

    /// What some of them say, found by reading them.
    @Test(arguments: [
        (
            "footnotes.docx", DocumentFormat.docx,
            "Eto ochen prostoy[1] text so snoskoy\n\n[1] snoska"
        ),
        ("testComment.docx", .docx, "Here is some text."),
        (
            "testWORD_text_box.docx", .docx,
            "This text is directly in the body of the document.\n\nThis text is inside of a text box in the body of the document."
        ),
        ("testWORD_phonetic.docx", .docx, "東京"),
        (
            "testRTFListMicrosoftWord.rtf", .rtf,
            "A short ordered list:\n\n1. one\n2. two\n3. three\n\nA short unordered list:\n\n- first\n- second\n- third\n\nA nested list:\n\n1. a\n- aa\n- ab\n2. b\n3. c"
        ),
        ("testRTFTableCellSeparation.rtf", .rtf, "a\tb\nc\td\nä\të\nö\tü"),
        ("testRTFWindowsCodepage1250.rtf", .rtf, "zażółć gęślą jaźń\n\nZAŻÓŁĆ GĘŚLĄ JAŹŃ"),
        ("testRTFUnicodeGothic.rtf", .rtf, "𐌲𐌿𐍄𐌹𐍃𐌺"),
        ("testFontAfterBufferedText.rtf", .rtf, "Уважаемый клиент!"),
    ])
    func known(name: String, format: DocumentFormat, expected: String) throws {
        guard let folder = shelf("docs/tika") else { return }
        #expect(read(try contents("\(folder)/\(name)"), format).sink.texts == [expected])
    }
}
