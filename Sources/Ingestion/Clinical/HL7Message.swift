internal import Records

/// An HL7 v2 message as a row: a member for each segment, the text, and whom it is about.
///
/// A field that is not there has no member; one that is explicitly empty (`""`) is null.
struct HL7Message {
    private(set) var fields: [String: JSONValue] = [:]
    private(set) var subjects: [String] = []
    /// What MSH-18 declares, first repetition; empty if nothing.
    private(set) var charset = ""

    private let delimiters: HL7Delimiters
    private let escapes: HL7Escapes
    private var keptEscapes = false
    private var members: [String: [JSONValue]] = [:]
    private var order: [JSONValue] = []
    private var text = HL7Text()

    /// Reads the segments of one message, the first of which is its header.
    init(segments: [ArraySlice<UInt8>]) throws(JSONFault) {
        guard let header = segments.first, let delimiters = HL7Delimiters(header: header) else {
            throw JSONFault(.hl7Malformed, "the header does not say how the message is written")
        }
        self.delimiters = delimiters
        escapes = HL7Escapes(delimiters: delimiters)
        for segment in segments { read(segment) }
        for (name, values) in members {
            fields[name] = values.count == 1 ? values[0] : .array(values)
        }
        fields["segments"] = .array(order)
        let (whole, source) = text.whole
        fields["text"] = .string(whole)
        fields["text_from"] = [.string(source)]
        if keptEscapes { fields["hl7_notes"] = ["escape sequences kept as written"] }
        setType()
    }

    private mutating func setType() {
        guard let header = members["MSH"]?.first else { return }
        let type = header["message_type"]
        let parts = [type?["message_code"], type?["trigger_event"]].compactMap { $0?.stringValue }
        if !parts.isEmpty { fields["message_type"] = .string(parts.joined(separator: "^")) }
        let set = header["character_set"]
        charset = set?.stringValue ?? set?.arrayValue?.first?.stringValue ?? ""
    }

    // MARK: Segments and fields

    private mutating func read(_ segment: ArraySlice<UInt8>) {
        let pieces = segment.split(separator: delimiters.field, omittingEmptySubsequences: false)
        let name = String(decoding: pieces[0], as: UTF8.self)
        order.append(.string(name))
        var object: [String: JSONValue] = [:]
        var start = 1
        if name == "MSH" {
            let field = String(decoding: [delimiters.field], as: UTF8.self)
            object["field_separator"] = .string(field)
            if pieces.count > 1 {
                object["encoding_characters"] = .string(String(decoding: pieces[1], as: UTF8.self))
            }
            start = 2
        }
        var words: [(String, String)] = []
        for index in start..<max(start, pieces.count) {
            let number = name == "MSH" ? index + 1 : index
            var field = HL7Titles.field(name, number)
            let raw = Self.trimmed(pieces[index])
            guard !raw.isEmpty else { continue }
            if field.type == "OBX" {
                let type = object["value_type"]?.stringValue ?? ""
                field.type = HL7Types.type(ofValue: type)
                field.isPlainAlone = HL7Types.plainAlone.contains(field.type)
            }
            let value = value(raw, field)
            object[field.title] = value
            if let said = HL7Text.words(value, type: field.type) {
                words.append((field.title, said))
            }
        }
        noteSubject(name, object)
        text.take(name, object, words)
        members[name, default: []].append(.object(object))
    }

    /// A field: its repetitions in an array where there are several or it is a list by its name.
    private mutating func value(_ raw: ArraySlice<UInt8>, _ field: HL7Titles.Field) -> JSONValue {
        if Self.isNull(raw) { return .null }
        if field.type == "T" { return .string(plain(raw)) }
        let repetitions = split(raw, delimiters.repetition)
        let values = repetitions.filter { !$0.isEmpty }.map { repetition($0, field) }
        if values.count == 1, !field.title.hasSuffix("_list") { return values[0] }
        return .array(values)
    }

    /// Text as people write it: other delimiters than those of repetitions mean nothing in it.
    private mutating func plain(_ raw: ArraySlice<UInt8>) -> String {
        let lines = split(raw, delimiters.repetition).map { decoded($0) }
        return lines.joined(separator: "\n")
    }

    private mutating func repetition(
        _ raw: ArraySlice<UInt8>, _ field: HL7Titles.Field
    ) -> JSONValue {
        let components = split(raw, delimiters.component)
        let names = HL7Types.components(field.type)
        let isAlone = components.dropFirst().allSatisfy(\.isEmpty)
        if isAlone && (names.isEmpty || field.isPlainAlone) {
            let parts = split(components[0], delimiters.subcomponent)
            if parts.dropFirst().allSatisfy(\.isEmpty) { return component(parts[0]) }
        }
        var object: [String: JSONValue] = [:]
        for (index, raw) in components.enumerated() where !raw.isEmpty {
            let name = index < names.count ? names[index] : "component_\(index + 1)"
            let parts = split(raw, delimiters.subcomponent)
            let partNames = HL7Types.subcomponents(name)
            for (number, part) in parts.enumerated() where !part.isEmpty {
                if number == 0 {
                    object[name] = component(part)
                } else if number <= partNames.count {
                    object["\(name)_\(partNames[number - 1])"] = component(part)
                } else {
                    object["\(name)_\(number + 1)"] = component(part)
                }
            }
        }
        return .object(object)
    }

    private mutating func component(_ raw: ArraySlice<UInt8>) -> JSONValue {
        Self.isNull(raw) ? .null : .string(decoded(raw))
    }

    private mutating func decoded(_ raw: ArraySlice<UInt8>) -> String {
        escapes.decode(raw, kept: &keptEscapes)
    }

    private func split(_ raw: ArraySlice<UInt8>, _ mark: UInt8?) -> [ArraySlice<UInt8>] {
        guard let mark else { return [raw] }
        return raw.split(separator: mark, omittingEmptySubsequences: false)
    }

    private static func isNull(_ raw: ArraySlice<UInt8>) -> Bool {
        raw.elementsEqual([0x22, 0x22])
    }

    private static func trimmed(_ raw: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        raw.allSatisfy(ByteSearch.isSpace) ? [] : raw
    }

    // MARK: The person

    /// The patient by PID-3, first identifier with its authority (else PID-2), and the identifier
    /// that was merged into it by MRG-1.
    private mutating func noteSubject(_ name: String, _ object: [String: JSONValue]) {
        let titles: [String]
        switch name {
        case "PID": titles = ["patient_identifier_list", "patient_id"]
        case "MRG": titles = ["prior_patient_identifier_list", "prior_patient_id"]
        default: return
        }
        for title in titles {
            let first = object[title]?.arrayValue?.first ?? object[title]
            guard let id = first?["id_number"]?.stringValue, !id.isEmpty else { continue }
            let authority =
                first?["assigning_authority"]?.stringValue
                ?? first?["assigning_authority_universal_id"]?.stringValue
            let subject = authority.map { "\($0)|\(id)" } ?? id
            if !subjects.contains(subject) { subjects.append(subject) }
            return
        }
    }
}
