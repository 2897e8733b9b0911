public import Records

/// The clinical form that a record came in, told by its members: what a leaf of it means stands in
/// its path and not in its text.
public enum ClinicalForm: String, Sendable, Hashable, CaseIterable {
    /// A FHIR R4 resource.
    case fhir
    /// An HL7 v2 message, one member a segment, field titles in snake case.
    case hl7
    /// A section of a C-CDA document, with its header.
    case ccda

    /// The form of a record; nil where it is none of these.
    public init?(_ record: Record) {
        let fields = record.fields
        if case .string? = fields["resourceType"] {
            self = .fhir
        } else if fields["MSH"]?.objectValue != nil {
            self = .hl7
        } else if fields["section_code"] != nil && fields["patient"]?.objectValue != nil
            || Self.holdsSection(fields)
        {
            self = .ccda
        } else {
            return nil
        }
    }

    /// Elements that such fragments begin with, and members that tell them from other XML.
    private static let elements = [
        "section", "entry", "observation", "ClinicalDocument", "recordTarget", "patientRole",
        "author", "organizer", "act", "encounter", "procedure",
    ]
    private static let marks: Set<String> = [
        "code", "templateId", "entry", "text", "id", "addr", "patient",
    ]

    /// A fragment of a C-CDA document, read as XML: codes stand in attributes.
    private static func holdsSection(_ fields: [String: JSONValue]) -> Bool {
        for name in elements {
            guard let members = fields[name]?.objectValue else { continue }
            if members.keys.contains(where: marks.contains) { return true }
        }
        return fields["templateId"] != nil || fields["@classCode"] != nil
    }
}

/// What stands at a place of a clinical record.
enum ClinicalValue: Hashable {
    /// Personal data of one type as a whole, whatever it looks like.
    case personal(EntityType)
    /// A code, a flag or the name of a coding system: the learned tagger has nothing to say.
    case coded
}

/// Names of coding systems: object identifiers, and the web addresses that stand for systems.
enum CodeSystem {
    /// Whether a text is such a name and nothing else: `2.16.840.1.113883.6.1`, `http://loinc.org`.
    static func isName(_ text: [UInt8]) -> Bool {
        if text.starts(with: Array("urn:oid:".utf8)) || text.starts(with: Array("urn:ietf:".utf8)) {
            return true
        }
        if text.starts(with: Array("http://".utf8)) || text.starts(with: Array("https://".utf8)) {
            return !text.contains { $0 == 0x40 || $0 == 0x3F || $0.isSpace }
        }
        let parts = text.split(separator: 0x2E, omittingEmptySubsequences: false)
        return parts.count >= 4 && (parts[0] == [0x31] || parts[0] == [0x32])
            && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isDigit) }
    }
}
