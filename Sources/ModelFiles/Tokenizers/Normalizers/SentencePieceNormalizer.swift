/// SentencePiece's normaliser (`normalizer.cc`): longest matches of the character map, white space
/// made single, and every space written as U+2581.
///
/// The space in front of a text (the dummy prefix) is put there by the pre-tokenizer, which knows
/// whether the text opens the input.
struct SentencePieceNormalizer: Sendable {
    /// nil: characters stay as they are.
    let map: CharacterMap?
    /// Drop spaces at both ends, and all but one between words.
    let removesExtraSpaces: Bool

    func apply(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 16)
        var isAfterSpace = removesExtraSpaces
        var index = 0
        while index < text.count {
            let found = map?.longest(text, index..<text.count)
            let length =
                found?.length ?? UTF8Scalars.scalar(text, at: index, limit: text.count).length
            var piece = found?.replacement ?? text[index..<index + length]
            if isAfterSpace { piece = piece.drop { $0 == 0x20 } }
            result.append(contentsOf: piece)
            if let last = piece.last { isAfterSpace = removesExtraSpaces && last == 0x20 }
            index += length
        }
        if removesExtraSpaces {
            while true {
                if result.last == 0x20 {
                    result.removeLast()
                } else if result.suffix(3).elementsEqual([0xE2, 0x96, 0x81]) {
                    result.removeLast(3)
                } else {
                    break
                }
            }
        }
        return result
    }
}
