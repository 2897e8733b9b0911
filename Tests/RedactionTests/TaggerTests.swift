import Testing

@testable import Redaction

/// What the bundled model finds, in wordings that it was not trained on.
struct TaggerTests {
    private func found(_ text: String) throws -> [(type: EntityType, text: String)] {
        let tagger = try #require(Tagger.bundled)
        let bytes = Array(text.utf8)
        return tagger.findings(in: DocumentView(bytes)).map {
            ($0.type, String(decoding: bytes[$0.range], as: UTF8.self))
        }
    }

    @Test func theBundledModelsDigestIsThatOfItsBytes() throws {
        #expect(Tagger.bundledFile.count <= 5_000_000)
        let digest = TaggerModel.digest(of: Tagger.bundledFile)
        #expect(try #require(Tagger.bundled).digest == digest)
    }

    @Test(arguments: [
        (
            "Yesterday Katarzyna Wiśniewska phoned about the leaking tap.", "Katarzyna Wiśniewska",
            EntityType.person
        ),
        ("the courier says mehmet yıldırım refused the box", "mehmet yıldırım", .person),
        ("PLEASE INFORM ROBERT JOHNSON THAT IT ARRIVED", "ROBERT JOHNSON", .person),
        ("Our cousins settled in Rotterdam after the war.", "Rotterdam", .location),
        ("She flew home to New Zealand on Tuesday.", "New Zealand", .location),
        (
            "The boxes belong at 4821 Willow Creek Lane, Denver, CO 80203.",
            "4821 Willow Creek Lane, Denver, CO 80203", .streetAddress
        ),
        (
            "Er wohnt in der Lindenstraße 14, 10969 Berlin.", "Lindenstraße 14, 10969 Berlin",
            .streetAddress
        ),
        (
            "He audits the books of Hartmann & Sons Ltd every spring.", "Hartmann & Sons Ltd",
            .organization
        ),
        ("Two Norwegian sailors repaired the mast.", "Norwegian", .nrp),
    ])
    func finds(text: String, value: String, type: EntityType) throws {
        let all = try found(text)
        #expect(all.contains { $0.text == value && $0.type == type }, "\(all)")
    }

    @Test(arguments: [
        "", "…", "\n\n", "The zipper broke after two days and the lining tore.",
        "May I return it on Monday, or is that too late?",
        "Mix the flour with 200 grams of sugar and bake at 180 degrees.",
        "THIS IS THE WORST TOASTER I EVER BOUGHT!!!",
        "Please reset my password, it no longer works.",
        "Die Lieferung kam pünktlich und alles war gut verpackt.",
    ])
    func leavesOrdinaryTextAlone(text: String) throws {
        let all = try found(text)
        #expect(all.isEmpty, "\(all)")
    }

    @Test func rangesAreRightAfterEmoji() throws {
        let all = try found("👩‍👩‍👧 😀 Call Eleanor Whitfield 😀 now 🙏")
        #expect(all.contains { $0.text == "Eleanor Whitfield" }, "\(all)")
    }

    @Test func longTextsAreReadInWindowsAndNothingOverlaps() throws {
        let tagger = try #require(Tagger.bundled)
        let line = "On Friday we met Eleanor Whitfield near the station in Rotterdam.\n"
        for repeats in [1, 40, 90, 300] {
            let bytes = Array(String(repeating: line, count: repeats).utf8)
            let findings = tagger.findings(in: DocumentView(bytes))
            let people = findings.filter {
                String(decoding: bytes[$0.range], as: UTF8.self) == "Eleanor Whitfield"
            }
            #expect(people.count == repeats)
            for (left, right) in zip(findings, findings.dropFirst()) {
                #expect(left.range.upperBound <= right.range.lowerBound)
            }
        }
    }

    @Test func aTextWithoutBreaksIsCutToo() throws {
        let bytes = Array(String(repeating: "word ", count: 5000).utf8)
        let tokens = TaggerTokenizer.tokens(of: bytes)
        #expect(Tagger.windowEnd(tokens, from: 0) == Tagger.window)
        #expect(try #require(Tagger.bundled).findings(in: DocumentView(bytes)).count >= 0)
    }

    @Test func theSameBytesGiveTheSameFindings() throws {
        let tagger = try #require(Tagger.bundled)
        let view = DocumentView(Array("Ask Maria Lopez at Hartmann & Sons Ltd in Rotterdam.".utf8))
        #expect(tagger.findings(in: view) == tagger.findings(in: view))
        #expect(tagger.findings(in: view).allSatisfy { (0.5...1).contains($0.score) })
    }
}
