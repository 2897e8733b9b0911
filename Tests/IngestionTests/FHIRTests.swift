import Records
import Testing

@testable import Ingestion

@Suite struct FHIRTests {
    static let bundle = #"""
        {"resourceType":"Bundle","type":"searchset","total":3,"link":[{"relation":"self","url":"u"}],
        "entry":[
        {"fullUrl":"urn:uuid:aaa","resource":{"resourceType":"Observation","id":"o1","status":"final",
          "code":{"coding":[{"system":"http://loinc.org","code":"29463-7","display":"Body Weight"}]},
          "subject":{"reference":"urn:uuid:p-1"},"valueQuantity":{"value":12345678901234567890.10,"unit":"kg"},
          "effectiveDateTime":"2020-01-02"}},
        {"fullUrl":"urn:uuid:p-1","resource":{"resourceType":"Patient","id":"77",
          "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Ann&nbsp;Lee &amp; Co<br/>born 1980</p><table><tr><td>a</td><td>b</td></tr></table><!-- no --><script>x<y</script></div>"},
          "name":[{"family":"Lee","given":["Ann"]}]}},
        {"resource":{"resourceType":"Condition","subject":{"reference":"Patient/77"},
          "note":[{"text":"First note."},{"text":"Second note."}],"code":{"text":"Flu"}}},
        {"request":{"method":"DELETE","url":"Patient/9"}},
        {"resource":17},
        {"resource":{"id":"x"}},
        "junk",
        {"resource":{"resourceType":"DocumentReference","subject":{"type":"Patient","identifier":{"system":"s","value":"v"}},
          "content":[{"attachment":{"contentType":"text/plain; charset=utf-8","data":"SMOpIHRoZXJl"}},
                     {"attachment":{"contentType":"text/html","data":"PHA+QSAmbHQ7IEI8L3A+"}},
                     {"attachment":{"contentType":"application/pdf","data":"AAAA"}}]}}
        ]}
        """#

    @Test func bundlesGiveARowForEachResource() throws {
        let out = try ingest(Self.bundle, "b.json")
        #expect(out.report.facts.format == .fhir)
        #expect(
            out.rows.map { $0.fields["resourceType"]?.stringValue } == [
                "Observation", "Patient", "Condition", "DocumentReference",
            ])
        #expect(out.reasons == [.fhirNoResource, .fhirNoResource, .fhirNoResource])
        #expect(out.report.count.dropped == ["entry-without-resource": 1])
        let observation = out.rows[0].fields
        #expect(observation["valueQuantity"] == ["value": "12345678901234567890.10", "unit": "kg"])
        #expect(
            out.texts[0]
                == "Observation\ncode: Body Weight\neffective: 2020-01-02\nstatus: final\n"
                + "value: 12345678901234567890.10 kg")
        #expect(
            observation["text_from"] == ["contents"] && observation["fullUrl"] == "urn:uuid:aaa")
        #expect(out.texts[1] == "Ann Lee & Co\nborn 1980\na b")
        #expect(out.rows[1].fields["narrative_status"] == "generated")
        #expect(out.texts[2] == "First note.\n\nSecond note.")
        #expect(out.texts[3] == "Hé there\n\nA < B")
        let content = out.rows[3].fields["content"]?.arrayValue
        #expect(content?[0] == ["attachment": ["contentType": "text/plain; charset=utf-8"]])
        #expect(content?[2]["attachment"]?["data"] == "AAAA")
        // The urn of a patient that comes later, its id, and an identifier.
        #expect(
            out.rows.map(\.subjects) == [
                ["Patient/77"], ["Patient/77"], ["Patient/77"], ["s|v"],
            ])
        #expect(
            out.rows.map(\.place) == [
                "Observation/o1", "Patient/77", "Condition", "DocumentReference",
            ])
    }

    @Test func whereChunksEndDoesNotMatter() throws {
        let whole = try ingest(Self.bundle, "b.json")
        for chunk in [1, 2, 3, 5, 7, 16, 61, 333] {
            let part = try ingest(Self.bundle, "b.json") { $0.chunkBytes = chunk }
            #expect(part.rows == whole.rows && part.rejected == whole.rejected, "\(chunk)")
        }
        let bytes = Array(Self.bundle.utf8)
        for row in whole.rows {
            let piece = bytes[Int(row.offset)..<Int(row.offset + row.length)]
            #expect(piece.first == UInt8(ascii: "{") && piece.last == UInt8(ascii: "}"))
        }
    }

    @Test(arguments: [
        ("Patient/1", FHIRReference.patient("Patient/1")),
        ("http://a.b/fhir/Patient/1/_history/3", .patient("Patient/1")),
        ("Patient?identifier=sys|9", .patient("sys|9")), ("urn:uuid:x", .urn("urn:uuid:x")),
        ("Group/1", .other), ("Device/Patient", .other),
    ])
    func references(url: String, reference: FHIRReference) {
        #expect(FHIRReference(url: url) == reference)
    }

    @Test func resourcesInWords() {
        let claim: [String: JSONValue] = [
            "resourceType": "Claim", "total": ["value": "25", "currency": "USD"],
            "billablePeriod": ["start": "2020"], "id": "x", "use": "claim",
            "item": [["sequence": "1", "productOrService": ["coding": [["code": "9"]]]]],
            "provider": ["reference": "Organization/1"], "active": true, "birthDate": "1990",
            "name": [["prefix": ["Dr."], "given": ["Ann", "B"], "family": "Lee"]],
        ]
        #expect(
            FHIRSummary.text(type: "ClaimResponse", resource: claim)
                == """
                Claim Response
                name: Dr. Ann B Lee
                active: yes
                billable period: 2020 – …
                birth date: 1990
                item: product or service 9
                total: 25 USD
                """)
    }

    @Test func linesListsAndNestedBundles() throws {
        let patient = #"{"resourceType":"Patient","id":"1"}"#
        let note = #"{"resourceType":"Encounter","subject":{"reference":"Patient/1"}}"#
        let lines = try ingest([patient, note, "[]", "{}"].joined(separator: "\n"), "a.ndjson")
        #expect(lines.rows.count == 2 && lines.reasons == [.fhirNoResource])
        #expect(lines.rows.allSatisfy { $0.subjects == ["Patient/1"] })
        let list = try ingest("[\(patient),\(note)]", "a.json") { $0.format = .fhir }
        #expect(list.rows.count == 2)
        let inner = #"{"type":"batch","entry":[{"resource":\#(note)}],"resourceType":"Bundle"}"#
        let nested = #"{"resourceType":"Bundle","entry":[{"resource":\#(inner)}]}"#
        #expect(try ingest(nested, "a.json").rows.map(\.subjects) == [["Patient/1"]])
        #expect(try ingest(inner, "a.json").report.facts.format == .fhir)
        var deep = inner
        for _ in 0..<8 { deep = #"{"resourceType":"Bundle","entry":[{"resource":\#(deep)}]}"# }
        #expect(try ingest(deep, "a.json").reasons == [.jsonDepth])
        let cut = try ingest(String(nested.dropLast(20)), "a.json")
        #expect(cut.reasons.contains(.jsonTruncated))
    }

    @Test func patientsThatNeverComeHoldNothingUpForLong() throws {
        let rows = (0..<3000).map {
            #"{"resource":{"resourceType":"Flag","subject":{"reference":"urn:uuid:p\#($0 % 900)"}}}"#
        }
        let text = #"{"resourceType":"Bundle","entry":["# + rows.joined(separator: ",") + "]}"
        let out = try ingest(text, "a.json")
        #expect(out.rows.count == 3000 && out.rows[899].subjects == ["Patient/p899"])
        let group = #"""
            {"resourceType":"Bundle","entry":[
            {"resource":{"resourceType":"Flag","subject":{"reference":"urn:uuid:g"}}},
            {"fullUrl":"urn:uuid:g","resource":{"resourceType":"Group","id":"g"}}]}
            """#
        #expect(try ingest(group, "a.json").rows.map(\.subjects) == [[], []])
    }

    @Test func bigBundlesStream() throws {
        let filler = Array(String(repeating: "x", count: 9000).utf8)
        var text = Array(#"{"resourceType":"Bundle","entry":["#.utf8)
        for number in 0..<1200 {
            if number > 0 { text.append(UInt8(ascii: ",")) }
            let start = #"{"resource":{"resourceType":"Observation","id":"\#(number)","subject":"#
            text += Array(
                (start + #"{"reference":"Patient/\#(number % 10)"},"note":[{"text":""#).utf8)
            text += filler
            text += Array(#""}]}}"#.utf8)
        }
        text += Array("]}".utf8)
        #expect(text.count > 10 << 20)
        let out = try ingest(text, "big.json")
        #expect(out.rows.count == 1200 && out.rejected.isEmpty)
        #expect(Set(out.rows.flatMap(\.subjects)).count == 10)
    }

    @Test(arguments: [
        ("<p>a</p><p>b</p>", "a\nb"), ("a < b & c", "a < b & c"), ("<b>x</b>y", "xy"),
        ("<a title='>'>t</a>", "t"), ("&#x41;&#66;&#0;&bogus;", "AB\u{FFFD}&bogus;"),
        ("<![CDATA[<raw>]]>", "<raw>"), ("<!-- a", ""), ("<script>x", ""), ("<", "<"), ("", ""),
        ("<style>p{}</style>z", "z"), ("<ul><li>1</li><li>2</li></ul>", "1\n2"),
        ("<div\n class=\"x\">t</div>", "t"), ("a<br/>b<br>c", "a\nb\nc"),
    ])
    func markup(source: String, text: String) {
        #expect(MarkupText.text(of: source) == text)
    }

    @Test func randomChangesNeverCrashAndAlwaysBalance() throws {
        var random = SeededRandom(seed: 42)
        let original = Array(Self.bundle.utf8)
        var (rows, refused) = (0, 0)
        for _ in 0..<1500 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(UInt8(ascii: "{"), at: place)
                default: bytes.removeSubrange(place..<min(place + 40, bytes.count))
                }
            }
            var options = IngestOptions()
            options.format = .fhir
            options.encoding = .utf8
            options.chunkBytes = 4096
            let out = try ingest(bytes, "a.json", options)
            rows += out.rows.count
            refused += out.rejected.count
        }
        print("FHIR fuzz: 1500 files, \(rows) rows, \(refused) refused")
    }

    @Test func theShelfsBundles() throws {
        guard let folder = shelf("docs/fhir") else { return }
        var (kinds, subjects, files) = ([String: Int](), 0, 0)
        for name in try names(in: folder, ".json") {
            let bytes = try contents("\(folder)/\(name)")
            let out = try ingest(bytes, name)
            files += 1
            #expect(out.rejected.isEmpty && out.report.facts.format == .fhir, "\(name)")
            let people = Set(out.rows.flatMap(\.subjects))
            #expect(people.count == (name.hasPrefix("practitioner") ? 0 : 1), "\(name)")
            for row in out.rows {
                let type = row.fields["resourceType"]?.stringValue ?? "?"
                kinds[type, default: 0] += 1
                subjects += row.subjects.isEmpty ? 0 : 1
                let staff = ["Practitioner", "Organization"].contains(type)
                #expect(row.subjects.isEmpty == staff, "\(name) \(type)")
            }
            let whole = try JSONParser.parse(bytes)["entry"]?.arrayValue ?? []
            #expect(out.rows.count == whole.count)
            for (row, entry) in zip(out.rows, whole) {
                for (member, value) in entry["resource"]?.objectValue ?? [:] where member != "text"
                {
                    #expect(row.fields[member] == numbersAsText(value), "\(name) \(member)")
                }
            }
        }
        let table = kinds.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        print(
            "FHIR: \(files) bundles, \(kinds.values.reduce(0, +)) resources read, 0 quarantined,",
            "\(subjects) with a patient:", table.joined(separator: ", "))
    }
}
