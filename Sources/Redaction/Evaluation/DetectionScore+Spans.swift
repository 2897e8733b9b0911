/// The arithmetic of spans.
extension DetectionScore {
    static func order(_ a: GoldRow.Span, _ b: GoldRow.Span) -> Bool {
        (a.start, a.end, TypeFamily.of(a.label)) < (b.start, b.end, TypeFamily.of(b.label))
    }

    /// Letters and digits as Unicode's categories L and N have them.
    static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }

    static func cover(_ count: Int, _ spans: [GoldRow.Span]) -> [Bool] {
        var mask = [Bool](repeating: false, count: count)
        for span in spans { for k in span.start..<span.end { mask[k] = true } }
        return mask
    }

    /// What is left of a span outside the masked characters.
    static func pieces(of span: GoldRow.Span, outside mask: [Bool]) -> [GoldRow.Span] {
        var pieces: [GoldRow.Span] = []
        var first: Int?
        for k in span.start...span.end {
            let isFree = k < span.end && !mask[k]
            if isFree, first == nil { first = k }
            if !isFree, let start = first {
                pieces.append(GoldRow.Span(start: start, end: k, label: span.label))
                first = nil
            }
        }
        return pieces
    }

    /// Spans of one family that overlap or touch become one.
    static func merged(_ spans: [GoldRow.Span]) -> [GoldRow.Span] {
        var families: [String: [GoldRow.Span]] = [:]
        for span in spans {
            let family = TypeFamily.of(span.label)
            families[family, default: []].append(
                GoldRow.Span(start: span.start, end: span.end, label: family))
        }
        var result: [GoldRow.Span] = []
        for list in families.values {
            var open: GoldRow.Span?
            for span in list.sorted(by: order) {
                if var last = open, span.start <= last.end {
                    last.end = max(last.end, span.end)
                    open = last
                } else {
                    if let open { result.append(open) }
                    open = span
                }
            }
            if let open { result.append(open) }
        }
        return result.sorted(by: order)
    }

    /// The spans that match one to one, the largest overlaps first.
    static func matches(
        _ gold: [GoldRow.Span], _ predicted: [GoldRow.Span], _ threshold: Double
    ) -> (gold: Set<Int>, predicted: Set<Int>) {
        var pairs: [(overlap: Double, gold: Int, predicted: Int)] = []
        for (i, a) in gold.enumerated() {
            for (j, b) in predicted.enumerated() {
                let both = min(a.end, b.end) - max(a.start, b.start)
                guard both > 0 else { continue }
                let overlap = Double(both) / Double(max(a.end, b.end) - min(a.start, b.start))
                if overlap >= threshold { pairs.append((overlap, i, j)) }
            }
        }
        var found: Set<Int> = []
        var right: Set<Int> = []
        for pair in pairs.sorted(by: {
            (-$0.overlap, $0.gold, $0.predicted) < (-$1.overlap, $1.gold, $1.predicted)
        }) where !found.contains(pair.gold) && !right.contains(pair.predicted) {
            found.insert(pair.gold)
            right.insert(pair.predicted)
        }
        return (found, right)
    }
}
