import ReaderProtocol
import Records
import Testing

@Suite struct XMLReaderTests {
    static let orders = """
        <?xml version="1.0"?>
        <shop:orders xmlns:shop="urn:shop"><made>today</made>
          <shop:order id="1"><name>Änne</name><item sku="a">Tea</item><item sku="b">Cup</item>
            <address><city>Ulm</city></address><note/></shop:order>
          <shop:order id="2"><name>Bo</name><text>see <b>this</b> now</text></shop:order>
        </shop:orders>
        """

    @Test(arguments: [nil, "orders/order", "order", "/shop:orders/shop:order"] as [String?])
    func records(path: String?) throws {
        let out = read(Self.orders, .xml, recordsPath: path)
        #expect(out.fault == nil)
        #expect(out.summary == ReaderSummary(parser: "xml/1"))
        let records = out.sink.records
        #expect(
            records.map(\.fields) == [
                [
                    "@id": "1", "name": "Änne", "note": "", "address": ["city": "Ulm"],
                    "item": [
                        ["@sku": "a", "#text": "Tea"], ["@sku": "b", "#text": "Cup"],
                    ],
                ],
                ["@id": "2", "name": "Bo", "text": "see this now"],
            ])
        #expect(records.map(\.place) == ["order 1", "order 2"])
        let bytes = Array(Self.orders.utf8)
        for record in records {
            let cut = bytes[Int(record.offset)..<Int(record.offset + record.length)]
            let text = String(decoding: cut, as: UTF8.self)
            #expect(text.hasPrefix("<shop:order ") && text.hasSuffix("</shop:order>"))
        }
        #expect(out.sink.notes.contains("1 texts outside of the records were left out"))
    }

    @Test(arguments: [
        (
            "<rss><channel><title>t</title><item><a>1</a></item><item><a>2</a></item></channel></rss>",
            ["channel/item"], 2
        ),
        (
            "<r><meta/><meta/><d><row><x>11111111</x></row><row><x>2222222</x></row></d></r>",
            ["d/row"], 2
        ),
        ("<note><to>Tove</to><body>Hi</body></note>", [], 1),
        ("<list><a>1</a><a>2</a><a>3</a></list>", ["a"], 3),
        ("<only/>", [], 0),
    ])
    func finds(xml: String, path: [String], count: Int) {
        let out = read(xml, .xml)
        #expect(out.fault == nil)
        #expect(out.sink.records.count == count)
        for one in path {
            #expect(out.sink.notes.first?.hasSuffix("/\(one)`") == true, "\(out.sink.notes)")
        }
    }

    @Test func wholeDocument() {
        let out = read("<note><to>Tove</to><body>Hi <i>you</i>!</body></note>", .xml)
        #expect(
            out.sink.records.map(\.fields) == [
                ["to": "Tove", "body": "Hi you!", "text": "Tove\nHi you!"]
            ])
        let same = read(Self.orders, .xml, unit: "document")
        #expect(same.sink.texts == ["today\nÄnne\nTea\nCup\nUlm\nBo\nsee this now"])
    }

    @Test func nilAndCDATA() {
        let xml = """
            <r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
            <e><a xsi:nil="true"/><b><![CDATA[ <raw> & ]]></b></e><e><b>2</b></e></r>
            """
        #expect(
            read(xml, .xml).sink.records.map(\.fields) == [
                ["a": .null, "b": "<raw> &"], ["b": "2"],
            ])
    }

    @Test func tooLongRecordsAreRefusedAlone() {
        var limits = ReaderLimits()
        limits.recordBytes = 100
        let long = String(repeating: "<y>12345</y>", count: 40)
        let xml = "<r><e><x>1</x></e><e>\(long)</e><e><x>3</x></e></r>"
        let out = read(xml, .xml, recordsPath: "r/e", limits: limits)
        #expect(out.fault == nil)
        #expect(out.sink.records.map { $0.fields["x"] } == ["1", "3"])
        #expect(out.sink.refusals.map(\.reason) == ["too-long"])
        #expect(out.sink.refusals.first?.length == UInt64(long.utf8.count + 7))
    }

    @Test func faults() {
        #expect(read("<a><b>1</b></a>", .xml, recordsPath: "x/y").fault?.code == .malformed)
        #expect(read("<a>", .xml, recordsPath: "/").fault?.code == .malformed)
        // What came before the break stays.
        let out = read("<r><e>1</e><e>2</e><e>3<f></e></r>", .xml, recordsPath: "r/e")
        #expect(out.sink.records.count == 2)
        #expect(out.fault?.code == .malformed)
        #expect(read("<a>\u{FC}</a>", .xml, encoding: "klingon").fault?.code == .unsupported)
    }

    @Test func shelf() throws {
        guard let folder = DocumentsTests.shelf("docs/tika") else { return }
        for name in try names(in: folder, ".xml") {
            let out = read(try contents("\(folder)/\(name)"), .xml, name: name)
            let fault = out.fault?.code.rawValue ?? "read"
            print("\(name): \(out.sink.records.count) records, \(fault), \(out.sink.notes)")
        }
    }
}
