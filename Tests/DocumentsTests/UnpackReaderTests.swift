import Foundation
import ReaderProtocol
import Records
import Testing

@testable import Documents

@Suite struct UnpackReaderTests {
    static let text = Array("a,b\n1,2\n".utf8)

    /// The text above, packed by the tools themselves.
    static let packed: [(ending: String, base64: String)] = [
        ("gz", "H4sIAAAAAAAAA0vUSeIy1DHiAgB7B5cKCAAAAA=="),
        (
            "bz2",
            "QlpoOTFBWSZTWb+HQH8AAANZAAAQAAQwADAAIAAwwAhpsogjJ4u5IpwoSF/D"
                + "oD+A"
        ),
        (
            "xz",
            "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAHYSxiCjEsMgoAvpy9SbUSKv4A"
                + "ASAIuxnZux+2830BAAAAAARZWg=="
        ),
        ("zst", "KLUv/SQIQQAAYSxiCjEsMgo158rO"),
        ("lz4", "BCJNGGRApwgAAIBhLGIKMSwyCgAAAAAO2XmY"),
        ("lzma", "XQAAgAD//////////wAwiwhApnTSrQimtvX//7G8AAA="),
    ]

    @Test(arguments: packed)
    func streams(ending: String, base64: String) throws {
        let bytes = try #require(Base64.decode(base64))
        let out = read(bytes, .unpack, name: "folder/x.csv.\(ending)")
        #expect(out.fault == nil)
        #expect(out.sink.members.map(\.name) == ["x.csv"])
        #expect(out.sink.members.first?.bytes == Self.text)
        #expect(out.sink.members.first?.isWhole == true)
        #expect(out.summary?.parser.hasPrefix("unpack/") == true)
        // Every place where it can break off: never a whole member without a fault.
        for count in 1..<bytes.count - 8 {
            let cut = read(Array(bytes.prefix(count)), .unpack, name: "x.csv.\(ending)")
            #expect(cut.fault != nil, "\(ending) cut at \(count)")
        }
    }

    static let sevenZip = """
        N3q8ryccAAPiz7q9dQAAAAAAAAAgAAAAAAAAADfgFfAAMIsIQKZ00q0IPSbeg0do7xXD//+3hAAAAACB\
        MweuD8+SbmAP6+qeAQ1iA43TTEI/DnGuKISRAuWuXWAIR3my5Q09IuBzjg1h2vfZOZ6HNV0+AlQenIgz\
        5aCzR6i5RnCqLCQlG+8bFJox9XcW4pv///QDcAAXBhkBCVwABwsBAAEjAwEBBV0AAIAADFwKARLaRHsA\
        AA==
        """

    static let zipCrypto = """
        UEsDBAoACQAAAMgUd117B5cKFAAAAAgAAAAFABwAeC5jc3ZVVAkAAxenA2sXpwNrdXgLAAEEAAAAAAQA\
        AAAAc4o6vij3L5UUfyRty0dypRJMd9BQSwcIeweXChQAAAAIAAAAUEsBAh4DCgAJAAAAyBR3XXsHlwoU\
        AAAACAAAAAUAGAAAAAAAAQAAAKSBAAAAAHguY3N2VVQFAAMXpwNrdXgLAAEEAAAAAAQAAAAAUEsFBgAA\
        AAABAAEASwAAAGMAAAAAAA==
        """

    @Test func sevenZip() throws {
        let bytes = try #require(Base64.decode(Self.sevenZip))
        let out = read(bytes, .unpack, name: "f.7z")
        #expect(out.summary == ReaderSummary(parser: "unpack/7z"))
        #expect(out.sink.members.map(\.name) == ["x.csv", "in/y.txt"])
        #expect(out.sink.members.map(\.bytes) == [Self.text, Array("hello\n".utf8)])
    }

    @Test func encryptedZip() throws {
        let bytes = try #require(Base64.decode(Self.zipCrypto))
        let out = read(bytes, .unpack, name: "p.zip")
        #expect(out.fault?.code == .encrypted)
        #expect(out.sink.refusals.map(\.reason) == ["archive-encrypted"])
        #expect(out.sink.members.isEmpty)
        #expect {
            _ = try ZipContainer(DocumentBytes(bytes), limits: ReaderLimits())
        } throws: { ($0 as? ReaderFault)?.code == .encrypted }
    }

    @Test func tarWithBadIntentions() {
        let bytes = ArchiveBuilder.tar([
            ("../../etc/passwd", "0", Self.text, ""), ("/abs/./x//y.csv", "0", Self.text, ""),
            ("link", "2", [], "/etc/passwd"), ("hard", "1", [], "abs/x/y.csv"),
            ("device", "3", [], ""), ("pipe", "6", [], ""), ("folder/", "5", [], ""),
            ("etc/passwd", "0", [1], ""), ("C:\\Users\\a.txt", "0", [2], ""),
            (".hidden", "0", [3], ""), ("..", "0", [4], ""), ("new\nline", "0", [5], ""),
        ])
        for packed in [bytes, ArchiveBuilder.gzip(bytes)] {
            let out = read(packed, .unpack, name: "x.tgz")
            #expect(out.fault == nil)
            #expect(
                out.sink.members.map(\.name) == [
                    "etc/passwd", "abs/x/y.csv", "Users/a.txt", "member-11", "new_line",
                ])
            #expect(out.sink.refusals.map(\.reason) == ["archive-duplicate"])
            #expect(
                out.sink.notes == [
                    "4 links or devices in the archive were left out",
                    "1 hidden files in the archive were left out",
                ])
        }
    }

    @Test func truncatedTar() {
        let bytes = ArchiveBuilder.tar([
            ("one.txt", "0", Self.text, ""),
            ("two.txt", "0", [UInt8](repeating: 7, count: 2000), ""),
        ])
        let out = read(Array(bytes.prefix(2000)), .unpack, name: "x.tar")
        #expect(out.fault?.code == .malformed)
        #expect(out.sink.members.filter(\.isWhole).map(\.name) == ["one.txt"])
        #expect(out.sink.members.first?.bytes == Self.text)
    }

    @Test func zip() {
        let bytes = ArchiveBuilder.zip([
            ("a/ü.txt", Self.text), ("../b.txt", [1]), ("empty", []), ("a/ü.txt", [2]),
        ])
        let out = read(bytes, .unpack, name: "x.zip")
        #expect(out.summary == ReaderSummary(parser: "unpack/zip"))
        #expect(out.sink.members.map(\.name) == ["a/ü.txt", "b.txt", "empty"])
        #expect(out.sink.members.map(\.bytes) == [Self.text, [1], []])
        #expect(out.sink.refusals.map(\.place) == ["a/ü.txt"])
        // Without its directory, the members so far and a fault.
        let cut = read(Array(bytes.prefix(60)), .unpack, name: "x.zip")
        #expect(cut.fault != nil)
        #expect(cut.sink.members.first?.bytes == Self.text)
        let unknown = ArchiveBuilder.zip([("x", [1, 2, 3])], method: 98)
        #expect(read(unknown, .unpack, name: "x.zip").sink.members.filter(\.isWhole).isEmpty)
    }

    @Test func wordDocumentsStayWhole() {
        let zip = ArchiveBuilder.zip([("word/document.xml", [1])])
        let out = read(ArchiveBuilder.gzip(zip), .unpack, name: "letter.docx.gz")
        #expect(out.sink.members.map(\.name) == ["letter.docx"])
        #expect(out.sink.members.first?.bytes == zip)
    }

    @Test func gzipChecksums() {
        let content = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var bytes = ArchiveBuilder.gzip(content)
        #expect(read(bytes, .unpack, name: "x.gz").sink.members.first?.bytes == content)
        let two = read(bytes + bytes, .unpack, name: "x.gz")
        #expect(two.sink.members.first?.bytes == content + content)
        #expect(two.sink.notes.count == 1)
        bytes[5000] ^= 1
        #expect(read(bytes, .unpack, name: "x.gz").fault?.code == .malformed)
        let tar = ArchiveBuilder.gzip(ArchiveBuilder.tar([("a", "0", Self.text, "")]))
        var broken = tar
        broken[600] ^= 1
        #expect(read(tar, .unpack, name: "x.tgz").fault == nil)
        #expect(read(broken, .unpack, name: "x.tgz").fault?.code == .malformed)
        let empty = read(ArchiveBuilder.gzip([]), .unpack, name: "x.txt.gz")
        #expect(empty.fault == nil)
        #expect(empty.sink.members.map(\.name) == ["x.txt"])
        for count in 0..<300 {
            let some = content.prefix(count)
            var sum = CRC32()
            some.withUnsafeBytes { sum.add($0) }
            #expect(sum.value == ArchiveBuilder.checksum(Array(some)))
        }
    }

    @Test func limits() {
        var limits = ReaderLimits()
        limits.memberCount = 2
        let three = ArchiveBuilder.zip([("a", [1]), ("b", [2]), ("c", [3])])
        #expect(read(three, .unpack, name: "x.zip", limits: limits).fault?.code == .overLimit)
        limits = ReaderLimits()
        limits.expandedBytes = 100
        let long = ArchiveBuilder.gzip([UInt8](repeating: 1, count: 200))
        #expect(read(long, .unpack, name: "x.gz", limits: limits).fault?.code == .overLimit)
        limits = ReaderLimits()
        limits.depth = 3
        let deep = ArchiveBuilder.zip([("a/b/c/d/e", [1])])
        #expect(read(deep, .unpack, name: "x.zip", limits: limits).fault?.code == .overLimit)
    }

    @Test func bombs() throws {
        // 40 MB of one letter.
        let bomb = try #require(Base64.decode(Self.bomb))
        var limits = ReaderLimits()
        limits.expansionRatio = 100
        let out = read(bomb, .unpack, name: "zeros.bz2", limits: limits)
        #expect(out.fault?.code == .overLimit)
        #expect(out.sink.members.first.map { $0.bytes.count < 12_000_000 } == true)
        #expect(out.sink.members.first?.isWhole == false)
    }

    @Test(
        arguments: [
            ("a/b", "a/b"), ("/a", "a"), ("../../a/../b", "a/b"), ("a\\b", "a/b"), ("C:/x", "x"),
            ("a\u{0}b", "a_b"), ("./", nil), ("", nil), ("..", nil), ("ü", "ü"),
        ] as [(String, String?)])
    func names(raw: String, expected: String?) {
        #expect(MemberName.clean(Array(raw.utf8)) == expected)
    }

    @Test func namesInOldEncodings() {
        #expect(MemberName.clean([0x81, 0x2E, 0x74]) == "ü.t")
        #expect(MemberName.inside("a/b.csv.GZ") == "b.csv")
        #expect(MemberName.inside("b.tgz") == "b.tar")
        #expect(MemberName.inside(".gz") == ".gz")
        #expect(MemberName.inside("") == "data")
    }

    @Test(arguments: ["", "plain text", "{}", "PK", "PK\u{3}\u{4}", "7z\u{BC}"])
    func noArchives(text: String) {
        #expect(read(text, .unpack).fault?.code == .malformed)
    }

    static let bomb = """
        QlpoOTFBWSZTWdO8bkQFuNBhAAAQABAgACAAUGYClNOKVREYlKoiOxSqIjzFBWSZTWUDc0DcBJPZhAAA\
        QABAgACAAUGYE1TTkQUpWpEFKVkQUpXmKCskymsoG5oG4CSezCAAAgACBAAEAAoMwJqmnIgpStSIKUrI\
        gpSvMUFZJlNZQNzQNwEk9mEAABAAECAAIABQZgTVNORBSlakQUpWRBSleYoKyTKaygbmgbgJJ7MIAACA\
        AIEAAQACgzAmqaciClK1IgpSsiClK8xQVkmU1lA3NA3AST2YQAAEAAQIAAgAFBmBNU05EFKVqRBSlZEF\
        KV5igrJMprKBuaBuAknswgAAIAAgQABAAKDMCappyIKUrUiClKyIKUrzFBWSZTWUDc0DcBJPZhAAAQAB\
        AgACAAUGYE1TTkQUpWpEFKVkQUpXmKCskyms9mbbqYBYOrCAAAiACBAAEAAgKUAzTTUlQKbxSVAp1JUC\
        ni7kinChITcJAso=
        """
}
