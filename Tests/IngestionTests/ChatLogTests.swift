import Records
import Testing

@testable import Ingestion

@Suite struct ChatLogTests {
    @Test(arguments: [
        ("31.12.23, 21:41 - Ann Lee: hi: there", "31.12.23, 21:41", "Ann Lee", "hi: there"),
        ("12/31/23, 9:41\u{202F}PM - Bob: yo", "12/31/23, 9:41\u{202F}PM", "Bob", "yo"),
        ("\u{200E}[31/12/2023, 21:41:05] Ann: \u{200E}x", "31/12/2023, 21:41:05", "Ann", "x"),
        ("[2023-12-31, 9:41:05 p.m.] +49 151 1: x", "2023-12-31, 9:41:05 p.m.", "+49 151 1", "x"),
        ("[21:41] <@ann> hi <b>", "21:41", "ann", "hi <b>"),
        ("21:41:05 <bob> x", "21:41:05", "bob", "x"),
        ("2024-01-02 21:41 <ann> x", "2024-01-02 21:41", "ann", "x"),
        ("[2024-01-02T21:41] <ann> x", "2024-01-02T21:41", "ann", "x"),
        ("21:41 Ann: x", "21:41", "Ann", "x"),
        ("[21:41:05] Ann Lee: x", "21:41:05", "Ann Lee", "x"),
    ])
    func lines(line: String, time: String, author: String, text: String) throws {
        let read = try #require(ChatLogLine(line))
        #expect(read.time == time && read.author == author && read.text == text)
    }

    @Test(arguments: [
        "", "hi", "Ann: x", "21:41", "21:41 no name here", "[21:41 Ann: x", "1.2.3 Ann: x",
        "21:41 http://x", "99", "[", "31.12.23, - Ann: x",
    ])
    func otherLines(line: String) { #expect(ChatLogLine(line) == nil) }

    static let log = """
        31.12.23, 21:40 - Messages are end-to-end encrypted.
        31.12.23, 21:41 - Ann: hi
        second line

        third
        31.12.23, 21:42 - Bob: yo

        """

    @Test func messagesAndWholeTalks() throws {
        let out = try ingest(Self.log, "chat.txt")
        #expect(out.report.facts.format == .chatlog)
        #expect(out.texts == ["hi\nsecond line\n\nthird", "yo"])
        #expect(out.rows[1].fields["author"] == "Bob")
        #expect(out.report.count.dropped == ["chat-event": 1] && out.rejected.isEmpty)
        let whole = try ingest(Self.log, "chat.txt") { $0.textUnit = .file }
        #expect(whole.texts == ["Ann: hi\nsecond line\n\nthird\nBob: yo"])
        for chunk in 1...40 {
            let part = try ingest(Self.log, "chat.txt") { $0.chunkBytes = chunk }
            #expect(part.rows == out.rows)
        }
        let early = try ingest("what?\n" + Self.log, "a.txt") { $0.format = .chatlog }
        #expect(early.reasons == [.chatForm] && early.rows.count == 2)
    }

    @Test func logsOfProgramsStayText() throws {
        let log = """
            2024-01-02 21:41:05 INFO Server: started
            [2024-01-02 21:41:06] ERROR: failed
            21:41:07 WARN: slow
            """
        #expect(try ingest(log, "a.log").report.facts.format == .text)
    }

    @Test func randomTextNeverCrashes() throws {
        var random = SeededRandom(seed: 47)
        let pieces = [
            "31.12.23", ", ", "21:41", " - ", "Ann", ": ", "[", "]", "<", ">", "\n", "hi",
            "\u{200E}",
            "PM", " ", "é", ":", ".",
        ]
        var rows = 0
        for _ in 0..<2000 {
            var text = ""
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                text += pieces.randomElement(using: &random) ?? ""
                if text.hasSuffix("\n"), Bool.random(using: &random) { text += "[21:41] Ann: " }
            }
            rows += try ingest(text, "a.txt") {
                $0.format = .chatlog
                $0.chunkBytes = 4096
            }.rows.count
        }
        print("chat log fuzz: 2000 files, \(rows) messages")
    }
}
