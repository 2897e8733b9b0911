/// The plots of a profile's page. All text is escaped here.
enum HTMLCharts {
    /// Names of parts, in the order that they are drawn in.
    static let parts = ["train", "validation", "test", "none"]

    /// A row of a bar chart: one bar, or several in a row with a class each.
    struct Row {
        var name: String
        var pieces: [(style: String, count: UInt64)]
        var share: String?

        var count: UInt64 { pieces.reduce(0) { $0 + $1.count } }
    }

    /// An element; attributes are escaped, the content is HTML. Nil: an empty element of SVG.
    static func element(
        _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: String? = nil
    ) -> String {
        let list = attributes.map { " \($0.key)=\"\(HTMLPage.escape($0.value))\"" }.joined()
        return content.map { "<\(name)\(list)>\($0)</\(name)>" } ?? "<\(name)\(list)/>"
    }

    /// Horizontal bars in a table: names and numbers are text, so that nothing is in colour alone.
    /// The longest bar fills the width, or `whole` does.
    static func bars(
        _ rows: [Row], caption: String, unit: String, whole: UInt64? = nil
    ) -> String {
        let longest = max(1, whole ?? rows.map(\.count).max() ?? 1)
        let heads = ["name", "bar", unit, "share"].map { element("th", [:], HTMLPage.escape($0)) }
        let lines = rows.map { row in
            let name = HTMLPage.escape(row.name)
            var cells = [
                element("th", ["scope": "row", "title": row.name], name),
                element("td", ["class": "bar"], strip(row.pieces, of: longest, "bar-strip", nil)),
                element("td", ["class": "num"], HTMLPage.number(row.count)),
            ]
            if let share = row.share {
                cells.append(element("td", ["class": "num share"], HTMLPage.escape(share)))
            }
            return element("tr", [:], cells.joined())
        }
        return element(
            "table", ["class": "bars"],
            element("caption", [:], HTMLPage.escape(caption))
                + element("thead", ["hidden": "hidden"], element("tr", [:], heads.joined()))
                + element("tbody", [:], lines.joined(separator: "\n")))
    }

    /// One bar of the whole, cut into parts, with a legend.
    static func parts(_ counts: [String: UInt64]) -> String {
        let total = counts.values.reduce(0, +)
        let pieces = parts.map { (style: $0, count: counts[$0] ?? 0) }.filter { $0.count > 0 }
        let items = pieces.map { part, count in
            let share = HTMLPage.percent(count, of: total)
            return (part, " <b>\(HTMLPage.number(count))</b> (\(share))")
        }
        return strip(pieces, of: max(1, total), "split", "Parts of the dataset") + legend(items)
    }

    /// A legend of the parts: their names, and HTML behind each.
    static func legend(_ items: [(part: String, rest: String)]) -> String {
        let list = items.map { part, rest in
            let name = part == "none" ? "no part yet" : part
            return element("li", [:], element("i", ["class": part], "") + name + rest)
        }
        return element("ul", ["class": "legend"], list.joined())
    }

    /// Pieces in a row. Without a label it is for the eye alone.
    private static func strip(
        _ pieces: [(style: String, count: UInt64)], of whole: UInt64, _ style: String,
        _ label: String?
    ) -> String {
        var x = 0.0
        var rects = ""
        for piece in pieces where piece.count > 0 {
            let width = Double(piece.count) / Double(whole) * 1000
            rects += element(
                "rect",
                ["class": piece.style, "x": place(x), "width": place(width), "height": "10"])
            x += width
        }
        let (box, ratio) = ("0 0 1000 10", "none")
        guard let label else {
            return element(
                "svg",
                [
                    "class": style, "viewBox": box, "preserveAspectRatio": ratio,
                    "aria-hidden": "true",
                ], rects)
        }
        return element(
            "svg",
            [
                "class": style, "viewBox": box, "preserveAspectRatio": ratio, "role": "img",
                "aria-label": label,
            ], rects)
    }

    /// A number of a drawing, to one place.
    static func place(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        return tenths % 10 == 0
            ? String(tenths / 10) : "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// `950`, `1.2k`, `3M`
    static func short(_ value: Double) -> String {
        if value >= 1e9 { return place(value / 1e9) + "G" }
        if value >= 1e6 { return place(value / 1e6) + "M" }
        return value >= 1000 ? place(value / 1000) + "k" : place(value)
    }
}
