import Records
import Testing

@testable import Ingestion

@Suite struct SubtitleTests {
    static let srt = """
        1
        00:00:01,000 --> 00:00:02,500
        <i>Hello</i> {\\an8}there,

        2
        00:00:02,600 --> 00:00:04,000
        <font color="#fff">my friend.</font>

        3
        00:00:09,000 --> 00:00:10,000
        5 < 6 &amp; so on.

        nonsense block

        4
        00:00:xx,000 --> 00:00:11,000
        bad time

        5
        01:02:03,004 --> 01:02:04,000

        """
    static let vtt = """
        WEBVTT - a title
        Kind: captions

        NOTE
        a remark

        STYLE
        ::cue { color: red }

        intro
        00:01.000 --> 00:02.000 align:start position:0%
        <v.loud Mary Ann>Good <b>morning</b>.</v>

        00:02.000 --> 00:03.000
        <v Bob>Morning. <00:02.500><c>How are you?</c>

        00:03.000 --> 00:04.000
        <v Bob>Fine?

        """

    @Test func cuesBecomeSpeech() throws {
        let out = try ingest(Self.srt, "a.srt")
        #expect(out.texts == ["Hello there, my friend.", "5 < 6 & so on. nonsense block"])
        #expect(out.rows[0].fields["start"] == "00:00:01.000")
        #expect(out.rows[0].fields["end"] == "00:00:04.000")
        #expect(out.reasons == [.badCue] && out.report.count.dropped == ["empty-cue": 1])
        let cues = try ingest(Self.srt, "a.srt") { $0.textUnit = .line }
        #expect(cues.texts.count == 4 && cues.rows[0].place == "at 00:00:01.000")
        let whole = try ingest(Self.srt, "a.srt") { $0.textUnit = .file }
        #expect(whole.rows.count == 1 && whole.rows[0].fields["end"] == "00:00:10.000")
    }

    @Test func voicesAreSpeakers() throws {
        let out = try ingest(Self.vtt, "a.vtt")
        #expect(out.report.facts.format == .vtt && out.rejected.isEmpty)
        #expect(out.texts == ["Good morning.", "Morning. How are you? Fine?"])
        #expect(out.rows.map { $0.fields["speaker"] } == ["Mary Ann", "Bob"])
        let whole = try ingest(Self.vtt, "a.vtt") { $0.textUnit = .file }
        #expect(whole.texts == ["Mary Ann: Good morning.\nBob: Morning. How are you? Fine?"])
    }

    @Test func rollingCaptionsAreReadOnce() throws {
        let lines = ["so today we", "talk about bread", "and butter", "and jam"]
        var text = "WEBVTT\n\n"
        for index in lines.indices {
            let time = "00:0\(index).000 --> 00:0\(index + 1).000"
            text += time + "\n" + (index > 0 ? lines[index - 1] + "\n" : "") + lines[index] + "\n\n"
            text += "00:0\(index + 1).000 --> 00:0\(index + 1).010\n\(lines[index])\n\n"
        }
        let out = try ingest(text, "a.vtt") { $0.textUnit = .file }
        #expect(out.texts == [lines.joined(separator: " ")])
        // Said again after a pause, it was said again.
        let twice =
            "1\n00:00:01,000 --> 00:00:02,000\nNo.\n\n2\n00:00:03,000 --> 00:00:04,000\nNo.\n"
        #expect(try ingest(twice, "a.srt") { $0.textUnit = .file }.texts == ["No. No."])
    }

    @Test func cuesWithoutBlankLinesBetween() throws {
        let text = "1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:02,000 --> 00:00:03,000\nb\n"
        #expect(try ingest(text, "a.srt") { $0.textUnit = .line }.texts == ["a", "b"])
    }

    @Test(arguments: [
        ("00:00:01,500 --> 00:00:02.25", 1500, 2250), ("01:02.5 --> 10:00:00", 62500, 36_000_000),
        ("1:2:3,4-->1:2:3,5 x:1", 3_723_400, 3_723_500),
    ])
    func times(line: String, start: Int, end: Int) {
        let times = Cue.times(line)
        #expect(times?.start == start && times?.end == end)
        #expect(Cue.text(3_723_400) == "01:02:03.400")
        for bad in ["-->", "a --> b", "1 --> 2", "00:00:01 -> 00:00:02", "9999999999:1 --> 1:1"] {
            #expect(Cue.times(bad) == nil)
        }
    }

    @Test func whereChunksEndDoesNotMatterAndNothingCrashes() throws {
        for (text, name) in [(Self.srt, "a.srt"), (Self.vtt, "a.vtt")] {
            let whole = try ingest(text.replacing("\n", with: "\r\n"), name)
            for chunk in 1...50 {
                let part = try ingest(text.replacing("\n", with: "\r\n"), name) {
                    $0.chunkBytes = chunk
                }
                #expect(part.rows == whole.rows && part.rejected == whole.rejected, "\(chunk)")
            }
        }
        var random = SeededRandom(seed: 46)
        var (rows, refused) = (0, 0)
        for round in 0..<1500 {
            var bytes = Array((round % 2 == 0 ? Self.srt : Self.vtt).utf8)
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes[place] = UInt8.random(in: 0...255, using: &random)
                } else {
                    bytes.removeSubrange(place..<min(place + 9, bytes.count))
                }
            }
            var options = IngestOptions()
            options.format = .vtt
            options.encoding = .utf8
            options.chunkBytes = 4096
            let out = try ingest(bytes, "a.vtt", options)
            rows += out.rows.count
            refused += out.rejected.count
        }
        print("subtitle fuzz: 1500 files, \(rows) rows, \(refused) refused")
    }
}
