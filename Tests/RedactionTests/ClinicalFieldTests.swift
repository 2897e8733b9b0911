import Records
import Testing

@testable import Redaction

/// What stands at the places of clinical forms is found by its place, whatever it looks like.
struct ClinicalFieldTests {
    @Test(arguments: [
        ("name.family", EntityType.person), ("name.given", .person), ("contact.name.text", .person),
        ("telecom.value", .phoneNumber), ("address.line", .streetAddress),
        ("address.city", .location), ("address.postalCode", .zipCode), ("birthDate", .dateOfBirth),
        ("identifier.value", .medicalRecord), ("id", .otherID), ("subject.reference", .otherID),
        ("participant.individual.display", .person), ("serviceProvider.display", .organization),
        ("effectiveDateTime", .dateTime), ("billablePeriod.start", .dateTime),
        ("photo.data", .otherID), ("extension.valueString", .otherID),
        ("address.extension.extension.valueDecimal", .coordinate),
    ])
    func fhir(_ path: String, _ type: EntityType) {
        let names = path.split(separator: ".").map(String.init)
        #expect(ClinicalFields.value(at: names, .fhir) == .personal(type))
    }

    @Test(arguments: [
        ("PID.patient_name.family_name", EntityType.person),
        ("PID.patient_name.given_name", .person),
        ("PID.patient_address.street_address", .streetAddress),
        ("PID.patient_address.zip_or_postal_code", .zipCode),
        ("PID.date_of_birth", .dateOfBirth),
        ("PID.phone_number_home.telephone_number", .phoneNumber),
        ("PID.patient_identifier_list.id_number", .medicalRecord),
        ("PV1.admit_date_time", .dateTime), ("IN1.field_49", .otherID),
        ("NK1.component_1_2", .otherID), ("MSH.message_control_id", .medicalRecord),
    ])
    func hl7(_ path: String, _ type: EntityType) {
        let names = path.split(separator: ".").map(String.init)
        #expect(ClinicalFields.value(at: names, .hl7) == .personal(type))
    }

    @Test(arguments: [
        ("patient.names.family", EntityType.person), ("patient.addresses.street", .streetAddress),
        ("patient.telecoms.value", .phoneNumber), ("patient.identifiers.value", .medicalRecord),
        ("patient.birth_time", .dateOfBirth), ("effective_time", .dateTime),
        ("patientRole.patient.name.family.#text", .person), ("custodian.name", .organization),
        ("section.entry.act.id.@extension", .medicalRecord),
        ("section.entry.act.effectiveTime.low.@value", .dateTime),
    ])
    func ccda(_ path: String, _ type: EntityType) {
        let names = path.split(separator: ".").map(String.init)
        #expect(ClinicalFields.value(at: names, .ccda) == .personal(type))
    }

    @Test(arguments: [
        (ClinicalForm.fhir, "resourceType"), (.fhir, "code.coding.system"),
        (.fhir, "code.coding.code"),
        (.fhir, "code.coding.display"), (.fhir, "valueQuantity.value"),
        (.hl7, "OBX.observation_identifier.identifier"), (.hl7, "PID.administrative_sex"),
        (.hl7, "PID.patient_name.name_type_code"), (.ccda, "section.code.@codeSystem"),
        (.ccda, "section.entry.observation.@classCode"), (.ccda, "section_code"),
    ])
    func codes(_ form: ClinicalForm, _ path: String) {
        #expect(
            ClinicalFields.value(at: path.split(separator: ".").map(String.init), form) == .coded)
    }

    @Test(arguments: [
        (ClinicalForm.fhir, "text"), (.fhir, "note.text"), (.fhir, "code.text"), (.hl7, "text"),
        (.ccda, "text"), (.hl7, "NTE.comment"),
    ])
    func freeTextIsLeftToTheDetectors(_ form: ClinicalForm, _ path: String) {
        #expect(
            ClinicalFields.value(at: path.split(separator: ".").map(String.init), form) == nil)
    }

    @Test func aResourceIsRedactedByItsPlaces() throws {
        let record = try makeRecord(
            .text,
            [
                "resourceType": "Patient", "id": "p1",
                "name": [["family": "Zorblax774", "given": ["Qwil"]]], "birthDate": "1984-02-03",
                "maritalStatus": [
                    "coding": [["system": "http://terminology.example/m", "code": "M"]]
                ],
                "text": "Zorblax774 was seen.",
            ])
        let result = try redactor("name: x\ntypes: {DATE_OF_BIRTH: generalize}").redact(record)
        let fields = result.record.fields
        #expect(fields["name"] == [["family": "[PERSON_1]", "given": ["[PERSON_2]"]]])
        #expect(fields["text"] == "[PERSON_1] was seen.")
        #expect(fields["birthDate"] == "1984")
        #expect(fields["maritalStatus"] == record.fields["maritalStatus"])
        #expect(fields["resourceType"] == "Patient")
        #expect(fields["id"] != "p1")
    }

    @Test(arguments: [
        ("20120927", "2012"), ("201209271300-0500", "2012"), ("2012-09", "2012"), ("19801301", nil),
        ("8801", nil),
    ])
    func compactDatesKeepTheirYear(_ date: String, _ year: String?) {
        let result = Generalizing.generalize(Array(date.utf8)[...], .dateTime)
        #expect(result.map { String(decoding: $0, as: UTF8.self) } == year)
    }

    @Test(arguments: ["2.16.840.1.113883.6.1", "http://loinc.org", "urn:oid:1.2.3"])
    func systemsAreNames(_ text: String) { #expect(CodeSystem.isName(Array(text.utf8))) }

    @Test(arguments: ["10.1.2.3", "http://x.example/?patient=jane", "Jane", "3.14", ""])
    func otherTextsAreNot(_ text: String) { #expect(!CodeSystem.isName(Array(text.utf8))) }
}
