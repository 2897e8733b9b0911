import Redaction
import Records
import Testing

@testable import Augmentation

/// A labelled record of the train split.
func review(
    _ text: String, label: String = "negative", split: Split? = .train, rid: UInt64 = 1
) -> Record {
    Record(
        rid: RecordID(words: (rid, 7)), kind: .labelled,
        fields: ["text": .string(text), "label": .string(label)], split: split,
        subjects: [SubjectID(words: (3, 4))])
}

/// Ids that say which child it is.
func countingID(_ parent: RecordID, _ digest: [UInt8], _ index: Int) -> RecordID {
    RecordID(words: (parent.words.0, UInt64(1000 + index)))
}

struct AugmenterTests {
    private let text = """
        The courier [PERSON_1] left the parcel in [LOCATION_1] again. Nobody called me before that. \
        The garden table wobbles on the terrace since Tuesday. Support asked [PERSON_1] for a photo.
        """

    private func family(
        _ method: AugmentationMethod, _ record: Record, seed: [UInt8] = [1, 2, 3],
        children: Int = 8,
        strength: Double = 0.1, scan: ([UInt8], String) throws -> [Finding] = { _, _ in [] }
    ) throws -> AugmentedFamily {
        let augmenter = try Augmenter(
            method: method, seed: seed, childrenPerParent: children, strength: strength)
        return try augmenter.children(
            of: record, stage: .redacted, childID: countingID, scan: scan)
    }

    @Test(arguments: AugmentationMethod.allCases)
    func childrenKeepLabelKindSubjectsAndSplit(method: AugmentationMethod) throws {
        let parent = review(text)
        let family = try family(method, parent)
        #expect(!family.children.isEmpty)
        #expect(family.children.count + family.dropped.values.reduce(0, +) == 8)
        for child in family.children {
            #expect(child.parent == parent.rid)
            #expect(child.record.rid == countingID(parent.rid, [], child.index))
            #expect(child.record.kind == .labelled && child.record.split == .train)
            #expect(child.record.subjects == parent.subjects)
            #expect(child.record.text("label") == "negative")
            #expect(child.record.fields != parent.fields)
            #expect(!child.edits.isEmpty)
        }
        #expect(Set(family.children.map(\.record.fields)).count == family.children.count)
    }

    @Test func theSameSeedGivesTheSameChildrenAndAnotherOthers() throws {
        let parent = review(text)
        let first = try family(.placeholderSurrogates, parent)
        #expect(try family(.placeholderSurrogates, parent) == first)
        #expect(try family(.placeholderSurrogates, parent, seed: [9]) != first)
        // More children leave the earlier ones as they are.
        let more = try family(.placeholderSurrogates, parent, children: 16)
        #expect(more.children.filter { $0.index < 8 } == first.children)
    }

    @Test func equalPlaceholdersGetEqualValuesAndIdentifiersStay() throws {
        let parent = review("[PERSON_1] wrote to [PERSON_2] and [PERSON_1] about [US_SSN_1].")
        for child in try family(.placeholderSurrogates, parent, strength: 0).children {
            let text = try #require(child.record.text("text"))
            #expect(text.contains("[US_SSN_1]") && !text.contains("[PERSON_"))
            let names = text.split(separator: " wrote to ")
            #expect(text.contains("and \(names[0]) about"))
            #expect(child.edits == [.surrogate: 3])
        }
    }

    @Test func onlyTheTrainSplitHasChildren() throws {
        for split in [Split.validation, .test, nil] {
            let family = try family(.lightEdits, review(text, split: split))
            #expect(family.children.isEmpty && family.dropped == [.notTrainSplit: 8])
        }
    }

    @Test func recordsWithoutTextAreCounted() throws {
        let record = Record(
            rid: RecordID(words: (1, 1)), kind: .labelled, fields: ["label": "x"], split: .train)
        #expect(try family(.lightEdits, record).dropped == [.noText: 8])
    }

    @Test func whatCannotChangeIsDroppedAsIdentical() throws {
        let family = try family(.lightEdits, review("Bad."), strength: 0)
        #expect(family.children.isEmpty && family.dropped == [.identicalToParent: 8])
    }

    @Test func findingsOutsideMadeUpValuesDropTheChild() throws {
        // A scanner that takes every capitalised word but "The" for a name.
        func scan(_ text: [UInt8], _ field: String) -> [Finding] {
            let words = ["Tuesday"]
            return words.compactMap { word in
                let bytes = Array(word.utf8)
                for at in text.indices where text[at...].starts(with: bytes) {
                    return Finding(
                        type: .person, range: at..<(at + bytes.count), score: 1, detector: "test")
                }
                return nil
            }
        }
        let family = try family(.placeholderSurrogates, review(text), scan: scan)
        #expect((family.dropped[.personalDataFound] ?? 0) >= 4)
        for child in family.children {
            #expect(child.record.text("text")?.contains("Tuesday") == false)
        }
    }

    @Test func findingsInsideMadeUpValuesAreExpected() throws {
        let parent = review("[PERSON_1] is late.")
        let family = try family(.placeholderSurrogates, parent, strength: 0) { text, field in
            guard field == "text" else { return [] }
            let end = text.count - " is late.".utf8.count
            return [Finding(type: .person, range: 0..<end, score: 1, detector: "test")]
        }
        #expect(!family.children.isEmpty)
        #expect(family.dropped[.personalDataFound] == nil)
    }

    @Test func aFailedScanHoldsTheChildBack() throws {
        struct Broken: Error {}
        let family = try family(.placeholderSurrogates, review(text)) { _, _ in throw Broken() }
        #expect(family.children.isEmpty && family.dropped[.scanFailed] == 8)
    }

    @Test(arguments: [(0, 0.1), (33, 0.1), (1, -0.1), (1, 0.3), (1, .nan)])
    func badParametersAreRefused(children: Int, strength: Double) {
        #expect(throws: AugmentationError.self) {
            try Augmenter(
                method: .lightEdits, seed: [1], childrenPerParent: children, strength: strength)
        }
    }

    @Test func anEmptySeedIsRefused() {
        #expect(throws: AugmentationError.self) { try Augmenter(method: .lightEdits, seed: []) }
    }

    @Test func theOperationDigestDependsOnSeedAndParameters() throws {
        let digests = try Set([
            Augmenter(method: .lightEdits, seed: [1]).operationDigest,
            Augmenter(method: .lightEdits, seed: [2]).operationDigest,
            Augmenter(method: .placeholderSurrogates, seed: [1]).operationDigest,
            Augmenter(method: .lightEdits, seed: [1], strength: 0.1).operationDigest,
        ])
        #expect(digests.count == 4)
    }

    @Test func answersAreNeverEditedButFilledConsistently() throws {
        let chat = Record(
            rid: RecordID(words: (5, 5)), kind: .chat,
            fields: [
                "messages": [
                    [
                        "role": "user",
                        "content":
                            "My neighbour [PERSON_1] borrowed the lawnmower from the garage.",
                    ],
                    [
                        "role": "assistant",
                        "content": "Then please ask [PERSON_1] whether the garage is locked.",
                    ],
                ]
            ], split: .train)
        for child in try family(.placeholderSurrogates, chat, strength: 0.2).children {
            let answer = child.record.fields["messages"]?.arrayValue?[1]["content"]?.stringValue
            let value = try #require(answer)
            #expect(value.hasPrefix("Then please ask "))
            #expect(value.hasSuffix(" whether the garage is locked."))
            #expect(!value.contains("["))
        }
    }
}
