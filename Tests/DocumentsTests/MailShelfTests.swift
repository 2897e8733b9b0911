import Foundation
import ReaderProtocol
import Records
import Testing

@testable import Documents

/// Other people's mail.
@Suite struct MailShelfTests {
    /// What twenty of the messages say, found by reading them.
    private static let expected: [String: String] = [
        "basic_email.eml": "Plain email.\n\nHope it works well!\n\nMikel",
        "raw_email.eml": "대부분의 마찬가지로, 우리는 하나님을 믿습니다.\n\n제 이름은 Jamis입니다.",
        "raw_email_simple.eml": "Hello Mikel", "mix_caps_content_type.eml": "foo bar",
        "japanese.eml": "かきくえこ", "japanese_iso_2022.eml": "すみません。",
        "japanese_attachment.eml": "testing", "bad_encoded_subject.eml": "TEST",
        "raw_email_trailing_dot.eml": "Testing, testing, 123.",
        "attachment_content_disposition.eml": "This is the first part.",
        "attachment_message_rfc822.eml": "This is the first part.",
        "raw_email8.eml": "We should not include these files or vcards as attachments.",
        "raw_email2.eml": "We should not include these files or vcards as attachments.",
        "raw_email4.eml": "Some text", "missing_body.eml": "",
        "attachment_only_email.eml": "", "email_with_similar_boundaries.eml": "Test",
        "example01.eml": "This is a message just to say hello.\nSo, \"Hello\".",
        "example03.eml": "Hi everyone.", "utf8_headers.eml": "body",
        "raw_email_reply.eml": "Message body",
        "raw_email_with_nested_attachment.eml":
            "Here is a test of an attachment via email.\n\n- Jamis",
    ]

    @Test func mikel() throws {
        guard let folder = shelf("docs/mikel-mail") else { return }
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
        var (files, blank, met) = (0, 0, 0)
        for name in names where name.hasSuffix(".eml") {
            var isFolder: ObjCBool = false
            let path = "\(folder)/\(name)"
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            let out = read(Array(try Data(contentsOf: URL(fileURLWithPath: path))), .eml)
            files += 1
            #expect(out.fault == nil && out.sink.records.count == 1, "\(name)")
            let text = out.sink.texts.first ?? ""
            if text.isEmpty { blank += 1 }
            let file = name.split(separator: "/").last.map(String.init) ?? ""
            if let wanted = Self.expected[file] {
                #expect(text == wanted, "\(name)")
                met += 1
            }
        }
        #expect(files >= 100 && met == Self.expected.count)
        print("mikel-mail: \(files) read, \(blank) without a text of their own, \(met) compared")
    }

    @Test func tika() throws {
        guard let folder = shelf("docs/tika") else { return }
        func records(_ name: String, _ task: String) throws -> [[String: JSONValue]] {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
            let out = read(bytes, task == "eml" ? .eml : .mbox)
            #expect(out.fault == nil, "\(name)")
            return out.sink.records.map(\.fields)
        }
        #expect(
            try records("simple.mbox", "mbox").map { $0["text"] } == [
                "Test content 1", "Test content 2",
            ])
        #expect(try records("quoted.mbox", "mbox").first?["quoted"] == "> quoted stuff")
        #expect(try records("headers.mbox", "mbox").first?["date"] == "2009-06-09T23:58:45-04:00")
        #expect(try records("complex.mbox", "mbox").count == 3)
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            if name.hasSuffix(".mbox") { count += try records(name, "mbox").count }
            if name.hasSuffix(".eml") { count += try records(name, "eml").count }
        }
        print("tika mail: \(count) messages read")
    }
}
