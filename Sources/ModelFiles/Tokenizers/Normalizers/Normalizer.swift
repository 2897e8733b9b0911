/// What is done to text before it is cut into words, step by step.
struct Normalizer: Sendable {
    enum Step: Sendable {
        case form(UnicodeForm)
        case lowercase
        /// Drops combining marks; it does not decompose.
        case stripAccents
        /// White space at the ends.
        case strip(left: Bool, right: Bool)
        case replace([UInt8], with: [UInt8])
        /// Two spaces and more become something.
        case replaceSpaces(with: [UInt8])
        /// Something in front of a text that is not empty.
        case prepend([UInt8])
        /// A character map, applied as Hugging Face's `Precompiled` does.
        case characterMap(CharacterMap)
        /// SentencePiece's own normaliser.
        case sentencePiece(SentencePieceNormalizer)
    }

    var steps: [Step]

    func apply(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for step in steps { text = step.apply(text) }
        return text
    }
}

extension Normalizer.Step {
    fileprivate func apply(_ text: [UInt8]) -> [UInt8] {
        switch self {
        case .form(let form): return form.apply(text)
        case .lowercase: return Self.mapped(text, ascii: Self.lowered) { $0.append(lowercase: $1) }
        case .stripAccents:
            return Self.mapped(text, ascii: { $0 }) { if !$1.isOldMark { $0.append($1) } }
        case .strip(let left, let right): return Self.stripped(text, left: left, right: right)
        case .replace(let pattern, let content):
            return Self.replacing(text, pattern, with: content)
        case .replaceSpaces(let content): return Self.replacingSpaces(text, with: content)
        case .prepend(let prefix): return text.isEmpty ? text : prefix + text
        case .characterMap(let map): return map.normalizedByGrapheme(text)
        case .sentencePiece(let normalizer): return normalizer.apply(text)
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    /// Scalar by scalar; ASCII byte by byte.
    private static func mapped(
        _ text: [UInt8], ascii: (UInt8) -> UInt8, other: (inout [UInt8], Unicode.Scalar) -> Void
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 8)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                result.append(ascii(byte))
                index += 1
            } else {
                let (scalar, length) = UTF8Scalars.scalar(text, at: index, limit: text.count)
                other(&result, scalar)
                index += length
            }
        }
        return result
    }

    private static func stripped(_ text: [UInt8], left: Bool, right: Bool) -> [UInt8] {
        var start = 0
        var end = text.count
        while left, start < end {
            let (scalar, length) = UTF8Scalars.scalar(text, at: start, limit: end)
            guard scalar.properties.isWhitespace else { break }
            start += length
        }
        while right, end > start {
            let (scalar, length) = UTF8Scalars.scalar(text, before: end, start: start)
            guard scalar.properties.isWhitespace else { break }
            end -= length
        }
        return end - start == text.count ? text : Array(text[start..<end])
    }

    static func replacing(
        _ text: [UInt8], _ pattern: [UInt8], with content: [UInt8]
    ) -> [UInt8] {
        guard let first = pattern.first, text.contains(first) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 8)
        var index = 0
        while index < text.count {
            if text[index] == first, index + pattern.count <= text.count,
                pattern.count == 1
                    || text[index..<index + pattern.count].elementsEqual(pattern)
            {
                result.append(contentsOf: content)
                index += pattern.count
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    private static func replacingSpaces(_ text: [UInt8], with content: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            guard text[index] == 0x20 else {
                result.append(text[index])
                index += 1
                continue
            }
            let end = text[index...].firstIndex { $0 != 0x20 } ?? text.count
            if end - index > 1 {
                result.append(contentsOf: content)
            } else {
                result.append(0x20)
            }
            index = end
        }
        return result
    }
}

extension [UInt8] {
    /// Appends the full lower-case mapping of a scalar.
    fileprivate mutating func append(lowercase scalar: Unicode.Scalar) {
        guard scalar.properties.changesWhenLowercased else { return append(scalar) }
        append(contentsOf: scalar.properties.lowercaseMapping.utf8)
    }
}
