internal import ReaderProtocol

/// What paragraph styles say about outline and lists (ISO/IEC 29500-1 §17.7).
struct WordStyles {
    /// What a paragraph inherits from its style.
    struct Style {
        /// 1 to 9 for headings.
        var level: Int?
        var listID: String?
        var listLevel: Int?
        var basedOn: String?
    }

    private var styles: [String: Style] = [:]

    init() {}

    init(_ root: XMLTree?) {
        for style in root?.all("style") ?? [] {
            guard let id = style[attribute: "styleId"],
                (style[attribute: "type"] ?? "paragraph") == "paragraph"
            else { continue }
            let properties = style.first("pPr")
            var found = Style()
            found.basedOn = style.first("basedOn")?[attribute: "val"]
            found.level = Self.level(properties?.first("outlineLvl")?[attribute: "val"])
            let name = (style.first("name")?[attribute: "val"] ?? "").lowercased()
            if found.level == nil, name.hasPrefix("heading ") {
                found.level = Int(name.dropFirst(8)).flatMap { (1...9).contains($0) ? $0 : nil }
            }
            if found.level == nil, name == "title" { found.level = 1 }
            let list = properties?.first("numPr")
            found.listID = list?.first("numId")?[attribute: "val"]
            found.listLevel = list?.first("ilvl")?[attribute: "val"].flatMap { Int($0) }
            styles[id] = found
        }
    }

    /// An outline level 0 to 8 as a heading's level 1 to 9; 9 is body text (§17.3.1.20).
    static func level(_ value: String?) -> Int? {
        value.flatMap { Int($0) }.flatMap { (0...8).contains($0) ? $0 + 1 : nil }
    }

    /// A style with what it inherits; styles that go round in circles end.
    func resolved(_ id: String?) -> Style {
        var out = Style()
        var next = id
        for _ in 0..<20 {
            guard let id = next, let style = styles[id] else { break }
            out.level = out.level ?? style.level
            if out.listID == nil {
                out.listID = style.listID
                out.listLevel = out.listLevel ?? style.listLevel
            }
            next = style.basedOn
        }
        return out
    }
}
