internal import Records

/// What a resource says, in words and one line a member: for resources that bring no text of
/// their own. Ids, codes, systems and references without a display are left out.
enum FHIRSummary {
    private static let silent: Set<String> = [
        "id", "meta", "implicitRules", "language", "identifier", "extension", "modifierExtension",
        "contained", "url", "system", "version", "profile", "resourceType", "div", "fullUrl",
        "data", "text", "reference", "link", "hash", "instantiatesCanonical", "instantiatesUri",
        "definition", "fhir_comments", "use", "preferred", "rank", "sequence",
    ]
    private static let first = ["code", "medicationCodeableConcept", "vaccineCode", "type", "name"]
    /// The types that the names of choice elements end with (FHIR R4 §2.1.0.4, `[x]`).
    private static let stems: Set<String> = [
        "value", "effective", "onset", "abatement", "deceased", "performed", "occurrence",
        "medication", "multipleBirth", "serviced", "timing", "allowed", "product", "item",
        "reported", "asNeeded", "rate", "dose", "location", "scheduled", "born", "diagnosis",
        "procedure", "minimum", "defaultValue", "collected", "time", "content",
    ]
    private static let choices = [
        "CodeableConcept", "DateTime", "Quantity", "Reference", "Boolean", "Integer", "String",
        "Period", "Range", "Ratio", "Instant", "Decimal", "Date", "Time", "Age", "Timing",
    ]

    /// The text of a resource.
    static func text(type: String, resource: [String: JSONValue]) -> String {
        var lines = [spaced(type)]
        let names = resource.keys.filter { !silent.contains($0) && !$0.hasPrefix("_") }.sorted {
            let ranks = [$0, $1].map { first.firstIndex(of: $0) ?? first.count }
            return (ranks[0], $0) < (ranks[1], $1)
        }
        for name in names {
            guard let value = resource[name], let words = words(value, depth: 0) else { continue }
            lines.append("\(label(name)): \(words)")
        }
        return lines.joined(separator: "\n")
    }

    /// A value in words; nil if it has none.
    private static func words(_ value: JSONValue, depth: Int) -> String? {
        guard depth < 8 else { return nil }
        switch value {
        case .null: return nil
        case .bool(let flag): return flag ? "yes" : "no"
        case .number(let text), .string(let text):
            let trimmed = ResolvedMapping.trimmed(text)
            return trimmed.isEmpty ? nil : trimmed
        case .array(let elements):
            let all = elements.compactMap { words($0, depth: depth + 1) }
            return all.isEmpty ? nil : all.joined(separator: "; ")
        case .object(let members): return words(members, depth: depth)
        }
    }

    private static func words(_ members: [String: JSONValue], depth: Int) -> String? {
        func text(_ name: String) -> String? {
            members[name].flatMap { words($0, depth: depth + 1) }
        }
        if let whole = text("text") { return whole }
        if members["reference"] != nil { return text("display") }
        if members["coding"] != nil {
            let codings = members["coding"]?.arrayValue ?? []
            let displays = codings.compactMap { $0["display"]?.stringValue }
            if !displays.isEmpty { return displays.joined(separator: ", ") }
            let codes = codings.compactMap { $0["code"]?.stringValue }
            return codes.isEmpty ? nil : codes.joined(separator: ", ")
        }
        if let display = text("display") { return display }
        let hasUnit = ["unit", "code", "currency"].contains { members[$0] != nil }
        if hasUnit, let value = text("value") {
            let unit = text("unit") ?? text("code") ?? text("currency")
            let parts = [text("comparator"), value, unit]
            return parts.compactMap { $0 }.joined(separator: " ")
        }
        if members["system"] != nil, let value = text("value") ?? text("code") { return value }
        if members["family"] != nil || members["given"] != nil {
            let given = members["given"]?.stringArray?.joined(separator: " ")
            let prefix = members["prefix"]?.stringArray?.joined(separator: " ")
            let parts = [prefix, given, text("family")].compactMap { $0 }
            return parts.isEmpty ? nil : parts.joined(separator: " ")
        }
        if members["start"] != nil || members["end"] != nil, members.count <= 2 {
            return "\(text("start") ?? "…") – \(text("end") ?? "…")"
        }
        let parts = members.keys.filter { !silent.contains($0) && !$0.hasPrefix("_") }.sorted()
            .compactMap { name in text(name).map { "\(label(name)) \($0)" } }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// `valueQuantity` → `value`, `medicationCodeableConcept` → `medication`, `bodySite` → `body
    /// site`.
    private static func label(_ name: String) -> String {
        for choice in choices where name.hasSuffix(choice) {
            let stem = String(name.dropLast(choice.count))
            if stems.contains(stem) { return spaced(stem).lowercased() }
        }
        return spaced(name).lowercased()
    }

    private static func spaced(_ name: String) -> String {
        var result = ""
        for character in name {
            if character.isUppercase, !result.isEmpty { result.append(" ") }
            result.append(character)
        }
        return result
    }
}
