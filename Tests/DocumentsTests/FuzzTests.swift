import ReaderProtocol
import Records
import Testing

@testable import Documents

/// Broken documents end in a fault or in records, never in a crash.
@Suite struct FuzzTests {
    /// Changes a few bytes, cuts, repeats or moves a stretch.
    static func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var out = bytes
        for _ in 0...random.below(4) where !out.isEmpty {
            let at = random.below(out.count)
            let length = min(out.count - at, 1 + random.below(40))
            switch random.below(6) {
            case 0: out[at] ^= UInt8(1 << random.below(8))
            case 1: out[at] = UInt8(random.below(256))
            case 2: out.removeSubrange(at..<at + length)
            case 3: out.insert(contentsOf: out[at..<at + length], at: random.below(out.count))
            case 4: out.replaceSubrange(at..<at + length, with: repeatElement(0xFF, count: length))
            default: out.removeLast(out.count - at)
            }
        }
        return out
    }

    /// Puts what its parser looks for where it does not belong; the rest stays readable.
    static func respelled(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        let tokens = [
            "<", ">", "</", "/>", "&", "&amp;", "&#0;", "&#x10FFFF;", "&nbsp;", "\"", "'",
            "<![CDATA[",
            "]]>", "<!--", "-->", "<?xml?>", "<!DOCTYPE a>", "<p>", "</p>", "<table>", "<tr>",
            "<td>",
            "<section>", "<list><item>", " xmlns='u'", " ID='s1'", "\u{FFFD}", "é", "\u{1}", "",
        ]
        var out = bytes
        for _ in 0...random.below(3) where !out.isEmpty {
            let at = random.below(out.count)
            let end = min(out.count, at + random.below(12))
            out.replaceSubrange(at..<end, with: Array(tokens[random.below(tokens.count)].utf8))
        }
        return out
    }

    /// A small generator, the same on every run.
    struct SplitMix {
        var state: UInt64
        mutating func below(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return Int((z ^ z >> 31) % UInt64(bound))
        }
    }

    static func seeds(_ task: DocumentFormat) throws -> [[UInt8]] {
        switch task {
        case .xml:
            return [
                Array(XMLReaderTests.orders.utf8),
                Array(
                    "<!DOCTYPE a [<!ENTITY e 'x'><!ENTITY f '&e;'>]><a k='&e;'>&e;&#x41;</a>".utf8),
            ]
        case .html: return [Array(HTMLReaderTests.page.utf8)]
        case .ccda: return [Array(CCDAReaderTests.document.utf8)]
        case .sqlite:
            return [
                try SQLiteReaderTests.unpacked(SQLiteReaderTests.shop),
                try SQLiteReaderTests.unpacked(SQLiteReaderTests.utf16),
            ]
        case .unpack:
            let tar = ArchiveBuilder.tar([
                ("a.csv", "0", UnpackReaderTests.text, ""), ("b", "2", [], "a.csv"),
            ])
            let zip = ArchiveBuilder.zip([("a/b.csv", UnpackReaderTests.text), ("c", [1])])
            let packed = UnpackReaderTests.packed.compactMap { Base64.decode($0.base64) }
            let others = [UnpackReaderTests.sevenZip, UnpackReaderTests.zipCrypto]
            return [tar, zip, ArchiveBuilder.gzip(tar)] + packed
                + others.compactMap { Base64.decode($0) }
        default: return []
        }
    }

    @Test(arguments: [
        (DocumentFormat.xml, 2000), (.html, 800), (.ccda, 500), (.sqlite, 800), (.unpack, 2000),
    ])
    func mutations(task: DocumentFormat, count: Int) throws {
        var random = SplitMix(state: 0x7475_6E64)
        let seeds = try Self.seeds(task)
        var limits = ReaderLimits()
        limits.expandedBytes = 4 << 20
        var (faults, records) = (0, 0)
        for round in 0..<count {
            let seed = seeds[round % seeds.count]
            let isText = task != .sqlite && task != .unpack && round % 4 > 0
            let bytes = isText ? Self.respelled(seed, &random) : Self.mutated(seed, &random)
            let unit = round % 3 == 0 ? "paragraph" : nil
            let out = read(
                bytes, task, name: round % 2 == 0 ? "x.zip" : "x", unit: unit, limits: limits)
            // One of the two, always.
            #expect((out.fault == nil) != (out.summary == nil))
            if let fault = out.fault {
                faults += 1
                #expect(!fault.message.isEmpty && !fault.hint.isEmpty)
            }
            records += out.sink.records.count + out.sink.members.count
        }
        print("\(task.rawValue): \(count) mutations, \(faults) faults, \(records) records")
    }

    @Test func shelfMutations() throws {
        let cases: [(String, String, DocumentFormat)] = [
            ("docs/ccda", "", .ccda), ("docs/tika", ".html", .html), ("docs/tika", ".xml", .xml),
            ("docs/xml-bombs", "", .xml),
        ]
        var (inputs, random) = (0, SplitMix(state: 42))
        for (path, ending, task) in cases {
            guard let folder = shelf(path) else { return }
            for name in try names(in: folder, ending) {
                let bytes = try contents("\(folder)/\(name)")
                guard bytes.count < 40_000 else { continue }
                for _ in 0..<4 {
                    let out = read(Self.mutated(bytes, &random), task)
                    #expect((out.fault == nil) != (out.summary == nil))
                    inputs += 1
                }
            }
        }
        print("shelf: \(inputs) mutations")
    }
}
