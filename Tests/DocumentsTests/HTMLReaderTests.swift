import ReaderProtocol
import Records
import Testing

@testable import Documents

@Suite struct HTMLReaderTests {
    @Test(arguments: [
        ("<p>One\n two</p><p>Th<b>re</b>e&nbsp;&amp;<br>four</p>", "One two\n\nThree &\nfour"),
        ("<p>one<p>two<div>three<div>four</div>five</div>", "one\n\ntwo\n\nthree\n\nfour\n\nfive"),
        ("<h1>A</h1>text<h2>B</h2><p>more", "A\n\ntext\n\nB\n\nmore"),
        (
            "<ul><li>a<li><p>b</p><ol start=3><li>c<li>d</ol></ul><p>e",
            "- a\n- b\n  3. c\n  4. d\n\ne"
        ),
        (
            "<table><tr><th>n<th>v<tr><td>a <i>b</i><td>1<tr><td><td>2</table>x",
            "n\tv\na b\t1\n\t2\n\nx"
        ),
        (
            "<table><tr><td><h2>H</h2><p>one</p><td><p>two</p><p>three</p></table>",
            "H\n\none\n\ntwo\n\nthree"
        ),
        (
            "<table><tr><td><table><tr><td>k<td>v</table><td><p>long</p><p>text</p></table>",
            "k\tv\n\nlong\n\ntext"
        ),
        ("<pre>  a\n    b\n</pre>", "  a\n    b"),
        ("x <img src=a alt='a cat  sits'> y<img alt=''>", "x [a cat sits] y"),
        ("<p>a<script>var x='<p>no</p>'</script>b<style>p{}</style><!-- no -->c</p>", "abc"),
        (
            "<p hidden>no</p><p style='display: none'>no</p><p aria-hidden=true>no</p><p>yes</p>",
            "yes"
        ),
        ("<p>one<br><br>two", "one\n\ntwo"),
        (
            "<dl><dt>term<dd>what it means<dt>next<dd>more</dl>",
            "term\nwhat it means\nnext\nmore"
        ),
        ("<p>&eacute;&#x20AC;&unknown; &lt;b&gt;</p>", "é€&unknown; <b>"),
        ("<blockquote>cited</blockquote>after <q>said</q>", "cited\n\nafter \"said\""),
    ])
    func text(html: String, expected: String) {
        #expect(read(html, .html).sink.texts == [expected])
    }

    static let sentence = "This is what the page is about, and it is said at some length here. "

    static let page = """
        <!DOCTYPE html><html lang="en-GB"><head><title>The  title</title>
        <meta name="author" content="A. Writer"><meta property="article:published_time"
        content="2024-05-06"><style>.x{}</style></head><body class="has-sidebar">
        <div id="cookie-banner">We use cookies. <button>Accept</button></div>
        <header><a href=/>Site</a><nav><ul><li><a href=a>Home</a><li><a href=b>News</a></ul></nav>
        </header><div class=content><div class="breadcrumbs">Home &gt; News</div>
        <article><header><h1>Headline</h1></header><p>\(sentence)</p><h2>Part</h2>
        <p>\(sentence)</p><p>See <a href=x>this</a>.</p></article>
        <div class="related-posts"><h3>More</h3><a href=1>One</a></div>
        <form action=/s><input name=q><label>Search the site</label></form></div>
        <aside>Aside</aside><footer>© Somebody</footer></body></html>
        """

    @Test func mainText() {
        let out = read(Self.page, .html)
        let one = String(Self.sentence.dropLast())
        #expect(
            out.sink.records.map(\.fields) == [
                [
                    "text": .string("Headline\n\n\(one)\n\nPart\n\n\(one)\n\nSee this."),
                    "title": "The title", "author": "A. Writer", "language": "en-GB",
                    "date": "2024-05-06",
                ]
            ])
        #expect(out.summary == ReaderSummary(parser: "html/1"))
    }

    @Test func mainTextWithoutArticle() {
        let page = Self.page.replacing("<article>", with: "<div>").replacing(
            "</article>", with: "</div>")
        let text = read(page, .html).sink.texts[0]
        for word in ["cookies", "Home", "Search", "Aside", "©", "More"] {
            #expect(!text.contains(word), "\(word)")
        }
        #expect(text.contains("Part") && text.contains("See this."))
    }

    @Test func units() {
        let headings = read(Self.page, .html, unit: "heading").sink.records
        #expect(headings.map { $0.fields["heading"] } == ["Headline", "Part"])
        #expect(headings.map(\.place) == ["heading 1", "heading 2"])
        let paragraphs = read(Self.page, .html, unit: "paragraph").sink.records
        #expect(paragraphs.map { $0.fields["heading"] } == ["Headline", "Part", "Part"])
        #expect(paragraphs.map(\.offset) == [0, 1, 2])
        #expect(read(Self.page, .html, unit: "page").fault?.code == .unsupported)
    }

    @Test func linkLists() {
        let links = (1...9).map { "<li><a href=x>Section \($0)</a>" }.joined()
        let text = String(repeating: Self.sentence, count: 10)
        let out = read("<div><ul>\(links)</ul></div><p>\(text)</p>", .html)
        #expect(out.sink.texts == [String(text.dropLast())])
        // A page that is nothing but a list of links keeps it.
        #expect(read("<ul>\(links)</ul>", .html).sink.texts[0].contains("- Section 9"))
    }

    @Test(
        arguments: [
            ("<meta charset=iso-8859-1>", [0xE9], nil, "é", "windows-1252"),
            (
                "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>", [0xE9],
                nil, "й", "windows-1251"
            ),
            ("", [0xE9], nil, "é", "windows-1252"),
            ("<meta charset=iso-8859-1>", [0xC3, 0xA9], nil, "é", "utf-8"),
            ("<meta charset=utf-8>", [0xE9], nil, "é", "windows-1252"),
            (
                "<!-- <meta charset=koi8-r> --><meta charset=windows-1251>", [0xE9], nil, "й",
                "windows-1251"
            ),
            ("<meta charset=koi8-r>", [0xC1], "windows-1251", "Б", "windows-1251"),
            ("<meta charset=nonsense>", [0xE9], nil, "é", "windows-1252"),
            ("<meta charset=Shift_JIS>", [0x82, 0xA0], nil, "あ", "cp932"),
        ] as [(String, [UInt8], String?, String, String)])
    func encodings(
        head: String, bytes: [UInt8], declared: String?, expected: String, name: String
    ) {
        let page = Array("<html><head>\(head)</head><body><p>".utf8) + bytes + Array("</p>".utf8)
        let out = read(page, .html, encoding: declared)
        #expect(out.sink.texts == [expected])
        #expect(out.summary?.encoding == name)
    }

    @Test func utf16() {
        let page = "<p>Größe</p>"
        let bytes = page.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        #expect(read([0xFF, 0xFE] + bytes, .html).sink.texts == ["Größe"])
        #expect(read(bytes, .html).sink.texts == ["Größe"])
    }

    @Test func withoutText() {
        for page in ["", "<script>x</script>", "<html></html>", "<img src=x>", " \n "] {
            #expect(read(page, .html).fault?.code == .noText, "\(page)")
        }
    }

    @Test func deepNesting() {
        let page = String(repeating: "<div><span>", count: 20_000) + "deep"
        #expect(read(page, .html).sink.texts == ["deep"])
    }

    @Test(arguments: [
        ("nav", true), ("main-nav", true), ("siteFooter", true), ("has-sidebar", false),
        ("content", false), ("navel", false), ("cookieBanner", true), ("post related", true),
        ("", false), ("loading", false), ("ads", true), ("threads", false),
    ])
    func words(value: String, expected: Bool) {
        #expect(HTMLWords.isBoilerplate(value) == expected)
    }

    @Test func pagesOfTheShelf() throws {
        guard let folder = DocumentsTests.shelf("docs/tika") else { return }
        var (files, bytes, text, without) = (0, 0, 0, 0)
        for name in try names(in: folder, ".html") {
            let page = try contents("\(folder)/\(name)")
            let out = read(page, .html, name: name)
            if out.fault?.code == .noText { without += 1 } else { #expect(out.fault == nil) }
            files += 1
            bytes += page.count
            text += out.sink.texts.reduce(0) { $0 + $1.utf8.count }
            for one in out.sink.texts { #expect(!one.contains("function("), "\(name)") }
        }
        print("html: \(files) pages, \(bytes) bytes, \(text) of text, \(without) without")
    }
}
