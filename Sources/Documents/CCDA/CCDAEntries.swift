internal import Records

/// A section's coded entries (CDA R2 §4.3.6): codes, values and times, nested as they are.
struct CCDAEntries {
    private var narrative: [String: XMLTree] = [:]

    /// Keeps the parts of the narrative that entries refer to by `#ID`.
    init(narrativeOf section: XMLTree) {
        if let text = section.first("text") { remember(text) }
    }

    private mutating func remember(_ element: XMLTree) {
        if let id = element[attribute: "ID"], narrative[id] == nil { narrative[id] = element }
        for child in element.elements { remember(child) }
    }

    /// The entries as objects.
    func entries(of section: XMLTree) -> [JSONValue] {
        section.all("entry").flatMap { statements(in: $0) }
    }

    private static let acts: Set<String> = [
        "act", "observation", "substanceAdministration", "procedure", "encounter", "organizer",
        "supply", "observationMedia", "regionOfInterest",
    ]

    private func statements(in element: XMLTree) -> [JSONValue] {
        element.elements.filter { Self.acts.contains($0.name) }.map { .object(statement($0)) }
    }

    private func statement(_ act: XMLTree) -> [String: JSONValue] {
        var out: [String: JSONValue] = ["type": .string(act.name)]
        if act[attribute: "negationInd"] == "true" { out["negated"] = true }
        out["code"] = act.first("code").flatMap { code($0) }
        out["status"] = act.first("statusCode")?[attribute: "code"].map { .string($0) }
        out["effective_time"] = many(act.all("effectiveTime").compactMap { CCDAValue.time($0) })
        out["value"] = many(act.all("value").compactMap { value($0) })
        out["interpretation"] = act.first("interpretationCode").flatMap { code($0) }
        out["text"] = act.first("text").flatMap { text($0) }
        out["priority"] = act.first("priorityCode").flatMap { code($0) }
        out["route"] = act.first("routeCode").flatMap { code($0) }
        out["dose"] = act.first("doseQuantity").flatMap { value($0) }
        out["rate"] = act.first("rateQuantity").flatMap { value($0) }
        out["quantity"] = act.first("quantity").flatMap { value($0) }
        out["site"] = act.first("targetSiteCode").flatMap { code($0) }
        let products = (act.all("consumable") + act.all("product")).compactMap { product in
            product.descendants("manufacturedMaterial").first?.first("code").flatMap { code($0) }
        }
        out["product"] = many(products)
        let participants = act.all("participant").compactMap { participant in
            let role = participant.first("participantRole")
            let entity = role?.first("playingEntity") ?? role?.first("playingDevice")
            return entity?.first("code").flatMap { code($0) }
                ?? role?.first("code").flatMap {
                    code($0)
                }
        }
        out["participants"] = participants.isEmpty ? nil : .array(participants)
        let inner = (act.all("entryRelationship") + act.all("component")).flatMap {
            statements(in: $0)
        }
        if !inner.isEmpty { out["entries"] = .array(inner) }
        return out
    }

    private func many(_ values: [JSONValue]) -> JSONValue? {
        values.count > 1 ? .array(values) : values.first
    }

    private func code(_ element: XMLTree) -> JSONValue? {
        var out: [String: JSONValue] = [:]
        out["code"] = element[attribute: "code"].map { .string($0) }
        out["system"] =
            (element[attribute: "codeSystemName"] ?? element[attribute: "codeSystem"])
            .map { .string($0) }
        out["display"] = element[attribute: "displayName"].map { .string($0) }
        out["text"] = element.first("originalText").flatMap { text($0) }
        let others = element.all("translation").compactMap { code($0) }
        if !others.isEmpty { out["translations"] = .array(others) }
        return out.isEmpty ? nil : .object(out)
    }

    /// Text as it stands, or the part of the narrative it points to.
    private func text(_ element: XMLTree) -> JSONValue? {
        var line = CCDANarrative.line(element)
        if line.isEmpty, let target = element.first("reference")?[attribute: "value"],
            let part = narrative[String(target.drop { $0 == "#" })]
        {
            line = CCDANarrative.line(part)
        }
        return line.isEmpty ? nil : .string(line)
    }

    /// A value by its data type (CDA R2, data types): a quantity with its unit, a range, a code,
    /// or text.
    private func value(_ element: XMLTree) -> JSONValue? {
        if element[attribute: "code"] != nil || element.first("originalText") != nil {
            return code(element)
        }
        let bounds = ["low", "high", "center", "numerator", "denominator"].compactMap { name in
            element.first(name).flatMap { value($0) }.map { (name, $0) }
        }
        if !bounds.isEmpty {
            return .object(Dictionary(bounds) { first, _ in first })
        }
        if let value = element[attribute: "value"] {
            guard let unit = element[attribute: "unit"] else { return .string(value) }
            return unit == "1" ? .string(value) : ["value": .string(value), "unit": .string(unit)]
        }
        return text(element)
    }
}

/// Values that header and entries share.
enum CCDAValue {
    /// A point in time as it is written (HL7 TS), or a range of two.
    static func time(_ element: XMLTree) -> JSONValue? {
        if let value = element[attribute: "value"] { return .string(value) }
        var out: [String: JSONValue] = [:]
        for name in ["low", "high"] {
            out[name] = element.first(name)?[attribute: "value"].map { .string($0) }
        }
        if let period = element.first("period"), let value = period[attribute: "value"] {
            out["period"] = .string(value + (period[attribute: "unit"].map { " \($0)" } ?? ""))
        }
        return out.isEmpty ? nil : .object(out)
    }
}
