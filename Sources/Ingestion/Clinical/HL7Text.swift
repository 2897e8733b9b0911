internal import Records

/// Gathers the text of an HL7 v2 message: observations and notes in their order; of a message
/// without any, what its segments say in words.
struct HL7Text {
    private var said: [String] = []
    private var contents: [String] = []

    /// The text, and what it consists of: `observations` or `contents`.
    var whole: (text: String, source: String) {
        said.isEmpty
            ? (contents.joined(separator: "\n"), "contents")
            : (said.joined(separator: "\n"), "observations")
    }

    /// Takes a segment; `words` are its fields in words, in their order.
    mutating func take(
        _ segment: String, _ object: [String: JSONValue], _ words: [(String, String)]
    ) {
        switch segment {
        case "OBX":
            if let line = Self.observation(object) { said.append(line) }
        case "NTE":
            if let comment = object["comment"]?.stringValue.map(ResolvedMapping.trimmed),
                !comment.isEmpty
            {
                said.append(comment)
            }
        case "MSH", "SFT", "EVN": break
        default:
            let parts = words.filter { $0.0 != "set_id" }.map {
                "\($0.0.split(separator: "_").joined(separator: " ")): \($0.1)"
            }
            guard !parts.isEmpty else { return }
            let title = HL7Titles.segments[segment] ?? segment
            contents.append("\(title) – \(parts.joined(separator: "; "))")
        }
    }

    /// Text values as they are; others with the name of what was observed and the unit.
    private static func observation(_ object: [String: JSONValue]) -> String? {
        guard let value = object["observation_value"] else { return nil }
        let type = object["value_type"]?.stringValue ?? ""
        if type == "ED" || type == "RP" {
            return value["data"].flatMap { attachment(value, $0) }
        }
        guard let words = words(value, type: HL7Types.type(ofValue: type)) else { return nil }
        if type == "TX" || type == "FT" || type.isEmpty { return words }
        let observation = object["observation_identifier"]
        let name = observation?["text"]?.stringValue ?? observation?["identifier"]?.stringValue
        let unit = object["units"]
        let units = unit?.stringValue ?? unit?["identifier"]?.stringValue
        let line = [words, units].compactMap { $0 }.joined(separator: " ")
        return name.map { "\($0): \(line)" } ?? line
    }

    /// Encapsulated data that is text.
    private static func attachment(_ value: JSONValue, _ data: JSONValue) -> String? {
        let kind = [value["type_of_data"], value["data_subtype"]].compactMap { $0?.stringValue }
            .map { $0.lowercased() }
        guard
            kind.contains("text") || kind.contains("plain") || kind.contains("text/plain")
                || kind.contains("html"),
            let raw = data.stringValue
        else { return nil }
        let isBase64 = value["encoding"]?.stringValue?.lowercased() == "base64"
        let bytes = isBase64 ? Base64.decode(raw.filter { !$0.isWhitespace }) : Array(raw.utf8)
        guard let text = bytes.flatMap({ FHIRText.decode($0, charset: nil) }) else { return nil }
        let trimmed = ResolvedMapping.trimmed(
            kind.contains("html") ? MarkupText.text(of: text) : text)
        return trimmed.isEmpty ? nil : trimmed
    }

    /// A field's value in words; nil if it has none.
    static func words(_ value: JSONValue, type: String) -> String? {
        if let list = value.arrayValue {
            let all = list.compactMap { words($0, type: type) }
            return all.isEmpty ? nil : all.joined(separator: ", ")
        }
        if let text = value.stringValue {
            let trimmed = ResolvedMapping.trimmed(text)
            return trimmed.isEmpty ? nil : trimmed
        }
        guard value.objectValue != nil else { return nil }
        func join(_ names: [String], _ separator: String = " ") -> String? {
            let parts = names.compactMap { value[$0]?.stringValue }.filter { !$0.isEmpty }
            return parts.isEmpty ? nil : parts.joined(separator: separator)
        }
        switch type {
        case "CWE":
            let names = ["original_text", "text", "alternate_text", "identifier"]
            return names.lazy.compactMap { join([$0]) }.first
        case "XPN", "XCN":
            let names = [
                "prefix", "given_name", "second_and_further_given_names", "family_name", "suffix",
            ]
            return join(names) ?? join(["person_identifier"])
        case "XAD":
            let names = [
                "street_address", "other_designation", "city", "state_or_province",
                "zip_or_postal_code", "country",
            ]
            return join(names, ", ")
        case "XTN":
            return join(["telephone_number"]) ?? join(["communication_address"])
                ?? join(["area_city_code", "local_number"])
        case "XON": return join(["organization_name"]) ?? join(["id_number"])
        case "CX": return join(["id_number"])
        default:
            let names = HL7Types.components(type)
            let known = names.isEmpty ? (value.objectValue ?? [:]).keys.sorted() : names
            return join(known)
        }
    }
}
