import Records
import Testing

@testable import ReaderProtocol

@Suite("Messages between command and reader")
struct ReaderMessageTests {
    @Test("a request survives its way as JSON")
    func request() throws {
        var limits = ReaderLimits()
        limits.depth = 7
        let request = ReaderRequest(
            .docx, name: "a b.docx", unit: "heading", recordsPath: "a/b", encoding: "utf-8",
            limits: limits)
        #expect(try ReaderRequest(json: CanonicalJSON.encode(request.json)) == request)
    }

    @Test("messages survive their way as frames")
    func messages() throws {
        let record = ReaderRecord(
            fields: ["text": "é", "n": ["1", .null]], place: "page 1", offset: .max, length: 3)
        #expect(try ReaderRecord(payload: record.frame.payload) == record)
        let refusal = ReaderRefusal(reason: "r", message: "m", offset: 4)
        #expect(try ReaderRefusal(payload: refusal.frame.payload) == refusal)
        let fault = ReaderFault(.encrypted, "m", hint: "h")
        #expect(try ReaderFault(payload: fault.frame.payload) == fault)
        let summary = ReaderSummary(parser: "docx/1")
        #expect(try ReaderSummary(payload: summary.frame.payload) == summary)
        #expect(try ReaderMember(payload: ReaderMember(name: "a/b").frame.payload).name == "a/b")
    }

    @Test("headers announce kind and length", arguments: ReaderFrame.Kind.allCases)
    func headers(kind: ReaderFrame.Kind) throws {
        let header = try ReaderFrame(kind, [1, 2, 3]).header()
        #expect(try ReaderFrame.readHeader(header) == (kind, 3))
    }

    @Test(
        "what is no frame is refused",
        arguments: [[0, 0, 0, 1, 0x7A], [0, 0, 0, 0, 0x52], [0xFF, 0xFF, 0xFF, 0xFF, 0x42], [1]])
    func damage(header: [UInt8]) {
        #expect(throws: ReaderProtocolError.self) { try ReaderFrame.readHeader(header) }
    }

    @Test(
        "a message that lacks a member is refused", arguments: ["{}", "[]", "x", "{\"fields\":1}"])
    func malformed(text: String) {
        let payload = Array(text.utf8)
        #expect(throws: ReaderProtocolError.self) { try ReaderRecord(payload: payload) }
        #expect(throws: ReaderProtocolError.self) { try ReaderFault(payload: payload) }
        #expect(throws: ReaderProtocolError.self) { try ReaderRequest(json: payload) }
    }
}
