import ReaderProtocol
import Records
import Testing

@Suite struct CCDAReaderTests {
    static let document = """
        <?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="CDA.xsl"?>
        <ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <title>Summary of Ann</title><effectiveTime value="20240506"/>
        <recordTarget><patientRole><id root="1.2.3" extension="MRN-1"/><id nullFlavor="UNK"/>
        <addr use="HP"><streetAddressLine>1 Long St</streetAddressLine>
        <streetAddressLine>Flat 2</streetAddressLine><city>Ulm</city></addr>
        <telecom use="HP" value="tel:+49-731-1"/>
        <patient><name use="L"><given>Ann</given><given>B.</given><family>Smith</family></name>
        <name>Annie</name><administrativeGenderCode code="F" displayName="Female"/>
        <birthTime value="19700102"/></patient></patientRole></recordTarget>
        <author><time value="20240507"/><assignedAuthor><assignedPerson><name><family>Doe</family>
        </name></assignedPerson></assignedAuthor></author>
        <custodian><assignedCustodian><representedCustodianOrganization><name>Clinic</name>
        </representedCustodianOrganization></assignedCustodian></custodian>
        <component><structuredBody><component><section><code code="48765-2"/><title>Allergies</title>
        <text><paragraph>Known since <content styleCode="Bold">2010</content>.</paragraph>
        <list listType="ordered"><item>one</item><item>two<list><item>deep</item></list></item></list>
        <table><thead><tr><th>Substance</th><th>Reaction</th></tr></thead><tbody>
        <tr><td ID="s1">Penicillin<br/>G</td><td/></tr></tbody></table></text>
        <entry><act classCode="ACT"><entryRelationship><observation negationInd="true">
        <code code="ASSERTION"/><statusCode code="completed"/>
        <effectiveTime><low value="2010"/></effectiveTime>
        <text><reference value="#s1"/></text>
        <value xsi:type="PQ" value="5" unit="mg"/></observation></entryRelationship></act></entry>
        <component><section><title>Inner</title><text>plain</text></section></component>
        </section></component>
        <component><section/></component></structuredBody></component></ClinicalDocument>
        """

    @Test func sections() throws {
        let out = read(Self.document, .ccda)
        #expect(out.fault == nil)
        #expect(out.summary == ReaderSummary(parser: "ccda/1"))
        let first = try #require(out.sink.records.first).fields
        #expect(
            first["text"] == """
                Allergies

                Known since 2010.

                1. one
                2. two
                  - deep
                Substance\tReaction
                Penicillin G
                """)
        #expect(first["section"] == "Allergies" && first["section_code"] == "48765-2")
        #expect(
            first["document_title"] == "Summary of Ann" && first["effective_time"] == "20240506")
        #expect(
            first["patient"] == [
                "identifiers": [["value": "MRN-1", "system": "1.2.3"]],
                "names": [
                    ["given": "Ann B.", "family": "Smith", "use": "L"], ["text": "Annie"],
                ],
                "addresses": [["street": "1 Long St, Flat 2", "city": "Ulm", "use": "HP"]],
                "telecoms": [["value": "tel:+49-731-1", "use": "HP"]], "gender": "Female",
                "birth_time": "19700102",
            ])
        #expect(first["authors"] == [["names": [["family": "Doe"]], "time": "20240507"]])
        #expect(first["custodian"] == ["name": "Clinic"])
        #expect(
            first["entries"] == [
                [
                    "type": "act",
                    "entries": [
                        [
                            "type": "observation", "negated": true, "code": ["code": "ASSERTION"],
                            "status": "completed", "effective_time": ["low": "2010"],
                            "text": "Penicillin G", "value": ["value": "5", "unit": "mg"],
                        ]
                    ],
                ]
            ])
        #expect(out.sink.records.map(\.place) == ["section 1", "section 2"])
        #expect(out.sink.texts[1] == "Inner\n\nplain")
        #expect(out.sink.refusals.map(\.reason) == ["ccda-empty"])
        let bytes = Array(Self.document.utf8)
        let range =
            Int(
                out.sink.records[1].offset)..<Int(
                out.sink.records[1].offset + out.sink.records[1].length)
        #expect(
            String(decoding: bytes[range], as: UTF8.self)
                == "<section><title>Inner</title><text>plain</text></section>")
    }

    @Test func otherBodies() {
        func body(_ text: String) -> Outcome {
            read(
                "<ClinicalDocument><component><nonXMLBody>\(text)</nonXMLBody></component>"
                    + "</ClinicalDocument>", .ccda)
        }
        #expect(body("<text mediaType='text/plain'>hello</text>").sink.texts == ["hello"])
        #expect(
            body("<text mediaType='text/plain' representation='B64'>aGVs\nbG8=</text>").sink.texts
                == ["hello"])
        #expect(
            body("<text mediaType='application/pdf' representation='B64'>JVBE</text>").sink.refusals
                .map(\.reason) == ["unsupported"])
    }

    @Test func fragments() {
        #expect(read("<section><title>T</title></section>", .ccda).sink.texts == ["T"])
        #expect(read("<act/>", .ccda).fault?.code == .unsupported)
        #expect(read("<ClinicalDocument/>", .ccda).fault?.code == .unsupported)
        #expect(read("<section>", .ccda).fault?.code == .malformed)
    }

    @Test func documentsOfTheShelf() throws {
        guard let folder = shelf("docs/ccda") else { return }
        var (files, refused, sections, withoutText) = (0, 0, 0, 0)
        for name in try names(in: folder, "") {
            let out = read(try contents("\(folder)/\(name)"), .ccda, name: name)
            files += 1
            sections += out.sink.records.count
            withoutText += out.sink.records.filter { $0.fields["text"] == nil }.count
            if let fault = out.fault {
                #expect(fault.code == .unsupported)
                refused += 1
            } else {
                #expect(!out.sink.records.isEmpty)
            }
        }
        print(
            "ccda: \(files) files, \(refused) refused, \(sections) sections, "
                + "\(withoutText) of codes alone")
        #expect(refused == 4 && files == 39)
    }
}
