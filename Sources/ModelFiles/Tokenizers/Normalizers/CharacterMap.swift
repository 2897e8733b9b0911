/// SentencePiece's compiled character map: strings and what they become.
///
/// The bytes hold the size of a Darts double-array trie (four bytes, little-endian), the trie's
/// units (32 bits each) and the replacements, each closed by a zero byte. A unit says the label that
/// leads to it, where its children are, and, under the zero label, the offset of a replacement.
/// (Yata et al., Darts-clone; SentencePiece `normalizer.cc`.)
struct CharacterMap: Sendable {
    private let units: [UInt32]
    private let replacements: [UInt8]
    /// For each ASCII character its replacement, where it has one as a single character.
    private var ascii: [ArraySlice<UInt8>?] = []

    /// - Throws: `TokenizerError` if the sizes do not fit.
    init(_ bytes: [UInt8]) throws(TokenizerError) {
        guard bytes.count >= 4 else { throw Self.damaged() }
        let size = Int(Self.word(bytes, 0))
        guard size % 4 == 0, size >= 4, size <= bytes.count - 4 else { throw Self.damaged() }
        units = stride(from: 4, to: 4 + size, by: 4).map { Self.word(bytes, $0) }
        replacements = Array(bytes[(4 + size)...])
        ascii = (0..<128).map { shortest([$0], 0..<1)?.replacement }
    }

    private static func word(_ bytes: [UInt8], _ index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << UInt32(8 * $1) }
    }

    private static func damaged() -> TokenizerError {
        TokenizerError(
            .malformed, "the tokenizer's character map is damaged", hint: "fetch the file again")
    }

    /// The replacements of the prefixes of `text[range]`, the shortest prefix first.
    private func prefixes(
        _ text: [UInt8], _ range: Range<Int>,
        _ body: (_ length: Int, _ replacement: ArraySlice<UInt8>) -> Bool
    ) {
        var node = Self.offset(units[0])
        for index in range {
            let label = text[index]
            // A zero byte would lead to a value, not to a child.
            guard label != 0 else { return }
            node ^= Int(label)
            guard node < units.count else { return }
            let unit = units[node]
            guard unit & 0x8000_00FF == UInt32(label) else { return }
            node ^= Self.offset(unit)
            guard unit >> 8 & 1 == 1 else { continue }
            guard node < units.count else { return }
            let start = Int(units[node] & 0x7FFF_FFFF)
            guard start <= replacements.count else { return }
            let tail = replacements[start...]
            let replacement = tail[..<(tail.firstIndex(of: 0) ?? tail.endIndex)]
            if !body(index + 1 - range.lowerBound, replacement) { return }
        }
    }

    private static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int(unit >> 6 & 8) }

    private func shortest(
        _ text: [UInt8], _ range: Range<Int>
    ) -> (length: Int, replacement: ArraySlice<UInt8>)? {
        var found: (Int, ArraySlice<UInt8>)?
        prefixes(text, range) { length, replacement in
            found = (length, replacement)
            return false
        }
        return found
    }

    /// The longest prefix that the map knows, and what it becomes: SentencePiece's own way.
    func longest(
        _ text: [UInt8], _ range: Range<Int>
    ) -> (length: Int, replacement: ArraySlice<UInt8>)? {
        var found: (Int, ArraySlice<UInt8>)?
        prefixes(text, range) { length, replacement in
            found = (length, replacement)
            return true
        }
        return found
    }

    /// The text with each grapheme cluster replaced, as Hugging Face's `Precompiled` does it.
    ///
    /// A cluster of fewer than six bytes is replaced as a whole if the map knows any beginning of
    /// it, by what the shortest such beginning becomes; otherwise its scalars are looked up one by
    /// one. (That drops marks which SentencePiece itself would keep. Models were trained with it.)
    func normalizedByGrapheme(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 16)
        var index = 0
        while index < text.count {
            // ASCII is its own cluster, unless a mark or a newline's other half follows.
            let next = index + 1
            if text[index] < 0x80,
                next == text.count || (text[next] < 0x80 && text[next] != 0x0A)
            {
                append(ascii: text[index], to: &result)
                index = next
                continue
            }
            var end = next
            while end < text.count, text[end] >= 0x80 { end += 1 }
            if end == next, end < text.count { end += 1 }  // CR LF
            for cluster in String(decoding: text[index..<end], as: UTF8.self) {
                append(Array(cluster.utf8), to: &result)
            }
            index = end
        }
        return result
    }

    private func append(ascii byte: UInt8, to result: inout [UInt8]) {
        if let replacement = ascii[Int(byte)] {
            result.append(contentsOf: replacement)
        } else {
            result.append(byte)
        }
    }

    private func append(_ cluster: [UInt8], to result: inout [UInt8]) {
        if cluster.count < 6, let found = shortest(cluster, 0..<cluster.count) {
            result.append(contentsOf: found.replacement)
            return
        }
        var index = 0
        while index < cluster.count {
            let length = UTF8Scalars.scalar(cluster, at: index, limit: cluster.count).length
            if let found = shortest(cluster, index..<index + length) {
                result.append(contentsOf: found.replacement)
            } else {
                result.append(contentsOf: cluster[index..<index + length])
            }
            index += length
        }
    }
}
