import ReaderProtocol
import Testing

@testable import Documents

/// Events written as text, to compare.
final class EventLog: XMLHandler {
    var log = ""
    func start(_ element: XMLStart) {
        log += "<\(element.name)"
        for one in element.attributes { log += " \(one.name)=\(one.value)" }
        log += ">"
    }
    func text(_ text: String) { log += text }
    func end(_ name: String, offset: UInt64?) { log += "</\(name)>" }
}

@Suite struct XMLEventsTests {
    @Test(arguments: [
        (
            "<a x='1' y=\"&amp;&lt;&#65;\">t&amp;<b/>&#x42;<![CDATA[<c>]]></a>",
            "<a x=1 y=&<A>t&<b></b>B<c></a>"
        ),
        ("<p:a xmlns:p='urn:x' p:k='v'><p:b>ü</p:b></p:a>", "<a k=v><b>ü</b></a>"),
        (
            "<!DOCTYPE a [<!ENTITY hi 'hallo'>]><a k='&hi;!'>&hi; &hi;</a>",
            "<a k=hallo!>hallo hallo</a>"
        ),
        (
            "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0' 'x.dtd'><p t='&eacute;'>&nbsp;é</p>",
            "<p t=é>\u{A0}é</p>"
        ),
        ("<!DOCTYPE a [<!ATTLIST a d CDATA 'default'>]><a/>", "<a></a>"),
        ("<a>1<!-- no -->2<?pi no?>3</a>", "<a>123</a>"),
    ])
    func events(xml: String, expected: String) throws {
        let log = EventLog()
        try XMLEvents.parse(Array(xml.utf8), limits: ReaderLimits(), handler: log)
        #expect(log.log == expected)
    }

    @Test(arguments: [
        ("<a><b></a>", ReaderFault.Code.malformed),
        ("", .malformed),
        ("no xml", .malformed),
        ("<a>&unknown;</a>", .malformed),
        ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", .external),
        ("<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1/'> %x;]><a/>", .external),
        ("<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>", .overLimit),
        ("<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a k='&c;'/>", .overLimit),
        (
            "<!DOCTYPE a [<!ENTITY c '\(String(repeating: "x", count: 2000))'>]><a>&c;</a>",
            .overLimit
        ),
        (String(repeating: "<a>", count: 300), .overLimit),
        ("<!DOCTYPE a [<!ENTITY c '<b/>'>]><a>&c;</a>", .unsupported),
    ])
    func refused(xml: String, code: ReaderFault.Code) {
        #expect {
            try XMLEvents.parse(Array(xml.utf8), limits: ReaderLimits(), handler: EventLog())
        } throws: { ($0 as? ReaderFault)?.code == code }
    }

    @Test func manySmallEntities() {
        let uses = String(repeating: "&c;", count: 600_000)
        #expect {
            try XMLEvents.parse(
                Array("<!DOCTYPE a [<!ENTITY c 'xx'>]><a>\(uses)</a>".utf8),
                limits: ReaderLimits(), handler: EventLog())
        } throws: { ($0 as? ReaderFault)?.code == .overLimit }
    }

    @Test(arguments: ["utf-16le", "utf-16be", "iso-8859-1", "windows-1252"])
    func encodings(name: String) throws {
        let text = "<?xml version='1.0' encoding='\(name)'?><a>Größe</a>"
        let bytes: [UInt8] =
            switch name {
            case "utf-16le":
                [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            case "utf-16be":
                [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
            default: text.unicodeScalars.map { UInt8($0.value) }
            }
        let log = EventLog()
        try XMLEvents.parse(bytes, limits: ReaderLimits(), handler: log)
        #expect(log.log == "<a>Größe</a>")
        // The same without a declaration, where the user names it.
        let bare = EventLog()
        let body = "<a>Größe</a>"
        if name == "iso-8859-1" || name == "windows-1252" {
            let encoding = try XMLEvents.parse(
                DocumentInput(body.unicodeScalars.map { UInt8($0.value) }), encoding: name,
                limits: ReaderLimits(), handler: bare)
            #expect(bare.log == body)
            #expect(encoding == "windows-1252")
        }
    }

    @Test func offsets() throws {
        final class Offsets: XMLHandler {
            var all: [UInt64?] = []
            func start(_ element: XMLStart) { all.append(element.offset) }
            func text(_ text: String) {}
            func end(_ name: String, offset: UInt64?) { all.append(offset) }
        }
        let log = Offsets()
        let bytes = Array("<a>é<b k='v'>1</b><b/></a>".utf8)
        try XMLEvents.parse(bytes, limits: ReaderLimits(), handler: log)
        #expect(log.all == [0, 5, 19, 19, 23, 27])
    }

    @Test func bombsOfTheShelf() throws {
        guard let folder = shelf("docs/xml-bombs") else { return }
        let refused: [String: ReaderFault.Code] = [
            "cyclic.xml": .overLimit, "quadratic.xml": .overLimit, "xmlbomb.xml": .overLimit,
            "external.xml": .external, "external_file.xml": .external,
        ]
        for name in try names(in: folder, "") {
            let out = read(try contents("\(folder)/\(name)"), .xml, name: name)
            #expect(out.fault?.code == refused[name], "\(name)")
        }
    }

    @Test func officePackagesOfTheShelf() throws {
        guard let folder = shelf("docs/tika") else { return }
        var (files, parts) = (0, 0)
        for name in try names(in: folder, "x") where name.hasPrefix("testWORD_") {
            do throws(ReaderFault) {
                let zip = try ZipContainer(
                    DocumentBytes(try! contents("\(folder)/\(name)")), limits: ReaderLimits())
                for part in zip.names {
                    let bytes = try zip.read(part)
                    #expect(bytes != nil)
                    if part.hasSuffix(".xml") || part.hasSuffix(".rels") {
                        try XMLEvents.parse(
                            bytes ?? [], limits: ReaderLimits(), handler: EventLog())
                        parts += 1
                    }
                }
                files += 1
            } catch { print("\(name): \(error.code.rawValue): \(error.message)") }
        }
        print("office packages: \(files) files, \(parts) XML parts")
    }
}
