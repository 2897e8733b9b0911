/// URLs (RFC 3986) and bare domain names.
extension Scan {
    /// `scheme://…` at the colon.
    mutating func url(schemeEnd i: Int) -> Bool {
        let start = skipBack(i, limit: 16) { $0.isAlnum || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E }
        guard start < i, bytes[start].isLetter else { return false }
        let end = urlEnd(i + 3)
        guard end > i + 3 else { return false }
        claim(.url, start, end, 0.95)
        return true
    }

    /// Walks to the first byte that cannot stand in a URL and drops closing punctuation.
    ///
    /// - Complexity: O(length); a closing bracket counts only when it was opened inside.
    func urlEnd(_ start: Int) -> Int {
        var i = start
        var opened = 0
        walk: while i < count {
            let byte = bytes[i]
            switch byte {
            case 0...0x20, 0x22, 0x3C, 0x3E, 0x60, 0x7B, 0x7D, 0x7C, 0x5C, 0x5E: break walk
            case 0x28: opened += 1
            case 0x29:
                if opened == 0 { break walk }
                opened -= 1
            case 0x80...:
                let gap = separatorLength(i)
                if gap > 0 { break walk }
            default: break
            }
            i += 1
        }
        while i > start {
            switch bytes[i - 1] {
            case 0x2E, 0x2C, 0x3B, 0x3A, 0x21, 0x3F, 0x27, 0x5D, 0x2A, 0x5F: i -= 1
            default: return i
            }
        }
        return i
    }

    /// Top-level domains that make a bare name a web address without further signs.
    private static let commonTops: Set<[UInt8]> = Set(
        """
        com org net edu gov mil info biz io co app dev ai me tv uk de fr nl es it eu ch at be se no \
        dk fi pl pt cz ie us ca au nz jp cn in br mx ru ua gr hu ro sk si hr bg lt lv ee tr za kr \
        store shop online site tech xyz club blog cloud int name pro mobi
        """.split(separator: " ").map { Array($0.utf8) })

    /// Tops that are words too: "it.is" is a slip, "example.it/page" an address.
    private static let wordTops: Set<[UInt8]> = Set(
        "me no at be in it is to so us ai co es de se ie ca pro name store shop club site online"
            .split(separator: " ").map { Array($0.utf8) })

    /// A dot between two word bytes: `www.…`, `example.com/…`.
    mutating func bareDomain(at i: Int) {
        guard at(i - 1).isWord, at(i + 1).isWord, i > 0 else { return }
        let start = skipBack(i, limit: 63) { $0.isWord || $0 == 0x2D }
        guard start >= consumed, start < i, bytes[start] != 0x2D, at(start - 1) != 0x40,
            at(start - 1) != 0x2E
        else { return }
        let end = domainEnd(start)
        guard end > i + 1, at(end) != 0x40 else { return }
        // An e-mail address's local part is not a domain.
        let beyond = skip(end, limit: 64) {
            $0.isAlnum || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D || $0 == 0x2B
        }
        guard at(beyond) != 0x40 else { return }
        let top = skipBack(end, limit: 63) { $0.isWord }
        let name = Array(bytes[top..<end])
        let isWWW = matches("www.", at: start)
        let hasPath = at(end) == 0x2F && at(end + 1).isWord || at(end) == 0x3F || at(end) == 0x3A
        if !isWWW {
            guard Scan.commonTops.contains(name.map(\.lowered)) else { return }
            // "end.In the": a capital after the dot is a new sentence.
            if bytes[top].isUpper, !bytes[top..<end].allSatisfy(\.isUpper) { return }
            if Scan.wordTops.contains(name), !hasPath {
                let dots = bytes[start..<end].count { $0 == 0x2E }
                if dots < 2 { return }
            }
        }
        var stop = end
        if hasPath { stop = max(end, urlEnd(end)) }
        claim(.url, start, stop, isWWW || hasPath ? 0.9 : 0.75)
    }
}
