/// What the places of clinical forms hold: FHIR R4 element names, HL7 v2 field and component titles in
/// snake case, C-CDA element and attribute names.
///
/// The identifiers of 45 CFR 164.514(b)(2)(i) that are structured stand at known places, so that they
/// need not be recognised by their look: a Synthea patient is called "Abbott774 Barney639".
enum ClinicalFields {
    /// What stands at a path: member names from the record's field down to the text.
    static func value(at path: [String], _ form: ClinicalForm) -> ClinicalValue? {
        // The text of an element that has attributes too is the element's.
        if path.last == "#text" { return value(at: Array(path.dropLast()), form) }
        guard let last = path.last.map(normal) else { return nil }
        let parents = path.dropLast().map(normal)
        if let type = personal(last, parents, form) { return .personal(type) }
        if isCoded(last, parents, form) { return .coded }
        // In the segments about people whatever has no title of its own is an identifier until
        // shown otherwise.
        if form == .hl7, let segment = path.first, demographic.contains(segment),
            last.hasPrefix("field") || last.hasPrefix("component") || last == "identifier"
        {
            return .personal(.otherID)
        }
        // Elsewhere it is the code of a coded element.
        if form == .hl7, last == "identifier" { return .coded }
        return nil
    }

    private static func personal(
        _ last: String, _ parents: [String], _ form: ClinicalForm
    ) -> EntityType? {
        let parent = parents.last ?? ""
        if let type = byName[last] { return type }
        if ["value", "valuestring", "display", "text", "name", "id", "reference", "data"]
            .contains(last)
        {
            if let type = byParent[parent]?[last] { return type }
        }
        switch form {
        case .fhir:
            if last == "id", parents.isEmpty { return .otherID }
            if last == "reference" || last == "fullurl" { return .otherID }
            if last == "valuedecimal", parents.contains("address") { return .coordinate }
            if last == "valuestring", parents.contains("extension") { return .otherID }
            if last == "name", ["", "contact"].contains(parent) { return .organization }
            if dateEnds.contains(where: last.hasSuffix), !last.hasPrefix("value") {
                return .dateTime
            }
            if (last == "start" || last == "end") && parent.hasSuffix("period") { return .dateTime }
        case .hl7:
            if last.hasSuffix("date") || last.hasSuffix("datetime") || last.hasPrefix("datetime")
                || last.hasPrefix("date")
            {
                return last.contains("birth") ? .dateOfBirth : .dateTime
            }
            if dateParents.contains(where: parent.contains), last == "time" || last == "component1"
            {
                return .dateTime
            }
            if last.hasSuffix("number") || last.hasSuffix("identifier") && last != "identifier" {
                return .medicalRecord
            }
            if parent.hasSuffix("name") || parent.hasSuffix("alias"),
                last == "identifier" || last == "component1"
            {
                return .person
            }
            if parent.contains("phone") || parent.contains("telephone") { return phone(last) }
        case .ccda:
            if last == "time" || last.hasSuffix("time") { return .dateTime }
            if last == "value",
                ["low", "high", "center", "period"].contains(parent)
                    || parent.hasSuffix("time")
            {
                return parent == "birthtime" ? .dateOfBirth : .dateTime
            }
            if (last == "low" || last == "high") && parent.hasSuffix("time") { return .dateTime }
            if last == "extension" { return .medicalRecord }
            if last == "name", parent != "document" { return .person }
            if last == "relationship" || last == "code" { return nil }
        }
        return nil
    }

    private static func phone(_ last: String) -> EntityType? {
        last.contains("type") || last.contains("code") && !last.contains("area")
            ? nil : .phoneNumber
    }

    private static func isCoded(_ last: String, _ parents: [String], _ form: ClinicalForm) -> Bool {
        if coded.contains(last) { return true }
        switch form {
        case .fhir:
            // What a coding displays comes out of its system; a concept's `text` is somebody's own.
            if last == "display", ["coding", "valuecoding", "class"].contains(parents.last ?? "") {
                return true
            }
            if last == "value", parents.last?.hasSuffix("quantity") == true { return true }
            return last.hasPrefix("valuecode") || last.hasPrefix("valueboolean")
                || last == "url" && parents.last == "extension"
        case .hl7:
            return codedEnds.contains(where: last.hasSuffix) || last.hasPrefix("nameof")
                || last.hasPrefix("setid")
        case .ccda:
            return last == "value" && parents.last == "templateid"
        }
    }

    /// Lower-case letters and digits; the `_2` of a repeated title is left out, and so is the `@` of
    /// an attribute.
    private static func normal(_ name: String) -> String {
        var bytes = Array(name.utf8)
        if let cut = bytes.lastIndex(of: 0x5F), cut + 1 < bytes.count,
            bytes[(cut + 1)...].allSatisfy(\.isDigit), bytes.count - cut <= 3,
            !name.hasPrefix("field_"), !name.hasPrefix("component_")
        {
            bytes.removeSubrange(cut...)
        }
        return String(decoding: bytes.filter(\.isWord).map(\.lowered), as: UTF8.self)
    }

    private static func set(_ text: String) -> Set<String> {
        Set(text.split(separator: " ").map(String.init))
    }

    /// Segments about the patient, relatives, guarantor and insured.
    private static let demographic = set(
        "PID PD1 NK1 GT1 IN1 IN2 IN3 MRG ACC CON DB1 PRD CTD ROL STF AIP CER EDU PRA")
    private static let dateEnds = ["date", "datetime", "instant", "issued", "recorded"]
    private static let dateParents = ["date", "time"]

    /// Names that mean one thing wherever they stand in a clinical form.
    private static let byName: [String: EntityType] = table([
        (
            .person,
            """
            family given familyname givenname secondandfurthergivennames lastname firstname \
            middlename familynamepartnersurname familynameownsurname callmename \
            secondandfurthergivennamesorinitialsthereof patientname mothersmaidenname patientalias \
            calledby
            """
        ),
        (
            .streetAddress,
            """
            line streetaddress streetaddressstreetname streetaddressline street streetname \
            housenumber otherdesignation otherdesignations dwellingnumber additionallocator \
            addressee unitid
            """
        ),
        (
            .location,
            """
            city district county countyparishcode countycode censustract \
            othergeographicdesignation birthplace
            """
        ),
        (.zipCode, "postalcode zip zipcode ziporpostalcode"),
        (
            .phoneNumber,
            """
            telephonenumber unformattedtelephonenumber localnumber areacitycode phonenumber \
            communicationaddress faxnumber
            """
        ),
        (.emailAddress, "emailaddress email"),
        (.dateOfBirth, "birthdate birthtime dateofbirth datetimeofbirth"),
        (
            .medicalRecord,
            """
            idnumber personidentifier entityidentifier ssnnumber licensenumber accountnumber \
            patientid alternatepatientid visitnumber organizationidentifier \
            placerordernumber fillerordernumber messagecontrolid alternateidentifier
            """
        ),
        (.organization, "organizationname"),
        (.otherID, "photo imageid"),
    ])

    /// What `value`, `display` and the like mean under a parent.
    private static let byParent: [String: [String: EntityType]] = {
        var table: [String: [String: EntityType]] = [
            "telecom": ["value": .phoneNumber], "telecoms": ["value": .phoneNumber],
            "identifier": ["value": .medicalRecord], "identifiers": ["value": .medicalRecord],
            "name": ["text": .person], "names": ["text": .person],
            "address": ["text": .streetAddress],
            "photo": ["data": .otherID], "valueattachment": ["data": .otherID],
            "attachment": ["data": .otherID],
            "custodian": ["name": .organization, "display": .organization],
            "providerorganization": ["name": .organization],
            "representedorganization": ["name": .organization],
        ]
        let people = set(
            """
            subject patient individual actor performer author recorder requester asserter provider \
            prescriber enterer informationsource member participant attester sender recipient \
            practitioner beneficiary subscriber policyholder responsible assigner receiver target who \
            onbehalfof agent player verifier interpreter resultsinterpreter generalpractitioner \
            participatingpractitioner careteam
            """)
        for name in people { table[name, default: [:]]["display"] = .person }
        let organizations = set(
            """
            organization serviceprovider managingorganization insurer payor payee facility \
            location locationreference providerorganization supplier manufacturer
            """)
        for name in organizations { table[name, default: [:]]["display"] = .organization }
        return table
    }()

    /// Codes, flags and systems.
    private static let coded = set(
        """
        resourcetype system use status code codesystem codesystemname classcode moodcode typecode \
        determinercode displayname root templateid nullflavor mediatype unit units language \
        languages gender sex administrativesex active intent priority severity clinicalstatus \
        verificationstatus category version profile messagetype messagecode triggerevent \
        messagestructure processingid versionid encodingcharacters fieldseparator textfrom \
        sectioncode valuetype country countrycode stateorprovince identifiertypecode \
        telecommunicationusecode telecommunicationequipmenttype nametypecode addresstype \
        checkdigitscheme universalidtype assigningauthorityuniversalidtype universalid \
        assigningauthorityuniversalid interpretationcodes observationresultstatus preferenceorder \
        prefix degree professionalsuffix
        """)
    private static let codedEnds = [
        "code", "type", "flag", "indicator", "status", "codingsystem", "versionid", "class",
        "precision", "source", "control",
    ]

    private static func table(_ lists: [(EntityType, String)]) -> [String: EntityType] {
        var result: [String: EntityType] = [:]
        for (type, names) in lists { for name in set(names) { result[name] = type } }
        return result
    }
}
