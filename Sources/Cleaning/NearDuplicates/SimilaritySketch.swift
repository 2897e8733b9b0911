/// A sketch of a set of hashes: two sketches agree at each place with the probability J, the
/// Jaccard similarity of the sets, nearly independently of the other places, as those of MinHash do.
///
/// The scheme is fast similarity sketching: S. Dahlgaard, M. Knudsen, M. Thorup, Fast Similarity
/// Sketching (FOCS 2017). Round after round, each element is thrown into one of t places, which
/// keeps the smallest (round, hash); from round t on, one place gets all. It ends after the round
/// in which every place is filled: about t·ln t throws in all, where MinHash takes t per element.
enum SimilaritySketch {
    /// Fills `places` with the sketch of `elements`. Repeated elements change nothing.
    ///
    /// - Precondition: there is at least one element.
    static func fill(_ places: inout [UInt64], of elements: [UInt64]) {
        let count = places.count
        for index in places.indices { places[index] = .max }
        let elements = elements.span
        var empty = count
        var seed: UInt64 = 0
        for round in 0..<2 * count {
            seed &+= 0x9E37_79B9_7F4A_7C15
            let prefix = UInt64(round) << 32
            if round >= count {
                let place = round - count
                guard places[place] == .max else { continue }
                for index in elements.indices {
                    let hash = mix(elements[index], seed)
                    places[place] = min(places[place], prefix | hash & 0xFFFF_FFFF)
                }
                empty -= 1
                continue
            }
            var span = places.mutableSpan
            for index in elements.indices {
                let hash = mix(elements[index], seed)
                let place = Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(count)) >> 32)
                let value = prefix | hash & 0xFFFF_FFFF
                let old = span[place]
                if value < old {
                    if old == .max { empty &-= 1 }
                    span[place] = value
                }
            }
            if empty == 0 { return }
        }
    }

    /// 64 evenly spread bits of an element that is spread evenly itself, for one round.
    @inline(__always)
    private static func mix(_ element: UInt64, _ seed: UInt64) -> UInt64 {
        var hash = (element ^ seed) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ hash >> 32) &* 0x94D0_49BB_1331_11EB
        return hash ^ hash >> 32
    }

    /// One key of 32 bits for each band of `rows` places.
    static func bands(of places: [UInt64], rows: Int, into keys: inout [UInt32]) {
        for start in stride(from: 0, to: places.count, by: rows) {
            var key = UInt64(start)
            for place in start..<start + rows { key = WordHashes.mix(key &* 31 ^ places[place]) }
            keys.append(UInt32(truncatingIfNeeded: key))
        }
    }
}
