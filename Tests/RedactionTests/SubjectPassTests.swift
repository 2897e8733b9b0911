import Records
import Testing

@testable import Redaction

struct SubjectPassTests {
    @Test func aNameOfOneRecordIsFoundInAnother() throws {
        let redactor = try redactor(
            "name: x\ndocument-pass: subject\ndefault: {operator: replace, threshold: 0.3}",
            [FixedDetector(words: ["Quillon Xavery": .person])])
        let known = try redactor.names(
            in: makeRecord(.text, ["text": "Quillon Xavery wrote, order AB-123456."]))
        let other = try makeRecord(.text, ["text": "Thanks, Quillon!"])
        #expect(try redactor.redact(other).record == other)
        #expect(
            try redactor.redact(other, knowing: known).record.text("text")
                == "Thanks, [PERSON_1]!")
    }

    @Test(arguments: [
        ("true", DocumentPassReach.record), ("false", .off), ("record", .record),
        ("subject", .subject),
    ])
    func reaches(_ word: String, _ reach: DocumentPassReach) throws {
        #expect(try policy("name: x\ndocument-pass: \(word)").documentPass == reach)
    }

    @Test func releaseRulesAreRead() throws {
        let rule = try policy(
            "name: x\nrelease: {max-leak: 0.02, k: 5, quasi-identifiers: [zip, age], sensitive: d}"
        ).releaseRule
        #expect(rule?.maximumLeak == 0.02 && rule?.k == 5 && rule?.sensitive == "d")
        #expect(rule?.quasiIdentifiers == ["zip", "age"])
        #expect(throws: RedactionError.self) { try policy("name: x\nrelease: {k: 5}") }
    }

    @Test(arguments: [
        ("Austin, TX", "TX"), ("Austin, Texas 78701, USA", "Texas"), ("TX", "TX"),
        ("Vermont", "Vermont"),
    ])
    func placesBecomeStates(_ place: String, _ state: String) {
        let bytes = Array(place.utf8)
        #expect(Generalizing.generalize(bytes[...], .location) == Array(state.utf8))
    }

    @Test(arguments: ["Austin", "New York", "Paris, France", "West Texas Road", "in"])
    func otherPlacesDoNot(_ place: String) {
        #expect(Generalizing.generalize(Array(place.utf8)[...], .location) == nil)
    }
}
