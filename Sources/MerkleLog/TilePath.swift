/// Resource names of C2SP tlog-tiles: `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`.
///
/// N is written in groups of three digits, all but the last with an `x` before them:
/// 1234067 is `x001/x234/067`. W is there for partial tiles only, 1…255.
enum TilePath {
    static let width = 256

    static func format(kind: String, index: Int, width: Int) -> String {
        var rest = index / 1000
        var path = digits(index % 1000)
        while rest > 0 {
            path = "x\(digits(rest % 1000))/\(path)"
            rest /= 1000
        }
        let suffix = width == Self.width ? "" : ".p/\(width)"
        return "tile/\(kind)/\(path)\(suffix)"
    }

    private static func digits(_ number: Int) -> String {
        String(String(number + 1000).dropFirst())
    }

    /// Takes a name apart; a name that ``format(kind:index:width:)`` does not write is refused.
    static func parse(_ path: String) throws(MerkleLogError) -> (
        kind: String, index: Int, width: Int
    ) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, parts.removeFirst() == "tile" else { throw malformed(path) }
        let kind = parts.removeFirst()
        var width = Self.width
        if parts.count >= 2, parts[parts.count - 2].hasSuffix(".p") {
            guard let partial = Int(parts.removeLast()) else { throw malformed(path) }
            width = partial
            parts.append(String(parts.removeLast().dropLast(2)))
        }
        var index = 0
        for part in parts {
            let group = part.hasPrefix("x") ? part.dropFirst() : part[...]
            let (scaled, overflow) = index.multipliedReportingOverflow(by: 1000)
            guard let number = Int(group), !overflow, number >= 0,
                case (let sum, false) = scaled.addingReportingOverflow(number)
            else { throw malformed(path) }
            index = sum
        }
        // One number has one name only; what else could be read is refused here.
        guard (1...Self.width).contains(width),
            format(kind: kind, index: index, width: width) == path
        else { throw malformed(path) }
        return (kind, index, width)
    }

    static func malformed(_ path: String) -> MerkleLogError {
        MerkleLogError(
            .malformedTile, "\(path.debugDescription) is no tile path",
            hint: "tiles are named like tile/0/x001/234.p/5 (c2sp.org/tlog-tiles)")
    }

    /// The tiles of one level that are new in a tree with `newCount` hashes there.
    static func new(from oldCount: Int, to newCount: Int) -> [(index: Int, width: Int)] {
        guard newCount > oldCount else { return [] }
        var tiles = (oldCount / width..<newCount / width).map { (index: $0, width: width) }
        if newCount % width > 0 { tiles.append((newCount / width, newCount % width)) }
        return tiles
    }
}
