import ReaderProtocol
import Records
import Testing

@testable import Documents

/// Messages written here, each for one rule.
@Suite struct MailTests {
    private func fields(_ mail: String) throws -> [String: JSONValue] {
        let out = read(mail, .eml)
        return try #require(out.sink.records.first, "\(String(describing: out.fault))").fields
    }

    @Test(arguments: [
        ("plain", "plain"),
        ("=?utf-8?Q?caf=C3=A9_au_lait?=", "café au lait"),
        ("=?UTF-8?B?w4TDlsOc?=", "ÄÖÜ"),
        ("=?iso-8859-1?q?a?= =?iso-8859-1?q?b?=", "ab"),
        ("=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b"),
        // One character cut in two between words.
        ("=?utf-8?b?w4Q=?= =?utf-8?b?w5bD?=\r\n =?utf-8?b?nA==?=", "ÄÖÜ"),
        ("=?utf-8?Q?a b c?=", "a b c"),
        ("=?utf-8?Q?100=25=3F=3D?=", "100%?="),
        ("=?iso-2022-jp?B?GyRCJF4kXyRgGyhC?=", "まみむ"),
        ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?big5?B?p0GmbqFJ?=", "你好！"),
        ("=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=", "Привет"),
        ("=?utf-8*en?Q?language?=", "language"),
        ("=?nonsense?Q?caf=C3=A9?=", "café"),
        ("=?utf-8?X?no?=", "=?utf-8?X?no?="),
        ("Grüße raw", "Grüße raw"),
        ("folded\r\n\tover\r\n  lines", "folded\tover  lines"),
    ])
    func subjects(raw: String, expected: String) throws {
        #expect(try fields("Subject: \(raw)\r\n\r\nx")["subject"]?.stringValue == expected)
    }

    @Test(arguments: [
        ("a@b.example", "a@b.example"),
        ("Ann Lee <a@b.example>", "Ann Lee <a@b.example>"),
        ("\"Lee, Ann\" <a@b.example>", "\"Lee, Ann\" <a@b.example>"),
        ("a@b.example (Ann Lee)", "Ann Lee <a@b.example>"),
        ("=?utf-8?Q?J=C3=B6rg?= <j@b.example>, c@d.example", "Jörg <j@b.example>, c@d.example"),
        ("<@x,@y:a@b.example>", "a@b.example"),
        ("Team: a@b.example, C <c@d.example>;", "a@b.example, C <c@d.example>"),
        ("\"a@b.example\" <a@b.example>", "a@b.example"),
        ("Ann (the (nested) one) <a(x)@b.example>", "Ann <a@b.example>"),
        ("Undisclosed recipients:;", ""),
    ])
    func addresses(raw: String, expected: String) throws {
        #expect((try fields("To: \(raw)\n\nx")["to"]?.stringValue ?? "") == expected)
    }

    @Test(arguments: [
        ("Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T09:55:06-06:00"),
        ("21 Nov 97 09:55 GMT", "1997-11-21T09:55:00Z"),
        ("Fri, 21 Nov 1997 09:55:06 EST (a comment)", "1997-11-21T09:55:06-05:00"),
        ("Fri Nov 21 09:55:06 1997", "1997-11-21T09:55:06Z"),
        ("Tue, 1-Jul-03 10:52:37 +0200", "2003-07-01T10:52:37+02:00"),
        ("yesterday", "yesterday"),
        ("Fri, 99 Nov 1997 09:55:06 -0600", "Fri, 99 Nov 1997 09:55:06 -0600"),
    ])
    func dates(raw: String, expected: String) throws {
        #expect(try fields("Date: \(raw)\n\nx")["date"]?.stringValue == expected)
    }

    @Test(arguments: [
        ("quoted-printable", "caf=C3=A9 =\r\nau lait=3D=ZZ  \r\nend", "café au lait==ZZ\nend"),
        ("base64", "Y2Fm\r\nw6k=", "café"),
        // Damage: blanks, stray bytes, no padding.
        ("base64", "Y2 Fmw6kgYXUgbGF-pdCBzdWNyw6k", "café au lait sucré"),
        ("BASE64 ; x", "Y2Fmw6k=", "café"),
        // Plain text under the name of base64.
        ("base64", "This is not, in fact, base64 at all.", "This is not, in fact, base64 at all."),
        ("8bit", "café", "café"),
        ("x-uuencode", "begin 644 x\r\n$8V%F90``\r\n`\r\nend\r\n", "cafe"),
        ("", "plain", "plain"),
    ])
    func transferEncodings(name: String, body: String, expected: String) throws {
        let mail =
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: \(name)\r\n\r\n"
        #expect(try fields(mail + body)["text"]?.stringValue == expected)
    }

    @Test(arguments: [
        ("text/plain; charset=iso-8859-1", [0x63, 0xE9], "cé"),
        ("text/plain; charset=windows-1252", [0x80], "€"),
        ("text/plain; charset=\"koi8-r\"", [0xF0, 0xD2], "Пр"),
        ("text/plain; charset=shift_jis", [0x82, 0xA0], "あ"),
        ("text/plain; charset=iso-2022-jp", [0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42], "あ"),
        ("text/plain; charset=gbk", [0xC4, 0xE3], "你"),
        ("text/plain; charset=big5", [0xA7, 0x41], "你"),
        ("text/plain; charset=euc-kr", [0xB0, 0xA1], "가"),
        ("text/plain; charset=utf-7", [0x2B, 0x41, 0x4F, 0x6B, 0x2D], "é"),
        ("text/plain; charset=us-ascii", [0xC3, 0xA9], "é"),
        ("text/plain; charset=utf-8", [0xE9], "é"),
        ("text/plain; charset=no-such", [0xE9], "é"),
        ("text/plain", [0xE9], "é"),
    ])
    func charsets(type: String, body: [UInt8], expected: String) throws {
        let out = read(Array("Content-Type: \(type)\n\n".utf8) + body, .eml)
        #expect(out.sink.texts == [expected])
    }

    @Test func alternativesAndAttachments() throws {
        let mail = """
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="out"

            preamble
            --out
            Content-Type: multipart/alternative; boundary=in

            --in
            Content-Type: text/plain

            the plain one
            --in
            Content-Type: multipart/related; boundary=rel

            --rel
            Content-Type: text/html

            <p>the rich one</p>
            --rel
            Content-Type: image/png; name="=?utf-8?Q?b=C3=BCld.png?="
            Content-Transfer-Encoding: base64

            AAAA
            --rel--
            --in--
            --out
            Content-Type: text/plain
            Content-Disposition: attachment; filename*0*=utf-8''%C3%A9t; filename*1="e.txt"

            not text
            --out--
            epilogue
            """
        let fields = try fields(mail)
        #expect(fields["text"] == "the plain one")
        #expect(
            fields["attachments"] == [
                ["name": "büld.png", "type": "image/png", "bytes": "3"],
                ["name": "éte.txt", "type": "text/plain", "bytes": "8"],
            ])
    }

    @Test func blankPlainTextYieldsToHTML() throws {
        let mail = """
            Content-Type: multipart/alternative; boundary=x

            --x
            Content-Type: text/plain

              \u{20}
            --x
            Content-Type: text/html; charset=utf-8

            <html><head><title>no</title><style>p {}</style></head><body>
            <div>Dear&nbsp;Ann,</div><p>one &amp; two<br>three &#8364; &eacute;</p>
            <ul><li>a<li>b</ul><table><tr><td>1</td><td>2</td></tr></table>
            <blockquote>old words</blockquote><script>x</script></body></html>
            """
        let fields = try fields(mail)
        #expect(
            fields["text"]?.stringValue
                == "Dear\u{A0}Ann,\n\none & two\nthree € é\n\n- a\n- b\n\n1\t2")
        #expect(fields["quoted"]?.stringValue == "> old words")
    }

    @Test(arguments: [
        // No boundary said, no end, no header in a part.
        ("multipart/mixed", "--abc\nContent-Type: text/plain\n\nbody\n--abc--", "body"),
        ("multipart/mixed; boundary=abc", "--abc\n\nbody", "body"),
        ("multipart/mixed; boundary=abc", "just a body", "just a body"),
        (
            "multipart/mixed; boundary=abc", "--abcd\n--abc\n\nbody\n--abc  \n\nmore\n",
            "body\n\nmore"
        ),
        ("text", "body", "body"),
        ("nonsense; charset", "body", "body"),
        ("multipart/signed; boundary=a", "--a\n\nbody\n--a\nContent-Type: x/y\n\nz\n--a--", "body"),
    ])
    func brokenStructure(type: String, body: String, expected: String) throws {
        #expect(try fields("Content-Type: \(type)\n\n\(body)")["text"]?.stringValue == expected)
    }

    @Test func messageInsideIsQuoted() throws {
        let mail = """
            Content-Type: multipart/digest; boundary=x

            --x

            From: Ann <a@b.example>
            Subject: inner

            inner words
            --x--
            """
        let fields = try fields(mail)
        #expect(fields["text"] == "")
        #expect(
            fields["quoted"]?.stringValue
                == "From: Ann <a@b.example>\nSubject: inner\n\ninner words")
        #expect(fields["attachments"]?.arrayValue?.count == 1)
    }

    @Test func flowedText() throws {
        let head = "Content-Type: text/plain; format=flowed"
        let body = "one \ntwo\n> old \n> words\n  stuffed\n-- \nAnn"
        let fields = try fields("\(head)\n\n\(body)")
        #expect(fields["text"]?.stringValue == "one two\n stuffed")
        #expect(fields["quoted"]?.stringValue == "> old words")
        #expect(fields["signature"]?.stringValue == "Ann")
        #expect(
            FlowedText.unfold("eng \nlisch", deletesSpace: true) == "englisch")
    }

    @Test func headerless() throws {
        #expect(try fields("\n\nonly a body\n")["text"]?.stringValue == "only a body")
        #expect(try fields("Subject: no body")["text"]?.stringValue == "")
        #expect(read("", .eml).fault?.code == .malformed)
        #expect(read(" \n \n", .eml).fault?.code == .malformed)
    }

    @Test func encryptedAndDeep() throws {
        let smime = "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nAAAA"
        #expect(read(smime, .eml).fault?.code == .encrypted)
        let pgp = "Content-Type: multipart/encrypted; boundary=x\n\n--x\n\nVersion: 1\n--x--"
        #expect(read(pgp, .eml).fault?.code == .encrypted)
        let deep = String(repeating: "Content-Type: message/rfc822\n\n", count: 400) + "\nx"
        #expect(read(deep, .eml).fault?.code == .overLimit)
    }
}

/// What was written, what was quoted, how it was signed.
@Suite struct MailQuoteTests {
    @Test(arguments: [
        ("Yes.\n\nOn Mon, 3 Jan 2022, Ann <a@b.example> wrote:\n> May I?\n", "Yes.", "", 2),
        (
            "Yes.\n\nOn Mon, 3 Jan 2022 at 10:00, Ann\n<a@b.example> wrote:\n\n> May I?", "Yes.",
            "", 3
        ),
        ("Ja.\n\nAm 3.1.2022 um 10:00 schrieb Ann Lee:\n> Darf ich?\n", "Ja.", "", 2),
        ("Oui.\n\nLe lun. 3 janv. 2022 à 10:00, Ann a écrit :\n> Puis-je ?", "Oui.", "", 2),
        ("Да.\n\n3 января 2022 г., 10:00, Ann <a@b.example> написал:\n> Можно?", "Да.", "", 2),
        ("好。\n\n张三 <z@b.example> 于2022年1月3日周一 10:00写道：\n> 可以吗？", "好。", "", 2),
        ("Top.\n\n-----Original Message-----\nFrom: Ann\nSent: today\n\nold", "Top.", "", 5),
        ("Oben.\n\n-----Ursprüngliche Nachricht-----\nVon: Ann\n\nalt", "Oben.", "", 4),
        (
            "Top.\n\n________________________________\nFrom: A\nSent: x\nTo: y\nSubject: z\n\nold",
            "Top.", "", 7
        ),
        ("Oben.\n\nVon: A\nGesendet: x\nAn: y\nBetreff: z\n\nalt", "Oben.", "", 6),
        ("上面。\n\n发件人: A\n发送时间: x\n收件人: y\n主题: z\n\n旧", "上面。", "", 6),
        ("a\n> q1\nb\n> q2\nc", "a\nb\nc", "", 2),
        ("Hi\n-- \nAnn\nACME", "Hi", "Ann\nACME", 0),
        ("Hi\n\nBest regards,\nAnn Lee\nACME", "Hi", "Best regards,\nAnn Lee\nACME", 0),
        ("Hallo\n\nMit freundlichen Grüßen\n\nAnn", "Hallo", "Mit freundlichen Grüßen\n\nAnn", 0),
        ("ok\n\nSent from my phone", "ok", "Sent from my phone", 0),
        ("top\n-- \nAnn\n\nOn 3 Jan 2022, B wrote:\n> old", "top", "Ann", 2),
        // What only looks like it.
        (
            "On the other hand he wrote:\nnothing at all",
            "On the other hand he wrote:\nnothing at all", "", 0
        ),
        ("From: the start\nit was good", "From: the start\nit was good", "", 0),
        (
            "Thanks for the book, it is great.\nIt arrived today.",
            "Thanks for the book, it is great.\nIt arrived today.", "", 0
        ),
        (
            "a\n--\nb" + String(repeating: "\nline", count: 40),
            "a\n--\nb" + String(repeating: "\nline", count: 40), "", 0
        ),
        // All of it is quoted: it stays text.
        ("> only\n> quotes", "> only\n> quotes", "", 0),
        (
            "---------- Forwarded message ----------\nFrom: A\n\nnews",
            "---------- Forwarded message ----------\nFrom: A\n\nnews", "", 0
        ),
    ])
    func parts(body: String, text: String, signature: String, quotedLines: Int) {
        let split = QuotedReply.split(body)
        #expect(split.text == text)
        #expect(split.signature == signature)
        let lines = split.quoted.isEmpty ? 0 : MailText.lines(split.quoted).count
        #expect(lines == quotedLines, "\(split.quoted)")
    }
}

/// Mailboxes.
@Suite struct MailMailboxTests {
    private let one = "From a@b.example Mon Jan  3 10:00:00 2022\nSubject: 1\n\nfirst\n"
    private let two =
        "From c@d.example Mon Jan  3 11:00:00 2022\nSubject: 2\n\n>From here\n>>From there\nFrom me\n"

    @Test(arguments: [1, 2, 3, 7, 64, 100_000])
    func cutsAtEveryChunkSize(size: Int) throws {
        let bytes = Array((one + "\n" + two).utf8)
        var splitter = MailboxSplitter(most: 1000)
        var found: [MailboxSplitter.Message] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            found += try splitter.add(
                Array(bytes[start..<min(start + size, bytes.count)]), isEnd: false)
        }
        found += try splitter.add([], isEnd: true)
        #expect(found.map(\.offset) == [0, UInt64(one.utf8.count + 1)])
        #expect(found.map(\.length).reduce(0, +) == UInt64(bytes.count))
        #expect(found.flatMap { $0.bytes ?? [] } == bytes)
    }

    @Test func unescapesAndPlaces() throws {
        let out = read(one + "\n" + two, .mbox)
        #expect(out.sink.texts == ["first", "From here\nFrom me"])
        #expect(out.sink.records[1].fields["quoted"] == ">From there")
        #expect(out.sink.records.map(\.place) == ["message 1", "message 2"])
        #expect(out.sink.records[1].offset == UInt64(one.utf8.count + 1))
        #expect(out.sink.records[1].length == UInt64(two.utf8.count))
        #expect(out.summary?.parser == "mbox/1")
    }

    @Test func contentLengthIsNotBelieved() {
        let lying = one.replacing("Subject: 1", with: "Content-Length: 99999")
        #expect(read(lying + "\n" + two, .mbox).sink.records.count == 2)
    }

    @Test func tooLongAndBad() {
        var limits = ReaderLimits()
        limits.recordBytes = 200
        let long = one + String(repeating: "words and words\n", count: 100)
        let out = read(long + "\n" + two, .mbox, limits: limits)
        #expect(out.sink.refusals.map(\.reason) == ["too-long"])
        #expect(out.sink.refusals.first?.length == UInt64(long.utf8.count + 1))
        #expect(out.sink.texts.count == 1)
        #expect(read("Subject: x\n\ny", .mbox).fault?.code == .malformed)
        #expect(read("", .mbox).sink.records.isEmpty)
    }
}
