/// Normalisation Form C (Unicode Standard Annex #15), over bytes.
///
/// Text below U+0300 is in that form already, and bytes below 0xCC show it: most text is only
/// looked at. Decompositions come from ``CanonicalDecompositions``, combining classes from the
/// standard library. Public because other rooms compare text by it.
public enum UnicodeNFC {
    /// `utf8`, which has to be valid, in Normalisation Form C.
    public static func normalise(_ utf8: [UInt8]) -> [UInt8] {
        if isBelowCombining(utf8) { return utf8 }
        let scalars = Array(String(decoding: utf8, as: UTF8.self).unicodeScalars)
        if isQuicklyNormalised(scalars) { return utf8 }
        var result = String.UnicodeScalarView()
        for scalar in compose(decompose(scalars)) { result.append(scalar) }
        return Array(String(result).utf8)
    }

    /// `text` in Normalisation Form C.
    public static func normalise(_ text: String) -> String {
        let bytes = Array(text.utf8)
        if isBelowCombining(bytes) { return text }
        let normalised = normalise(bytes)
        return normalised == bytes ? text : String(decoding: normalised, as: UTF8.self)
    }

    /// Whether `utf8` is in Normalisation Form C.
    public static func isNormalised(_ utf8: [UInt8]) -> Bool {
        isBelowCombining(utf8) || normalise(utf8) == utf8
    }

    /// All scalars are below U+0300, where nothing composes or decomposes to something else.
    private static func isBelowCombining(_ utf8: [UInt8]) -> Bool {
        utf8.allSatisfy { $0 < 0xCC }
    }

    /// The quick check of UAX #15 §9: certain if true.
    private static func isQuicklyNormalised(_ scalars: [Unicode.Scalar]) -> Bool {
        let tables = NormalisationTables.shared
        var lastClass: UInt8 = 0
        for scalar in scalars where scalar.value >= 0x300 || lastClass != 0 {
            let combining = scalar.properties.canonicalCombiningClass.rawValue
            if combining != 0 && combining < lastClass { return false }
            lastClass = combining
            if tables.mayChange.contains(scalar.value) || Hangul.isMedialOrFinal(scalar.value) {
                return false
            }
        }
        return true
    }

    /// Full canonical decomposition, marks in canonical order (Unicode Standard, D68 and D108).
    private static func decompose(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let tables = NormalisationTables.shared
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count + scalars.count / 4)
        for scalar in scalars {
            if let parts = tables.decompositions[scalar.value] {
                result.append(contentsOf: parts)
            } else if let parts = Hangul.decomposition(scalar.value) {
                result.append(contentsOf: parts)
            } else {
                result.append(scalar)
            }
        }
        reorder(&result)
        return result
    }

    /// Sorts each run of marks by combining class, stably.
    private static func reorder(_ scalars: inout [Unicode.Scalar]) {
        var start = 0
        while start < scalars.count {
            guard combiningClass(scalars[start]) != 0 else {
                start += 1
                continue
            }
            var end = start
            while end < scalars.count, combiningClass(scalars[end]) != 0 { end += 1 }
            if end - start > 1 {
                let run = scalars[start..<end].enumerated().map {
                    (combiningClass($0.element), $0.offset, $0.element)
                }
                scalars.replaceSubrange(
                    start..<end,
                    with: run.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2))
            }
            start = end
        }
    }

    /// Canonical composition (Unicode Standard, D117).
    private static func compose(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let tables = NormalisationTables.shared
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count)
        var starter: Int?
        var lastClass: UInt8 = 0
        for scalar in scalars {
            let combining = combiningClass(scalar)
            if let place = starter {
                // Blocked if a mark of the same or a higher class stands in between (D115).
                let isAdjacent = place == result.count - 1
                if isAdjacent || (lastClass != 0 && lastClass < combining),
                    let whole = tables.composition(result[place], scalar)
                {
                    result[place] = whole
                    continue
                }
            }
            if combining == 0 { starter = result.count }
            lastClass = combining
            result.append(scalar)
        }
        return result
    }

    private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        scalar.value < 0x300 ? 0 : scalar.properties.canonicalCombiningClass.rawValue
    }
}
