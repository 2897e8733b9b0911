internal import Records

/// Who and when a clinical document is about (CDA R2 §4.2).
enum CCDAHeader {
    /// The columns that every section of the document has.
    static func fields(of root: XMLTree) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        if root.name == "ClinicalDocument" {
            let title = root.first("title").map { XMLColumns.collapsed($0.text) } ?? ""
            if !title.isEmpty { fields["document_title"] = .string(title) }
            fields["effective_time"] = root.first("effectiveTime").flatMap { CCDAValue.time($0) }
            let authors = root.all("author").map { author(of: $0) }.filter { $0 != [:] }
            if !authors.isEmpty { fields["authors"] = .array(authors) }
            if let custodian = root.first("custodian")?.first("assignedCustodian")?
                .first("representedCustodianOrganization")
            {
                fields["custodian"] = .object(organization(custodian))
            }
        }
        let target = root.name == "recordTarget" ? root : root.descendants("recordTarget").first
        if let role = target?.first("patientRole") {
            fields["patient"] = .object(patient(role))
        }
        return fields
    }

    private static func patient(_ role: XMLTree) -> [String: JSONValue] {
        var out = party(role)
        if let patient = role.first("patient") {
            out.merge(party(patient)) { first, _ in first }
            out["birth_time"] = patient.first("birthTime").flatMap { CCDAValue.time($0) }
            let coded = [
                ("gender", "administrativeGenderCode"), ("marital_status", "maritalStatusCode"),
                ("religion", "religiousAffiliationCode"), ("race", "raceCode"),
                ("ethnic_group", "ethnicGroupCode"),
            ]
            for (name, element) in coded {
                out[name] = patient.first(element).flatMap { word($0) }
            }
            let languages = patient.all("languageCommunication")
                .compactMap { $0.first("languageCode").flatMap { word($0) } }
            if !languages.isEmpty { out["languages"] = .array(languages) }
            let birthplace = patient.first("birthplace")?.first("place")?.first("addr")
            out["birthplace"] = birthplace.flatMap { address($0) }
            let guardians = patient.all("guardian").map { guardian in
                var one = party(guardian)
                if let person = guardian.first("guardianPerson") {
                    one.merge(party(person)) { first, _ in first }
                }
                one["relationship"] = guardian.first("code").flatMap { word($0) }
                return JSONValue.object(one)
            }
            if !guardians.isEmpty { out["guardians"] = .array(guardians) }
        }
        out["provider_organization"] = role.first("providerOrganization").map {
            .object(organization($0))
        }
        return out
    }

    private static func author(of author: XMLTree) -> JSONValue {
        guard let assigned = author.first("assignedAuthor") else { return [:] }
        var out = party(assigned)
        if let person = assigned.first("assignedPerson") {
            out.merge(party(person)) { first, _ in first }
        }
        let device = assigned.first("assignedAuthoringDevice")?.first("softwareName")
        out["software"] = device.map { .string(XMLColumns.collapsed($0.text)) }
        out["time"] = author.first("time").flatMap { CCDAValue.time($0) }
        out["organization"] = assigned.first("representedOrganization").map {
            .object(organization($0))
        }
        return .object(out)
    }

    private static func organization(_ element: XMLTree) -> [String: JSONValue] {
        var out = party(element)
        out["names"] = nil
        let names = element.all("name").map { XMLColumns.collapsed($0.text) }.filter { !$0.isEmpty }
        out["name"] = names.first.map { .string($0) }
        return out
    }

    /// Names, addresses, telecoms and identifiers directly below an element.
    private static func party(_ element: XMLTree) -> [String: JSONValue] {
        var out: [String: JSONValue] = [:]
        let parts: [(String, [JSONValue])] = [
            ("identifiers", element.all("id").compactMap { identifier($0) }),
            ("names", element.all("name").compactMap { name($0) }),
            ("addresses", element.all("addr").compactMap { address($0) }),
            ("telecoms", element.all("telecom").compactMap { telecom($0) }),
        ]
        for (name, values) in parts where !values.isEmpty { out[name] = .array(values) }
        return out
    }

    private static func identifier(_ id: XMLTree) -> JSONValue? {
        guard id[attribute: "nullFlavor"] == nil || id[attribute: "extension"] != nil else {
            return nil
        }
        var out: [String: JSONValue] = [:]
        out["value"] = (id[attribute: "extension"] ?? id[attribute: "root"]).map { .string($0) }
        if id[attribute: "extension"] != nil {
            out["system"] = id[attribute: "root"].map { .string($0) }
        }
        out["authority"] = id[attribute: "assigningAuthorityName"].map { .string($0) }
        return out["value"] == nil ? nil : .object(out)
    }

    private static func telecom(_ element: XMLTree) -> JSONValue? {
        guard let value = element[attribute: "value"], !value.isEmpty else { return nil }
        var out: [String: JSONValue] = ["value": .string(value)]
        out["use"] = element[attribute: "use"].map { .string($0) }
        return .object(out)
    }

    private static func name(_ element: XMLTree) -> JSONValue? {
        labelled(
            element, ["prefix": "prefix", "given": "given", "family": "family", "suffix": "suffix"])
    }

    private static func address(_ element: XMLTree) -> JSONValue? {
        labelled(
            element,
            [
                "streetAddressLine": "street", "houseNumber": "house_number",
                "streetName": "street_name", "city": "city", "county": "county",
                "state": "state", "postalCode": "postal_code", "country": "country",
            ])
    }

    /// The named parts of a name or an address; what stands there without a label is `text`.
    private static func labelled(_ element: XMLTree, _ labels: [String: String]) -> JSONValue? {
        var out: [String: JSONValue] = [:]
        var bare: [String] = []
        for child in element.children {
            switch child {
            case .text(let text): bare.append(XMLColumns.collapsed(text))
            case .element(let part):
                let text = XMLColumns.collapsed(part.text)
                guard let label = labels[part.name], !text.isEmpty else { continue }
                // Several given names or lines of a street are one text.
                if case .string(let before)? = out[label] {
                    let between = label == "street" ? ", " : " "
                    out[label] = .string(before + between + text)
                } else {
                    out[label] = .string(text)
                }
            }
        }
        let text = bare.filter { !$0.isEmpty }.joined(separator: " ")
        if !text.isEmpty { out["text"] = .string(text) }
        guard !out.isEmpty else { return nil }
        out["use"] = element[attribute: "use"].map { .string($0) }
        return .object(out)
    }

    /// A code in the words of its display name.
    private static func word(_ element: XMLTree) -> JSONValue? {
        (element[attribute: "displayName"] ?? element[attribute: "code"]).map { .string($0) }
    }
}
