import Records
import Testing

@testable import Augmentation

struct LabelSafetyTests {
    @Test(arguments: [
        "", "plain", "[PERSON_1]", "a [PERSON_1]'s b", "[PERSON_1][LOCATION_2]", "[not one] [X",
        "x [PERSON:1f2e] y",
        "it's «quoted» 😀 [DATE_TIME_12]!", "[[PERSON_1]]",
    ])
    func unitsJoinToTheSameText(text: String) {
        #expect(TextUnit.joined(TextUnit.units(of: text)).text == text)
    }

    @Test(arguments: [
        ("[PERSON_1]", "PERSON"), ("[STREET_ADDRESS_12]", "STREET_ADDRESS"),
        ("[PERSON:1f2e]", "PERSON"), ("[US_SSN]", "US_SSN"),
    ])
    func placeholdersTellTheirType(text: String, type: String) {
        #expect(TextUnit.units(of: text).map(\.placeholderType) == [type])
    }

    @Test(arguments: ["[person_1]", "[1]", "[]", "[A b]", "[PERSON_1"])
    func otherBracketsAreNoPlaceholders(text: String) {
        #expect(TextUnit.units(of: text).allSatisfy { $0.kind != .placeholder })
    }

    @Test(arguments: [
        "This is not what the picture shows.", "I would never order from this shop again.",
        "The table isn't what the picture shows.", "Works without the cable from the box.",
    ])
    func wordsNearNegationsStay(text: String) {
        let units = TextUnit.units(of: text)
        let free = ProtectedWords.freeIndices(units)
        let negation = units.firstIndex {
            ProtectedWords.negations.contains($0.text.lowercased()) || $0.text.hasSuffix("n't")
        }
        for offset in [-2, 0, 2, 4, 6] where negation != nil {
            #expect(!free.contains(negation! + offset), "\(units[negation!].text) \(offset)")
        }
    }

    @Test(arguments: [
        "excellent", "Terrible", "loved", "disappointing", "VERY", "extremely", "useless", "3",
        "slowest", "comfortable", "broken", "beautifully",
    ])
    func wordsThatCarryFeelingAreProtected(word: String) {
        let units = TextUnit.units(of: "window \(word) window")
        #expect(!ProtectedWords.freeIndices(units).contains(2))
        #expect(ProtectedWords.freeIndices(units).contains(0))
    }

    @Test func manyEditsNeverTouchProtectedWordsOrPlaceholders() {
        let text = """
            The [PERSON_1] delivery was terrible. Our kitchen window fell into the garden. \
            I would not order that lamp again! The yellow carpet covers the bedroom floor. \
            Excellent cushions in the box.
            """
        let kept = ["[PERSON_1]", "terrible", "would not order that lamp", "!", "Excellent"]
        for seed in 0..<300 {
            var units = TextUnit.units(of: text)
            var editor = LightEditor(random: SeededRandom(seed: UInt64(seed)), strength: 0.2)
            editor.edit(&units)
            let edited = TextUnit.joined(units).text
            for piece in kept {
                #expect(edited.lowercased().contains(piece.lowercased()), "\(seed): \(edited)")
            }
            #expect(!edited.contains("  "))
        }
    }

    @Test func shoutingIsNotLowered() {
        for seed in 0..<100 {
            var units = TextUnit.units(of: "The garden chair is SOLID wood from the workshop.")
            var editor = LightEditor(random: SeededRandom(seed: UInt64(seed)), strength: 0.2)
            editor.edit(&units)
            #expect(TextUnit.joined(units).text.contains("SOLID"))
        }
    }
}
