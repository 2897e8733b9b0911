/// Decompositions and compositions, read once from ``CanonicalDecompositions``.
struct NormalisationTables: Sendable {
    static let shared = NormalisationTables()

    /// Full canonical decompositions by scalar, but for Hangul.
    let decompositions: [UInt32: [Unicode.Scalar]]
    /// Scalars that are not in the form, or may not be after another one.
    let mayChange: Set<UInt32>
    private let compositions: [UInt64: Unicode.Scalar]

    private init() {
        let text = unsafe String(
            decoding: UnsafeBufferPointer(
                start: CanonicalDecompositions.table.utf8Start,
                count: CanonicalDecompositions.table.utf8CodeUnitCount), as: UTF8.self)
        var decompositions: [UInt32: [Unicode.Scalar]] = [:]
        var primary: [[Unicode.Scalar]: Unicode.Scalar] = [:]
        var mayChange: Set<UInt32> = []
        for entry in text.split(separator: ";") {
            let isExcluded = entry.first == "!"
            let scalars = (isExcluded ? entry.dropFirst() : entry).split(separator: " ")
                .compactMap { UInt32($0, radix: 16).flatMap(Unicode.Scalar.init) }
            guard let first = scalars.first else { continue }
            let parts = Array(scalars.dropFirst())
            decompositions[first.value] = parts
            if isExcluded { mayChange.insert(first.value) } else { primary[parts] = first }
        }
        // A full decomposition is that of the first half, then the second half: the pair that
        // composes is found by composing all but the last scalar.
        var compositions: [UInt64: Unicode.Scalar] = [:]
        for (parts, whole) in primary {
            guard let last = parts.last else { continue }
            let front = Array(parts.dropLast())
            guard let first = front.count == 1 ? front[0] : primary[front] else { continue }
            compositions[Self.pair(first, last)] = whole
            mayChange.insert(last.value)
        }
        self.decompositions = decompositions
        self.mayChange = mayChange
        self.compositions = compositions
    }

    /// The scalar that two compose to; nil if they do not.
    func composition(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        compositions[Self.pair(first, second)] ?? Hangul.composition(first.value, second.value)
    }

    private static func pair(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> UInt64 {
        UInt64(first.value) << 32 | UInt64(second.value)
    }
}

/// Hangul syllables follow a formula (Unicode Standard §3.12).
enum Hangul {
    private static let (sBase, lBase, vBase, tBase): (UInt32, UInt32, UInt32, UInt32) = (
        0xAC00, 0x1100, 0x1161, 0x11A7
    )
    private static let (lCount, vCount, tCount): (UInt32, UInt32, UInt32) = (19, 21, 28)
    private static var sCount: UInt32 { lCount * vCount * tCount }

    /// Whether the scalar may join the one before it.
    static func isMedialOrFinal(_ scalar: UInt32) -> Bool {
        (vBase..<vBase + vCount).contains(scalar) || (tBase + 1..<tBase + tCount).contains(scalar)
    }

    static func decomposition(_ scalar: UInt32) -> [Unicode.Scalar]? {
        guard (sBase..<sBase + sCount).contains(scalar) else { return nil }
        let index = scalar - sBase
        let parts = [
            lBase + index / (vCount * tCount), vBase + index % (vCount * tCount) / tCount,
            tBase + index % tCount,
        ]
        return (index % tCount == 0 ? Array(parts.dropLast()) : parts)
            .compactMap(Unicode.Scalar.init)
    }

    static func composition(_ first: UInt32, _ second: UInt32) -> Unicode.Scalar? {
        if (lBase..<lBase + lCount).contains(first), (vBase..<vBase + vCount).contains(second) {
            let index = ((first - lBase) * vCount + second - vBase) * tCount
            return Unicode.Scalar(sBase + index)
        }
        if (sBase..<sBase + sCount).contains(first), (first - sBase) % tCount == 0,
            (tBase + 1..<tBase + tCount).contains(second)
        {
            return Unicode.Scalar(first + second - tBase)
        }
        return nil
    }
}
