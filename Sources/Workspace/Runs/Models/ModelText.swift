import Records

/// A model's facts in a few words.
enum ModelText {
    /// `bert encoder, 22.7 M parameters, context 512, apache-2.0`; what is not known is left out.
    static func summary(_ info: JSONValue) -> String {
        var parts: [String] = []
        let kind = [info["family"]?.stringValue, info["kind"]?.stringValue].compactMap { $0 }
        if !kind.isEmpty { parts.append(kind.joined(separator: " ")) }
        if let count = info["parameters"]?.intValue {
            parts.append("\(millions(count)) parameters")
        }
        if let format = info["quantisation"]?.stringValue { parts.append(format) }
        if let context = info["context"]?.intValue { parts.append("context \(context)") }
        if let style = info["chatTemplate"]?.stringValue { parts.append("chat template \(style)") }
        if let licence = info["licence"]?.stringValue { parts.append(licence) }
        return parts.isEmpty ? "nothing is known of it" : parts.joined(separator: ", ")
    }

    /// `22.7 M`, `1.1 G`.
    static func millions(_ count: Int) -> String {
        count >= 1_000_000_000
            ? "\(MetricsTable.fixed(Double(count) / 1e9, 1)) G"
            : "\(MetricsTable.fixed(Double(count) / 1e6, 1)) M"
    }
}
