internal import Records

/// A FHIR resource as a row: its members, its text, and whom it is about.
struct FHIRRow {
    let type: String
    let fullURL: String?
    let id: String?
    private(set) var fields: [String: JSONValue]
    /// References to patients, as written; of a patient its own id.
    private(set) var subjects: [FHIRReference] = []

    /// Makes the row: `text` is what a model should read; the narrative, and attachments that are
    /// text, move into it. `text_from` says what it consists of.
    init(type: String, resource: [String: JSONValue], fullURL: String?) {
        self.type = type
        self.fullURL = fullURL
        id = resource["id"]?.stringValue
        let text = FHIRText(type: type, resource: resource)
        fields = text.rest
        fields["text"] = .string(text.text)
        fields["text_from"] = .array(text.sources.map { .string($0) })
        if let status = resource["text"]?["status"] { fields["narrative_status"] = status }
        if let fullURL { fields["fullUrl"] = .string(fullURL) }
        subjects = Self.references(type: type, resource: resource, fullURL: fullURL)
    }

    /// For people: `Observation/abc`.
    var place: String { id.map { "\(type)/\($0)" } ?? type }

    /// The members that may refer to the patient that a resource is about (FHIR R4, compartment
    /// definition "patient", and search parameters `subject` and `patient`).
    private static let members = [
        "subject", "patient", "beneficiary", "individual", "for", "candidate", "subscriber",
    ]

    private static func references(
        type: String, resource: [String: JSONValue], fullURL: String?
    ) -> [FHIRReference] {
        if type == "Patient" {
            if let id = resource["id"]?.stringValue { return [.patient("Patient/\(id)")] }
            if let token = identifier(resource) { return [.patient(token)] }
            return fullURL.map { [FHIRReference(url: $0)] } ?? []
        }
        var found: [FHIRReference] = []
        var elements = members.flatMap { name in
            resource[name]?.arrayValue ?? resource[name].map { [$0] } ?? []
        }
        // Appointments and groups name their people one level down.
        for list in ["participant", "member"] {
            for part in resource[list]?.arrayValue ?? [] {
                if let inner = part["actor"] ?? part["entity"] { elements.append(inner) }
            }
        }
        for element in elements {
            if let reference = reference(element, in: resource), !found.contains(reference) {
                found.append(reference)
            }
        }
        return found
    }

    private static func reference(
        _ element: JSONValue, in resource: [String: JSONValue]
    ) -> FHIRReference? {
        let type = element["type"]?.stringValue
        guard type == nil || type == "Patient" else { return nil }
        if let url = element["reference"]?.stringValue, !url.isEmpty {
            guard url.hasPrefix("#") else {
                let reference = FHIRReference(url: url)
                return type == nil && !reference.mayBePatient ? nil : reference
            }
            let inner = resource["contained"]?.arrayValue?.first {
                $0["id"]?.stringValue == String(url.dropFirst())
            }
            guard let inner = inner?.objectValue, inner["resourceType"] == "Patient" else {
                return nil
            }
            return identifier(inner).map { .patient($0) }
        }
        guard type == "Patient",
            let token = identifier(["identifier": element["identifier"] ?? nil])
        else { return nil }
        return .patient(token)
    }

    /// `system|value` of the first identifier.
    private static func identifier(_ resource: [String: JSONValue]) -> String? {
        let first = resource["identifier"]?.arrayValue?.first ?? resource["identifier"]
        guard let value = first?["value"]?.stringValue, !value.isEmpty else { return nil }
        return first?["system"]?.stringValue.map { "\($0)|\(value)" } ?? value
    }
}

/// A reference to what may be a patient.
enum FHIRReference: Hashable, Sendable {
    /// A patient, by what its id blind will be made of: `Patient/ID`, or `system|value`.
    case patient(String)
    /// A `urn:` that only means something within its bundle.
    case urn(String)
    /// Something that is no patient.
    case other

    /// Reads a literal reference: `Patient/1`, `http://…/Patient/1/_history/2`, `urn:uuid:…`, or
    /// the search `Patient?identifier=system|value` (FHIR R4 §2.3).
    init(url: String) {
        if url.hasPrefix("urn:") {
            self = .urn(url)
        } else if let query = url.split(separator: "?", maxSplits: 1).dropFirst().first,
            url.hasPrefix("Patient?") || url.contains("/Patient?")
        {
            let token = query.hasPrefix("identifier=") ? query.dropFirst(11) : query
            self = .patient(String(token))
        } else {
            let parts = url.split(separator: "/")
            let place = parts.lastIndex(of: "Patient")
            if let place, place + 1 < parts.count {
                self = .patient("Patient/\(parts[place + 1])")
            } else {
                self = .other
            }
        }
    }

    var mayBePatient: Bool { self != .other }
}

/// Which patients the `urn:` references of one bundle mean.
struct FHIRIdentities {
    /// By `urn:` what the resource is; nil for one that is no patient.
    private var known: [String: String?] = [:]

    /// References that rows have and that nothing seen so far explains.
    private var open: Set<String> = []

    /// Whether a row refers to something that is not known yet.
    var isWaiting: Bool { !open.isEmpty }

    /// Notes what the row's `fullUrl` stands for.
    mutating func note(_ row: FHIRRow) {
        guard let url = row.fullURL, url.hasPrefix("urn:") else { return }
        open.remove(url)
        if row.type == "Patient" {
            guard case .patient(let token) = row.subjects.first else { return }
            known[url] = token
        } else {
            known.updateValue(nil, forKey: url)
        }
    }

    /// Notes what the row refers to.
    mutating func expect(_ row: FHIRRow) {
        for case .urn(let url) in row.subjects where url != row.fullURL && known[url] == nil {
            open.insert(url)
        }
    }

    /// Takes what is still open for patients whose resources are elsewhere.
    mutating func giveUp() {
        for url in open { known[url] = Self.token(url) }
        open = []
    }

    /// The people that a row is about.
    func subjects(of row: FHIRRow) -> [String] {
        row.subjects.compactMap { reference in
            switch reference {
            case .patient(let token): token
            case .other: nil
            case .urn(let url): known[url] ?? Self.token(url)
            }
        }
    }

    /// A `urn:uuid:` stands for the patient with that id.
    private static func token(_ url: String) -> String {
        url.hasPrefix("urn:uuid:") ? "Patient/\(url.dropFirst(9))" : url
    }
}
