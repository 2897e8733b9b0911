import Foundation
import ReaderProtocol
import Records
import Testing

@testable import Documents

/// PDF by `pdftotext`, where it is installed.
@Suite struct PDFTests {
    private static let isInstalled: Bool = {
        let out = read(OfficeFixture.pdf([["x"]]), .pdf)
        if out.fault?.code == .unsupported { print("skipped: pdftotext is not installed") }
        return out.fault?.code != .unsupported
    }()

    @Test func text() throws {
        guard Self.isInstalled else { return }
        let line = "This is a line of text that goes on and on up to the end of the"
        let out = read(
            OfficeFixture.pdf([
                [line, "column, where the next one begins and is exam-", "ined.", "", "New."]
            ]), .pdf)
        let fields = try #require(out.sink.records.first).fields
        #expect(
            fields["text"]?.stringValue
                == "\(line) column, where the next one begins and is examined.\n\nNew.")
        #expect(fields["title"] == "The title")
        #expect(fields["author"] == "Ann Lee")
    }

    @Test func pagesLoseWhatRepeats() {
        guard Self.isInstalled else { return }
        let pages = (1...4).map { page in
            [
                "ACME annual report", "",
                "Words of page \(["one", "two", "three", "four"][page - 1]).",
                "More here.", "And here.", "", "Page \(page) of 4",
            ]
        }
        let out = read(OfficeFixture.pdf(pages), .pdf, unit: "page")
        #expect(out.sink.records.map(\.place) == (1...4).map { "page \($0)" })
        #expect(out.sink.texts.first == "Words of page one.\nMore here.\nAnd here.")
        #expect(out.sink.texts.allSatisfy { !$0.contains("ACME") && !$0.contains("of 4") })
    }

    @Test func pagesWithoutText() {
        guard Self.isInstalled else { return }
        #expect(read(OfficeFixture.pdf([[]]), .pdf).fault?.code == .noText)
        let out = read(OfficeFixture.pdf([["a"], []]), .pdf, unit: "page")
        #expect(out.sink.refusals.map(\.place) == ["page 2"])
        #expect(read(OfficeFixture.pdf([["a"], []]), .pdf).sink.notes.count == 1)
    }

    @Test func refused() {
        guard Self.isInstalled else { return }
        #expect(read("plain", .pdf).fault?.code == .malformed)
        #expect(read("%PDF-1.4\nbroken", .pdf).fault?.code == .malformed)
        #expect(read(OfficeFixture.pdf([["a"]]), .pdf, unit: "verse").fault?.code == .unsupported)
    }

    @Test func limitsOfTheChild() throws {
        var limits = ReaderLimits()
        limits.cpuSeconds = 1
        let tool = ToolProcess(limits: limits, most: 1000)
        let nothing = ToolProcess.Input.bytes(DocumentBytes([]))
        #expect(try tool.run("no-such-program", [], nothing) == nil)
        #expect(throws: ReaderFault.self) { try tool.run("sleep", ["5"], nothing) }
        #expect(throws: ReaderFault.self) { try tool.run("yes", [], nothing) }
        let big = [UInt8](repeating: 0x61, count: 900)
        let copied = try #require(try tool.run("cat", [], .bytes(DocumentBytes(big))))
        #expect(copied.output == big && copied.status == 0)
        let path =
            FileManager.default.temporaryDirectory.path
            + "/tundish-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        // It writes no file, whatever its input makes it do.
        let written = try #require(
            try tool.run("tee", [path], .bytes(DocumentBytes(big))))
        #expect(written.status != 0)
    }

    @Test(arguments: [
        ("e\u{FB03}cient \u{FB01}sh", "efficient fish"), ("so\u{AD}\nft", "soft"),
        ("a\u{AD}b", "ab"),
        ("\u{2022} one\n\u{2022} two", "• one\n• two"), ("short\nlines", "short\nlines"),
        ("", ""), ("\u{0C}\u{0C}", ""),
    ])
    func normalised(raw: String, expected: String) {
        #expect(PDFText(Array(raw.utf8)).whole == expected)
    }

    @Test func paragraphsGoOnOverPages() {
        #expect(
            PDFText(Array("the end of a\u{0C}sentence.\u{0C}New".utf8)).whole
                == "the end of a sentence.\n\nNew")
    }
}
